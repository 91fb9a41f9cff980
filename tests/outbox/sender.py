"""A sender in a process of its own, to be killed: `python -m tests.outbox.sender` sweeps until it is."""

from __future__ import annotations

import os

from hiring import create_app
from hiring.config import Config
from hiring.outbox.delivery import deliver


def main() -> None:
    """Send what is due, again and again."""
    app = create_app(Config.from_environment(os.environ, in_suite=True))
    with app.app_context():
        print("ready", flush=True)
        while True:
            deliver()


if __name__ == "__main__":
    main()
