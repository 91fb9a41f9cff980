"""Pages of this room: the library, the draft being written, and what went out."""

from hiring.assessments.views import draft, library, out, pictures, shelf
from hiring.assessments.views.blueprint import pages

__all__ = ["draft", "library", "out", "pages", "pictures", "shelf"]
