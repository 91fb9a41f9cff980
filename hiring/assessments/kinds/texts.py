"""What every kind does with free text: read it, count its words, split it for reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from unicodedata import category

from flask_babel import gettext as _
from markupsafe import Markup, escape

from hiring.kernel.forms import TEXT, clean
from hiring.kernel.markdown import blocks, flowing
from hiring.kernel.refusals import Refused

if TYPE_CHECKING:
    from hiring.assessments.kinds import Fields

# A word is letters and digits with marks inside; scripts that set no spaces are counted by twos.
# static/js/words.js counts by the same rule while one writes.
_WORD = re.compile(r"[^\W_]+(?:[’'.,:\-–][^\W_]+)*")
_WITHIN = frozenset({"Mn", "Mc", "Me", "Cf"})
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]+")

# A fence of code, ``` or ```python, and a line that is indented
_FENCE = re.compile(r" {0,3}```[ \t]*([\w+#.-]*)[ \t]*")
_INDENTED = re.compile(r"^(?: {2}|\t)[ \t]*\S.{0,99}$", re.MULTILINE)


def sent(fields: Fields, field: str) -> str:
    """A text of the form. Raises Refused when it did not come at all: that must not empty an answer."""
    if field not in set(fields.keys()):
        raise Refused(
            _("The text did not arrive, so nothing was changed. Send it again."), field=field
        )
    return fields.get(field, "")


def read_text(text: str, *, field: str) -> str:
    """The text without what no person types. Raises Refused above the limit."""
    kept = str(clean(text))
    if len(kept) > TEXT:
        raise Refused(
            _(
                "This text has %(length)s characters; %(limit)s is the most. It is still on your page, "
                "and the shorter text before it is kept. Shorten it to keep it.",
                length=f"{len(kept):,}",
                limit=f"{TEXT:,}",
            ),
            field=field,
        )
    return kept


def count_words(text: str) -> int:
    """Words as people count them; two characters count as one where words are not parted by spaces."""
    unspaced = sum((len(run) + 1) // 2 for run in _UNSPACED.findall(text))
    return unspaced + len(_WORD.findall(_bare(_UNSPACED.sub(" ", text))))


def _bare(text: str) -> str:
    """The text without vowel signs, accents and joiners, which part no word."""
    if text.isascii():
        return text
    return "".join(c for c in text if category(c) not in _WITHIN)


def verses(text: str) -> list[tuple[str, Markup]]:
    """The paragraphs, each to be numbered: `p` flows, `pre` is code and keeps its lines as typed.

    Code is what stands between fences, and a paragraph in which a line is indented; a longer line
    than code has is a sentence, though, whose writer begins paragraphs like that.
    """
    runs, found = _by_fences(text), []
    for nth, run in enumerate(runs):
        if nth % 2 and nth + 1 < len(runs):
            found += [("pre", escape(run))] if run.strip() else []
        else:
            found += [
                ("pre", escape(block)) if _INDENTED.search(block) else ("p", flowing(block))
                for block in _whole(blocks(run))
            ]
    return found


def _whole(paragraphs: list[str]) -> list[str]:
    """The paragraphs, code that goes on after an empty line not parted there."""
    joined: list[list[str]] = []
    for each in paragraphs:
        if joined and _INDENTED.match(each) and _INDENTED.search(joined[-1][-1]):
            joined[-1].append(each)
        else:
            joined.append([each])
    return ["\n\n".join(parts) for parts in joined]


def _by_fences(text: str) -> list[str]:
    """What stands before, between and after fences, in turn. The last opens and nothing closes it
    when there is an even number."""
    runs: list[list[str]] = [[]]
    for line in text.split("\n"):
        fence = _FENCE.fullmatch(line)
        if fence and (len(runs) % 2 or not fence[1]):
            runs.append([])
        else:
            runs[-1].append(line)
    return ["\n".join(run) for run in runs]
