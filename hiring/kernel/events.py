"""How a change goes up: `announce` tells every room that listens, in the caller's own transaction.

Who listens to what stands on one page, `hiring/reactions.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from hiring.kernel.database import in_writing

Event = TypeVar("Event")
_listeners: defaultdict[type, list[Callable[[Any], object]]] = defaultdict(list)


def listen(event: type[Event], *functions: Callable[[Event], object]) -> None:
    """Call `functions`, in this order, whenever an `event` is announced."""
    _listeners[event].extend(functions)


def announce(event: object) -> None:
    """Tell all who listen, now and in order. A listener that raises undoes the whole act."""
    if not in_writing():
        raise RuntimeError(f"{type(event).__name__} was announced outside writing().")
    for function in _listeners[type(event)]:
        function(event)


def listeners() -> dict[type, list[Callable[[Any], object]]]:
    """All that is wired, for the tests that read the wiring."""
    return dict(_listeners)


def forget_listeners() -> None:
    """Wire anew: each application built in a process starts from a clean page."""
    _listeners.clear()
