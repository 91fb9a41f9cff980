"""Rows for a running server, by a process of its own: `python -m tests.browser.seed <number> [wait|files]`.

Prints, as JSON, the tokens of that many fresh invitations to one opening on the shipped template.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from hiring import create_app
from hiring.config import Config
from hiring.kernel.tokens import seal
from tests import factories


def invitations(
    environment: Mapping[str, str], number: int, *, wait: bool = False, files: bool = False
) -> list[str]:
    """Tokens of fresh invitations on the server of this environment; `wait`: task 4 opens after 2;
    `files`: task 2 wants files.
    """
    more = ["wait"] if wait else ["files"] if files else []
    command = [sys.executable, "-m", "tests.browser.seed", str(number), *more]
    made = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    tokens: list[str] = json.loads(made.stdout)
    return tokens


def main() -> None:
    """Make them and print their tokens."""
    app: Any = create_app(Config.from_environment(os.environ, in_suite=True))
    with app.app_context():
        make = {"wait": factories.version_with_a_wait, "files": factories.version_with_files}
        asked = make.get("".join(sys.argv[2:]), factories.version)()
        opening_id, _ = factories.opening(
            title="Customer support, second line", version_id=asked.id, panel=("vic", "wen")
        )
        names = [(f"person{n}@example.org", f"Person Number{n}") for n in range(int(sys.argv[1]))]
        made = [factories.invited(opening_id, address, name) for address, name in names]
        print(json.dumps([seal("invitation", invitation.id) for invitation in made]))


if __name__ == "__main__":
    main()
