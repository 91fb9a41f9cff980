"""Pages of this room: the invitation and its start, the desk and its files, handing in and the receipt."""

from hiring.attempts.views import asking, desk, erased, files, invitation, receipt
from hiring.attempts.views.blueprint import pages

__all__ = ["asking", "desk", "erased", "files", "invitation", "pages", "receipt"]
