"""Pages of this room: the shortlist, one person of it with the decision, and the documents made of it."""

from hiring.shortlists.views import exports, person, pilot, proposal, shortlist
from hiring.shortlists.views.blueprint import pages

__all__ = ["exports", "pages", "person", "pilot", "proposal", "shortlist"]
