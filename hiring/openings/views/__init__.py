"""Pages of this room: what the public reads, the list and a new opening, its working page, inviting."""

from hiring.openings.views import applying, chosen, inviting, list, public, sendings, working
from hiring.openings.views.blueprint import pages

__all__ = ["applying", "chosen", "inviting", "list", "pages", "public", "sendings", "working"]
