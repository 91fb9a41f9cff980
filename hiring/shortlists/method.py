"""How it was measured, in plain words: the sentences that stand beside the numbers on page and paper."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import format_date, format_datetime, ngettext
from flask_babel import gettext as _

from hiring.kernel.words import day, number_word, sentence
from hiring.shortlists import words
from hiring.shortlists.shortlist import Shortlist, Verdict


def long_day(at: datetime) -> str:
    """*21 November 2026*: a document is read in other years too."""
    return format_datetime(at, "d MMMM y")


def step(shortlist: Shortlist) -> str:
    if shortlist.steps == 1:
        return shortlist.assessment
    return _("step %(number)s, %(title)s", number=shortlist.step, title=shortlist.assessment)


def lead(shortlist: Shortlist) -> str:
    rows = len(shortlist.rows)
    did = ngettext(
        "One person did a task of %(minutes)s minutes.",
        "%(many)s people did the same work of %(minutes)s minutes.",
        rows,
        many=sentence(number_word(rows)),
        minutes=shortlist.minutes,
    )
    return " ".join(filter(None, [
        did,
        left_out(len(shortlist.unsettled)),
        _("Each dot is a level given on one criterion."),
        _("People with equal means stand in one group, without places."),
        _decided(shortlist),
    ]))  # fmt: skip


def left_out(people: int) -> str:
    """Who is in no count of the document; nothing when there is nobody."""
    if not people:
        return ""
    return ngettext(
        "One more person had handed in and could still take it back: that work is left out.",
        "%(many)s more people had handed in and could still take it back: that work is left out.",
        people,
        many=sentence(number_word(people)),
    )


def _decided(shortlist: Shortlist) -> str:
    made, people = shortlist.made, len(shortlist.rows)
    if made == people:
        return _("All decisions are made.") if people else ""
    told = _(
        "%(made)s of %(all)s decisions are made.", made=number_word(made), all=number_word(people)
    )
    held = ngettext(
        "One of the others is on hold.",
        "%(many)s of the others are on hold.",
        shortlist.held,
        many=sentence(number_word(shortlist.held)),
    )
    return f"{sentence(told)} {held}" if shortlist.held else sentence(told)


def readings(shortlist: Shortlist) -> list[tuple[str, str, str]]:
    makers = sorted({r.decision.by for r in shortlist.rows if r.decision})
    untold = sum(row.decided and not _told(row.decision) for row in shortlist.rows)
    return [
        (
            _("Decisions"),
            _("%(made)s of %(all)s made", made=shortlist.made, all=len(shortlist.rows)),
            _("by %(names)s", names=words.listing(makers)) if makers else "",
        ),
        (_("Marks"), marks_by(shortlist), shortness(shortlist)),
        (
            _("Seen names"),
            _("%(some)s of %(all)s reviewers", some=shortlist.saw_names, all=shortlist.reviewers),
            _("hidden from them while they marked")
            if shortlist.saw_names
            else _("no role of theirs shows names"),
        ),
        (
            _("Next"),
            _("All hear by %(day)s", day=format_date(shortlist.hear_by, "d MMMM")),
            ngettext("%(num)s decision not yet told", "%(num)s decisions not yet told", untold)
            if untold
            else "",
        ),
    ]  # fmt: skip


def marks_by(shortlist: Shortlist) -> str:
    """*140 by 3 reviewers*."""
    return ngettext(
        "%(marks)s by %(num)s reviewer",
        "%(marks)s by %(num)s reviewers",
        shortlist.reviewers,
        marks=shortlist.marks,
    )


def shortness(shortlist: Shortlist) -> str:
    """*12 to 14 a person; nobody is short of reviews*: a mark is a level, a review is of an answer."""
    counts = [row.standing.marks for row in shortlist.rows]
    people = sum(row.standing.short > 0 for row in shortlist.rows)
    each = _("%(marks)s a person", marks=words.spread(counts))
    lack = (
        ngettext(
            "%(num)s person is short of reviews", "%(num)s people are short of reviews", people
        )
        if people
        else _("nobody is short of reviews")
    )
    return f"{each}; {lack}" if counts else ""


def _told(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.told_at is not None


def method_lead(shortlist: Shortlist) -> str:
    return _(
        "Each answer is read by %(wanted)s of %(all)s reviewers, one task at a time across all candidates,"
        " in an order of their own, without names.",
        wanted=number_word(shortlist.wanted),
        all=number_word(shortlist.reviewers),
    )


def method(shortlist: Shortlist, *, at: datetime, zone: str, by: str) -> list[tuple[str, str]]:
    return [
        *_the_steps(shortlist),
        (_("The work"), _the_work(shortlist)),
        (_("Marks"), _the_marks(shortlist)),
        (_("Raw mean"), _the_mean(shortlist)),
        (
            _("Why no places"),
            _(
                "With %(marks)s marks a person, a difference of a few points can come from who happened to"
                " read whom. People with equal means stand in one group; read no order into neighbours.",
                marks=words.spread([row.standing.marks for row in shortlist.rows]),
            ),
        ),
        (_("Blindness"), _the_blindness(shortlist)),
        (
            _("Frozen"),
            _(
                "%(day)s (%(zone)s), asked for by %(name)s. What changed later is not in here.",
                day=format_datetime(at, "d MMMM y, HH:mm"), zone=zone, name=by,
            ),
        ),
    ]  # fmt: skip


def _the_steps(shortlist: Shortlist) -> list[tuple[str, str]]:
    """The steps in their order, where there are several, and which of them this is."""
    if not shortlist.course:
        return []
    each = [
        _("%(number)s, “%(title)s” of %(minutes)s minutes", number=n, title=title, minutes=minutes)
        for n, (title, minutes) in enumerate(shortlist.course, start=1)
    ]
    told = _("%(steps)s. These are the people who took step %(number)s; a person decided who went on.",
             steps="; ".join(each), number=shortlist.step)  # fmt: skip
    return [(_("The steps"), told)]


def _the_work(shortlist: Shortlist) -> str:
    tasks = len({line.task_id for line in shortlist.lines})
    return ngettext(
        "“%(title)s”, version %(version)s (fingerprint %(print)s), %(tasks)s marked task, %(minutes)s"
        " minutes. More time was open to everybody, with no reason asked, and is not shown here or to"
        " reviewers.",
        "“%(title)s”, version %(version)s (fingerprint %(print)s), %(tasks)s marked tasks, %(minutes)s"
        " minutes. More time was open to everybody, with no reason asked, and is not shown here or to"
        " reviewers.",
        tasks,
        title=shortlist.assessment,
        version=shortlist.version,
        print=shortlist.fingerprint[:12],
        tasks=number_word(tasks),
        minutes=shortlist.minutes,
    )


def _the_marks(shortlist: Shortlist) -> str:
    read = sum(not line.keyed for line in shortlist.lines)
    told = [
        ngettext(
            "%(marks)s marks on %(many)s criterion that reviewers read for.",
            "%(marks)s marks on %(many)s criteria that reviewers read for.",
            read,
            marks=shortlist.marks,
            many=number_word(read),
        )
    ]
    if shortlist.by_rule:
        told.append(
            _(
                "%(count)s levels were given by rule: what has a key, and the lowest level where a task was"
                " left empty.",
                count=shortlist.by_rule,
            )
        )
    if cannot := sum(row.standing.cannot for row in shortlist.rows):
        told.append(
            ngettext(
                "Once a reviewer could not judge; that mark is missing, it is no zero.",
                "%(num)s times a reviewer could not judge; those marks are missing, they are no zeros.",
                cannot,
            )
        )
    return " ".join(told)


def _the_mean(shortlist: Shortlist) -> str:
    scales = "; ".join(words.scales(shortlist.lines))
    return _(
        "Levels %(scales)s. A criterion counts the mean of its marks, a task the weighted mean of its"
        " criteria, the whole the weighted mean of its tasks. How strict a reviewer is has not been"
        " taken out.",
        scales=scales,
    )


def _the_blindness(shortlist: Shortlist) -> str:
    if not shortlist.saw_names:
        return _("Nobody who marked holds a role that shows names.")
    return _(
        "Marked by people whose role also shows names: %(some)s of %(all)s. While they were on the panel,"
        " the platform hid the names of this step from them until their own marks were final.",
        some=shortlist.saw_names,
        all=shortlist.reviewers,
    )


def distances(pairs: Sequence[int]) -> list[tuple[str, int, int]]:
    names = [_("same level"), _("one apart"), _("two apart"), _("three apart"), _("four apart")]
    total = sum(pairs)
    return _with_pairs(
        [
            (name, count, round(100 * count / total))
            for name, count in zip(names, pairs, strict=False)
            if total
        ]
    )


def page_readings(shortlist: Shortlist) -> list[tuple[str, str, str]]:
    """The figures over the shortlist on screen."""
    decisions, marks, seen, _next = readings(shortlist)
    left = len(shortlist.rows) - shortlist.made
    by = day(shortlist.hear_by)
    still = _("%(left)s to make; all hear by %(day)s", left=left, day=by)
    if shortlist.held:
        still = _("%(left)s to make, %(held)s of them on hold; all hear by %(day)s",
                  left=left, held=shortlist.held, day=by)  # fmt: skip
    return [
        (*decisions[:2], still if left else decisions[2]),
        marks,
        (_("Levels"), *_scales(shortlist)),
        seen,
    ]


def _scales(shortlist: Shortlist) -> tuple[str, str]:
    """The commonest scale for a figure; the others with the criteria as its note."""
    first, *others = words.scales(shortlist.lines) or [""]
    return first, "; ".join([*others, _criteria(shortlist)])


def _criteria(shortlist: Shortlist) -> str:
    count = len(shortlist.lines)
    keyed = sum(line.keyed for line in shortlist.lines)
    told = ngettext("%(num)s criterion, weighted", "%(num)s criteria, weighted", count)
    by_rule = ngettext("%(num)s by rule, 0 or 100", "%(num)s by rule, 0 or 100", keyed)
    return f"{told}; {by_rule}" if keyed else told


def _with_pairs(found: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Without the distances at the end that nobody's marks had."""
    while found and not found[-1][1]:
        found.pop()
    return found
