"""What the pages of imports say in sentences."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import ngettext

from hiring.kernel.words import day, sentence
from hiring.openings.dialects import ENCODINGS
from hiring.openings.imports import Import, Shown
from hiring.openings.views.blueprint import pages


def standing_choices() -> list[tuple[str, str]]:
    """How a row may stand, for a filter."""
    return [
        ("look", _("Needs a look")),
        ("ready", _("Ready")),
        ("twice", _("In the file twice")),
        ("known", _("In the opening already")),
        ("out", _("Left out")),
        ("invited", _("Invited")),
        ("passed", _("Passed over")),
        ("waiting", _("Waits")),
    ]


def role_choices() -> list[tuple[str, str]]:
    """What a column may be."""
    return [
        ("address", _("Address")),
        ("name", _("Name")),
        ("first", _("First name")),
        ("last", _("Last name")),
        ("kept", _("Kept with the person")),
        ("dropped", _("Not taken over")),
    ]


@pages.app_template_global()
def separator_words(separator: str) -> str:
    """A separator as a word."""
    words = {";": _("semicolons"), ",": _("commas"), "\t": _("tabs"), "|": _("upright strokes")}
    return words.get(separator, separator)


@pages.app_template_global()
def encoding_words(encoding: str) -> str:
    """An encoding as people know it."""
    return ENCODINGS.get(encoding, encoding)


def how_read(found: Import) -> str:
    """*Windows-1252, semicolons, 5 columns; the first row is the heading.*"""
    columns = len(found.columns)
    written = [encoding_words(found.encoding)]
    written += [separator_words(found.separator)] if columns > 1 else []
    written += [ngettext("one column", "%(num)s columns", columns)]
    heading = (
        _("the first row is the heading") if found.heading else _("no heading, all rows are people")
    )
    return f"{', '.join(written)}; {heading}."


def counted(counts: Mapping[str, int]) -> list[str]:
    """How many rows stand how, each in words, those that matter first; none for nothing."""

    def told(standing: str) -> str:
        number = counts.get(standing, 0)
        words = {
            "ready": ngettext("one ready", "%(count)s ready", number, count=f"{number:,}"),
            "look": ngettext(
                "one needs a look", "%(count)s need a look", number, count=f"{number:,}"
            ),
            "known": ngettext(
                "one is in this opening already", "%(count)s are in this opening already", number,
                count=f"{number:,}",
            ),
            "twice": ngettext(
                "one is in the file twice", "%(count)s are in the file twice", number,
                count=f"{number:,}",
            ),
            "out": ngettext("one left out", "%(count)s left out", number, count=f"{number:,}"),
            "passed": ngettext(
                "one was passed over", "%(count)s were passed over", number, count=f"{number:,}"
            ),
        }  # fmt: skip
        return words[standing]

    order = ("ready", "look", "known", "twice", "passed", "out")
    return [told(standing) for standing in order if counts.get(standing)]


def heading_of(found: Import, counts: Mapping[str, int]) -> str:
    """How an import stands, in one sentence."""
    invited = counts.get("invited", 0)
    if found.is_running:
        return _(
            "%(done)s of %(all)s are invited",
            done=f"{done_of(found, counts):,}", all=f"{found.wanted:,}",
        )  # fmt: skip
    if found.state != "draft":
        told = ngettext("One was invited", "%(count)s were invited", invited, count=f"{invited:,}")
        return ", ".join([told if invited else _("Nobody was invited"), *counted(counts)[:2]])
    return sentence(", ".join(counted(counts)[:3]))


def done_of(found: Import, counts: Mapping[str, int]) -> int:
    """How many of those who were confirmed are done with."""
    return max(0, found.wanted - counts.get("waiting", 0))


def state_of(found: Import) -> str:
    """The state of an import as a word."""
    words = {
        "draft": _("Not confirmed; kept until %(day)s", day=day(found.kept_until)),
        "waiting": _("Waits for the worker"),
        "claimed": _("Being invited"),
        "done": _("Done"),
        "stopped": _("Stopped"),
        "failed": _("Could not go on"),
    }
    return words[found.state]


def faults_of(one: Shown, *, blind: bool) -> str:
    """The sentence beside a row."""
    standing, first = one.standing, one.first
    if standing == "look" and one.other and not one.row.wrong:
        number, name = one.other
        return _(
            "In row %(number)s this address is %(name)s’s. Whose is it? Leave one of them out, or mend it.",
            number=number, name=name,
        )  # fmt: skip
    if standing == "twice":
        return _("The same mailbox as in row %(number)s: it gets one letter.", number=first)
    if standing == "known":
        return _("In this opening already.") if blind else _("Invited to this opening before.")
    if standing in ("invited", "passed") and not one.row.text:
        return _("Erased.")
    words = {
        "invited": _("Invited."),
        "passed": _("Invited by somebody else meanwhile, so passed over."),
        "waiting": _("Waits for its turn."),
        "out": _("Left out."),
    }
    return words.get(standing, one.row.wrong)
