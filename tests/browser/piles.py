"""Piles for running servers, made by a process of its own: `python -m tests.browser.piles <who> <number>`.

That many answers to each marked task of the shipped template, all before this reviewer alone, who can
sign in with the cast's password.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from hiring import create_app
from hiring.config import Config
from tests import factories

TEXT = "Dear Marta,\n\nwe took €148.00 twice; the fault is ours.\n\nThe refund leaves before 17:00."


def piles(environment: Mapping[str, str], who: str, number: int) -> None:
    """Give this reviewer so many answers a task on the server of this environment."""
    command = [sys.executable, "-m", "tests.browser.piles", who, str(number)]
    subprocess.run(command, env=environment, check=True)


def main() -> None:
    """Make them."""
    who, number = sys.argv[1], int(sys.argv[2])
    app: Any = create_app(Config.from_environment(os.environ, in_suite=True))
    with app.app_context():
        _, step_id = factories.opening(panel=[who], wanted_marks=1, title=f"Work for {who}")
        factories.assigned(step_id, candidates=number, tasks=(1, 2), text=TEXT)


if __name__ == "__main__":
    main()
