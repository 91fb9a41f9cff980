"""Pages of this room: the invitation and its start, the desk and its files, handing in and the receipt."""

from hiring.attempts.views import desk, files, invitation, receipt
from hiring.attempts.views.blueprint import pages

__all__ = ["desk", "files", "invitation", "pages", "receipt"]
