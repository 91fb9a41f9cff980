"""Pages of this room: the invitation and its start, the desk with its saves, handing in and the receipt."""

from hiring.attempts.views import desk, invitation, receipt
from hiring.attempts.views.blueprint import pages

__all__ = ["desk", "invitation", "pages", "receipt"]
