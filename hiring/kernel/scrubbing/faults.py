"""Why a file cannot be cleaned, in one word that `kernel.papers` has a sentence for."""

from __future__ import annotations


class Faulty(Exception):  # noqa: N818
    """locked | broken | large | active | attached | foreign."""
