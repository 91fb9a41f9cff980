"""The words for verdicts, levels and counts, said the same way on page, document and sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from urllib.parse import quote

from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from hiring.attempts.masking import NAME, Cover, Mask
from hiring.kernel.words import day, number_word, sentence
from hiring.measuring.scores import Score, level_score
from hiring.openings.models import Step
from hiring.openings.queries import today, zone
from hiring.openings.rules import goes_out
from hiring.shortlists.shortlist import Row, Shortlist
from hiring.shortlists.standing import Line, Strip

VERDICTS = {
    "advance": lazy_gettext("Advance"),
    "hold": lazy_gettext("Hold"),
    "decline": lazy_gettext("Decline"),
    "hire": lazy_gettext("Hire"),
}


def verdict_word(verdict: str) -> str:
    """*Advance*."""
    return str(VERDICTS[verdict])


def let_through(step: Step) -> str:
    """What became of an advance to this step."""
    if step.wait_days:
        return _(
            "Advanced to step %(number)s. A letter tells them so now; the invitation follows on %(day)s.",
            number=step.position, day=day(goes_out(today(), step.wait_days, zone=zone())),
        )  # fmt: skip
    return _("Advanced to step %(number)s. The letter with their invitation is written.",
             number=step.position)  # fmt: skip


def sorry(row: Row, shortlist: Shortlist) -> str:
    """An address that opens a mail to somebody whose advance was taken back after its letter had left."""
    subject = _("About your application: %(title)s", title=shortlist.title)
    named = row.name if row.name != row.address else ""
    body = "\n\n".join(
        (
            _("Dear %(name)s,", name=named) if named else _("Good day,"),
            _(
                "we wrote to you that you are through to the next step of “%(title)s”. We have taken that"
                " back, and are sorry that you read it before: your link to that step does not open any"
                " more. If you had begun it already, you may finish.",
                title=shortlist.title,
            ),
            _("You hear from us by %(day)s.", day=day(shortlist.hear_by)),
        )
    )
    return f"mailto:{quote(row.address, safe='@')}?subject={quote(subject)}&body={quote(body)}"


def left_out(number: int, why: str) -> str:
    """For how many of the chosen nothing was decided, and why."""
    return ngettext(
        "About one of the people you ticked nothing was decided. %(why)s",
        "About %(num)s of the people you ticked nothing was decided. %(why)s",
        number,
        why=why,
    )


def heading(people: int) -> str:
    """*Twelve people, without places*; of one there is nobody to be placed beside."""
    if not people:
        return _("Nobody has handed in yet")
    return sentence(
        ngettext(
            "one person so far",
            "%(many)s people, without places",
            people,
            many=number_word(people),
        )
    )


def listing(parts: Sequence[str]) -> str:
    """*0, 33, 67 and 100*."""
    if len(parts) < 2:  # noqa: PLR2004
        return "".join(parts)
    return _("%(most)s and %(last)s", most=", ".join(parts[:-1]), last=parts[-1])


def whole(score: Score) -> str:
    """A level's score as it is printed on the scale."""
    return str(round(score))


def scales(lines: Iterable[Line]) -> list[str]:
    """*1 to 4 count as 0, 33, 67 and 100*, one sentence for each length of scale, the commonest first."""
    sizes = [len(line.sentences) for line in lines]
    often = sorted(set(sizes), key=lambda size: (-sizes.count(size), size))
    return [
        _("1 to %(last)s count as %(scores)s", last=size, scores=listing(_scores(size)))
        for size in often
    ]


def _scores(size: int) -> list[str]:
    return [whole(level_score(level, size)) for level in range(1, size + 1)]


def axis(stops: Sequence[Score]) -> list[tuple[float, str]]:
    """The numbers over the figure; of a crowded grid only the ends and the middle."""
    shown = stops if len(stops) <= 5 else [Score(0), Score(50), Score(100)]  # noqa: PLR2004
    return [(float(stop), whole(stop)) for stop in shown]


def said_of(row: Row, shortlist: Shortlist) -> str:
    """One sentence with all numbers of a person's figure."""
    counts = shortlist.dots(row)
    parts = [
        _("%(count)s at %(score)s", count=count, score=whole(stop))
        for stop, count in zip(shortlist.stops, counts, strict=True)
        if count
    ]
    told = listing(parts) or _("none")
    if row.standing.raw_mean is None:
        return _("%(name)s: no mean yet; levels given: %(told)s", name=row.name, told=told)
    return _(
        "%(name)s: raw mean %(mean)s; levels given: %(told)s",
        name=row.name, mean=row.standing.printed, told=told,
    )  # fmt: skip


def said_of_strip(strip: Strip) -> str:
    """*Dated next step: levels 3 and 4*."""
    levels = [str(n) for n, count in enumerate(strip.counts, start=1) for _i in range(count)]
    name = strip.line.criterion
    if not levels:
        return _("%(name)s: no level given", name=name)
    return ngettext(
        "%(name)s: level %(levels)s",
        "%(name)s: levels %(levels)s",
        len(levels),
        name=name,
        levels=listing(levels),
    )


def meaning(strip: Strip, *, empty: bool) -> str:
    """The rubric's sentence for the middle mark; of what was left empty nothing that it could mean."""
    if strip.middle is None:
        return ""
    if empty and strip.by_rule:
        return _("Left empty, so the lowest level.")
    return strip.line.sentences[strip.middle - 1]


def spread(counts: Sequence[int]) -> str:
    """*14* marks a person, or *10 to 15*."""
    low, high = min(counts, default=0), max(counts, default=0)
    return str(low) if low == high else _("%(low)s to %(high)s", low=low, high=high)


def covering(shortlist: Shortlist) -> Callable[[str, Row], str]:
    """Puts aliases for names into a text about a person: of everyone in the opening, however written.

    Whoever has no alias, since nothing of theirs is closed, is `[name]`.
    """
    # who was erased has no address, and words in the place of a name
    handed_in = [row for row in (*shortlist.rows, *shortlist.unsettled) if row.address]
    people = [(row.alias or NAME, _mask(row.name, row.address)) for row in handed_in]
    cover = Cover.of(people + [(NAME, _mask(*other)) for other in shortlist.others if other[1]])
    return lambda text, row: cover(text, about=row.alias)


def _mask(name: str, address: str) -> Mask:
    return Mask.of("" if name == address else name, address=address)
