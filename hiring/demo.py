"""A believable organisation to look around in, made through the real actions with a moved clock."""

from __future__ import annotations


def fill() -> None:
    """Fill an empty database. Called once, in an application context, right after migrating."""


def present() -> bool:
    """Whether this database holds the demo, with its well-known passwords."""
    return False


def welcome(public_url: str) -> str:
    """What a newcomer is told at the start: sign-ins, and one fresh invitation link."""
    return f"Sign in at {public_url}"
