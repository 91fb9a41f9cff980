"""The demo for a running server, made by a process of its own: `python -m tests.browser.demo`.

Fills the server's fresh database, then prints, as JSON, every screen: who looks, and at which address.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

from hiring import create_app, serve
from hiring.config import Config
from tests.pictures import houses
from tests.pictures.screens import screens

Screen = tuple[str, str]


def fill(environment: Mapping[str, str]) -> list[Screen]:
    """Make the demo on the server of this environment; its screens, as (who, address)."""
    command = [sys.executable, "-m", "tests.browser.demo"]
    made = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return [(who, path) for who, path in json.loads(made.stdout.splitlines()[-1])]


def main() -> None:
    """Fill, and print the screens that `make pictures` shows."""
    config = Config.from_environment(os.environ)
    serve.prepare(config)
    with create_app(config).app_context():
        found = [*screens(), *houses.states()]
        print(json.dumps([(screen.who, screen.path) for screen in found]))


if __name__ == "__main__":
    main()
