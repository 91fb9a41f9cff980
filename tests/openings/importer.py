"""A worker that invites from the lists that wait, in a process of its own that a test can kill."""

from __future__ import annotations

import os

from hiring import create_app
from hiring.config import Config
from hiring.openings.tasks import go_on_with_imports

if __name__ == "__main__":
    with create_app(Config.from_environment(os.environ, in_suite=True)).app_context():
        print("ready", flush=True)
        go_on_with_imports()
