"""`python -m tests.drift`: fails when the models say something that no migration says."""

from __future__ import annotations

import tempfile

from flask_migrate import check, upgrade

from hiring import create_app
from hiring.config import Config

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        config = Config.from_environment({"HIRING_ENV": "test", "HIRING_DATA_DIR": folder})
        with create_app(config).app_context():
            upgrade()
            check()
