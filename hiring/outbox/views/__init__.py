"""Pages of this room: every mail, and the words of the letters that the organisation may choose."""

from hiring.outbox.views import messages, wordings
from hiring.outbox.views.blueprint import pages

__all__ = ["messages", "pages", "wordings"]
