"""Nothing in the suite reaches the world: an address that is not this machine's raises."""

from __future__ import annotations

import sys

HERE = ("localhost", "127.", "::1")


def stay_here() -> None:
    """Refuse, for the rest of this process, every look-up and connection beyond this machine."""
    sys.addaudithook(_refuse)


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.connect":
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a string is a Unix socket
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if host is not None and not str(host).startswith(HERE):
        raise RuntimeError(f"A test wanted to reach {host}. Tests stay on this machine.")
