"""What gunicorn and `flask` load."""

import sys

from hiring import create_app
from hiring.config import WrongSetting

try:
    app = create_app()
except WrongSetting as wrong:
    print(wrong, file=sys.stderr)
    # gunicorn gives up at status 3; at any other it starts its workers again for ever
    raise SystemExit(3) from None
