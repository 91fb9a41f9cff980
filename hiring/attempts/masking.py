"""Taking a person's name and addresses out of what they wrote, in any script, and leaving the rest alone.

Names are compared folded (small letters, without accents), letter by letter, so that a match can be cut
out of the text as it was written. Parts of a name stand alone or together; one that is also an ordinary
word ("Mark", "An") goes only where it is written as a name, or "Will you call her?" would be ruined.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

NAME, ADDRESS = "[name]", "[address]"
LINE = 80  # letters on each side that are enough to tell a signature from a sentence
Span = tuple[int, int]

# Parts of names that are words of a language: never masked alone, only beside another part.
NO_NAMES = {"info", "mail", "contact", "hello", "jobs", "office", "post", "work"}
SMALL = frozenset(
    """
    van von der den de du da das dos do del della di la le les los el al ul bin ibn bint abu ben bat
    ten ter te zu zum zur af av y e i och und dr mr mrs ms mx prof phd msc bsc ing dipl sir dame jr
    sr ii iii iv
    """.split()  # noqa: SIM905  read more easily so
)
# Names that are words: masked when capitalised, or on a line of their own as a signature is.
ORDINARY = frozenset(
    """
    an am as at be by can do go he her hi his ho if in is it me my no of on or our out she so sun
    the to up us we you all any art ash august april autumn baker ball ban bang basil bay bell best
    bill bird black blue bond book booth both brook brooks brown bush butler carpenter carter case
    cash chance charity chase chef clay cliff coach cole cook cooper crisp cross dale dang dawn day
    dean drew duke earl early east fair faith fan farmer field fields fisher flora forest foster fox
    frank free garden gene glass good grace grant gray green grey guy hall hand hang harmony heath
    hill holly home hong hope house hung hunter ivy jack jasmine jet jewel joy june justice kay king
    kit knight lake lane lang lance law lee lily little lock long lord love low luck major man mark
    marsh mason may melody mercy miles mill mills min miller mine moon more moss nick noble north
    olive page paige pan park parker pat patience pay peace pearl penny pike pool poor pope porter
    potter power price prince queen rain ray read reed rice rich rob rock rose rosemary ruby rush
    sage sang savage sharp sherry short sin singer skip sky small smart smith snow son song south
    spencer spring star stark stone storm street strong summer sung swan sweet taylor temple thorn
    todd tom tower trace trip tucker turner van victor violet walker wall ward warden waters way
    weaver web weeks wells west wheeler white will wing winter wise wolf wood woods young
    """.split()  # noqa: SIM905  read more easily so
)
_LETTERS = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i",
    "ى": "ي", "ـ": "", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "’": "'",
}  # fmt: skip
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"}
_MARKS = re.compile(
    r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]"
)  # not the vowel signs of India
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_EAST_ASIAN = re.compile(r"[\u3400-\u9fff\uac00-\ud7af]{3,4}")
_SPLIT = re.compile(r"[\s\-‐-―.,;:()\[\]\"“”„«»'’`´/|·・]+")
_BETWEEN = re.compile(r"(?:[^\S\n]|[\-‐-―,'’·・]){1,3}")
_PREFIXES = "وفبلك"  # words of one letter that Arabic writes onto the next
_ADDRESSES = re.compile(
    r"""
      (?<![\w.+%-]) [\w.+%-]{1,64} @ [\w-]{1,63} (?: \. [\w-]{1,63} ){1,8}           # mail
    | (?: https?:// | www\. ) [^\s<>]+ [^\s<>.,;:!?)\]'"”’]                # a link
    | (?<![\w.-]) (?: [\w-]{1,63} \. ){1,8} (?: com|org|net|io|dev|app|eu ) \b
        (?: / [^\s<>]* [^\s<>.,;:!?)\]'"”’] )?                              # one without www
    | (?<![\w.-]) (?: [\w-]{1,63} \. ){1,8} [a-z]{2,4} / [^\s<>]* [^\s<>.,;:!?)\]'"”’]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_PHONES = re.compile(
    r"""
      (?<![\w+]) \+ \d (?: [\s.\-()/]{0,2} \d ){6,14} (?!\d)               # +31 6 1234 5678
    | (?<![\w+.,:/-]) \(? 0 (?: [\s.\-()/]{0,2} \d ){8,14} (?!\d)           # 030 1234567, 0031 …
    | (?<![\w+.,:/-]) \(? \d{3} \)? [\s.-] \d{3} [.-] \d{4} (?!\d)          # (555) 123-4567
    """,
    re.VERBOSE,
)
_DATE = re.compile(r"\d{1,2}([./-])\d{1,2}\1\d{2,4}")


@dataclass(frozen=True)
class Mask:
    """Masks one person in a text: `mask(text)`."""

    parts: tuple[str, ...]  # folded, the longest first
    beside: frozenset[str]  # folded: initials and small words of this name

    @classmethod
    def of(cls, name: str, *, address: str = "") -> Mask:
        """The mask of a person of this name and mail address; without a name the address has to do."""
        name = name if name.strip() else _name_in(address)
        pieces = [piece for piece in _SPLIT.split(name) if piece and "@" not in piece]
        folded = [fold(piece) for piece in pieces]
        large = [f for f in folded if len(f) > 1 and f not in SMALL]
        alone = set(large or [f for f in folded if len(f) > 1])
        for piece in pieces:
            if fold(piece) in alone:
                alone |= _spelled_otherwise(piece)
        alone |= _joined(folded) | _written_as_one(name) | _local_part(address, tuple(large))
        beside = {f for f in folded if f not in alone} | {f[:1] for f in folded if f[:1].isalpha()}
        return cls(tuple(sorted(alone, key=lambda part: (-len(part), part))), frozenset(beside))

    def __call__(self, text: str) -> str:
        """The text with `[name]` and `[address]` where this person could be recognised."""
        addresses = sorted(_addresses(text))
        names = [span for span in self._names(text) if not _inside(span, addresses)]
        cuts = [(*span, ADDRESS) for span in addresses] + [(*span, NAME) for span in names]
        out, at = [], 0
        for start, end, sign in sorted(cuts):
            out += [text[at:start], sign]
            at = end
        return "".join([*out, text[at:]])

    def _names(self, text: str) -> list[Span]:
        plain, places = _folded(text)
        sure: list[Span] = []
        doubtful: list[Span] = []
        for start, end in self._matches(plain):
            span = places[start], places[end - 1] + 1
            while span[1] < len(text) and _is_mark(text[span[1]]):
                span = span[0], span[1] + 1
            (doubtful if self._is_word(plain[start:end], text, span) else sure).append(span)
        sure += [
            span
            for span in doubtful
            if any(_touch(span, other, text) for other in _next_to(span, sure))
        ]
        return _together([self._wider(span, text) for span in sorted(sure)], text)

    def _matches(self, plain: str) -> Iterator[Span]:
        if not self.parts:
            return
        at = 0
        anywhere = re.compile("|".join(re.escape(part) for part in self.parts))
        while match := anywhere.search(plain, at):
            # the longest part may run into a word where a shorter one ends before it
            here = (part for part in self.parts if plain.startswith(part, match.start()))
            whole = next((p for p in here if _stands_alone(plain, match.start(), len(p))), None)
            if whole:
                yield match.start(), match.start() + len(whole)
            at = match.start() + (len(whole) if whole else 1)

    def _is_word(self, part: str, text: str, span: Span) -> bool:
        if part not in ORDINARY or not text[span[0]].islower():
            return False
        before, after = text[max(0, span[0] - LINE) : span[0]], text[span[1] : span[1] + LINE]
        line = before.rpartition("\n")[2] + text[slice(*span)] + after.partition("\n")[0]
        return len(line.split()) > 3  # noqa: PLR2004  a signature is shorter than a sentence

    def _wider(self, span: Span, text: str) -> Span:
        start, end = span
        while before := re.search(r"(\w+)\.?[\s\-'’]{1,2}$", text[max(0, start - 20) : start]):
            if not self._goes_with(before.group(1)):
                break
            start -= len(before.group(0))
        while after := re.match(r"[\s\-'’]{1,2}(\w+)", text[end : end + 20]):
            if not self._goes_with(after.group(1)):
                break
            end += len(after.group(0))
        return start, end

    def _goes_with(self, word: str) -> bool:
        # an initial is written large: "a" and "i" beside a name are words
        return fold(word) in self.beside and (len(word) > 1 or word.isupper())


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Small letters without accents, so that Müller, MULLER and Ёлкина, Елкина are alike."""
    small = unicodedata.normalize("NFKD", text.casefold())
    return "".join(_LETTERS.get(letter, letter) for letter in _MARKS.sub("", small))


def _folded(text: str) -> tuple[str, list[int]]:
    plain, places = [], []
    for place, letter in enumerate(text):
        for small in fold(letter):
            plain.append(small)
            places.append(place)
    return "".join(plain), places


def _spelled_otherwise(piece: str) -> set[str]:
    small, forms = piece.casefold(), set()
    for letter, two in _UMLAUTS.items():
        small = small.replace(letter, two)
    forms.add(fold(small))
    without = re.sub(r"(?<=[aou])e", "", fold(piece))
    if len(without) >= 4:  # noqa: PLR2004  Mueller is Müller, but Noe is not "no"
        forms.add(without)
    if _EAST_ASIAN.fullmatch(piece):
        forms |= {fold(piece[-2:])} | ({fold(piece[:2])} if len(piece) == 4 else set())  # noqa: PLR2004
    return forms


def _joined(folded: list[str]) -> set[str]:
    if len(folded) < 2:  # noqa: PLR2004
        return set()
    first, last = folded[0], folded[-1]
    return {form for form in ("".join(folded), first + last, last + first) if len(form) > 2}  # noqa: PLR2004


def _written_as_one(name: str) -> set[str]:
    """O’Neil as Oneil, Anne-Marie as Annemarie."""
    words = (fold("".join(_SPLIT.split(word))) for word in name.split() if "@" not in word)
    return {word for word in words if len(word) > 2 and word not in SMALL}  # noqa: PLR2004


def _name_in(address: str) -> str:
    words = re.split(r"[\W\d_]+", address.partition("@")[0])
    return " ".join(word for word in words if len(word) > 2 and word.casefold() not in NO_NAMES)  # noqa: PLR2004


def _local_part(address: str, parts: tuple[str, ...]) -> set[str]:
    local = fold(address.partition("@")[0])
    named = any(len(part) > 2 and part in local for part in parts)  # noqa: PLR2004
    return {local, re.sub(r"[._+-]", "", local)} if named else set()


def _addresses(text: str) -> Iterator[Span]:
    spans = [match.span() for match in _ADDRESSES.finditer(text)]
    yield from spans
    for match in _PHONES.finditer(text):
        if not _DATE.match(match.group()) and not _inside(match.span(), spans):
            yield match.span()


def _inside(span: Span, others: list[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in _next_to(span, others))


def _next_to(span: Span, others: list[Span]) -> list[Span]:
    """The span before and the span after; `others` are in order and do not overlap."""
    place = bisect(others, span)
    return others[max(0, place - 1) : place + 1]


def _stands_alone(plain: str, start: int, length: int) -> bool:
    end = start + length
    before = start == 0 or not _joins(plain[start - 1], plain[start])
    if not before and plain[start - 1] in _PREFIXES:
        before = start == 1 or not _joins(plain[start - 2], plain[start])
    return before and (end == len(plain) or not _joins(plain[end], plain[end - 1]))


def _joins(neighbour: str, edge: str) -> bool:
    """Whether a neighbouring letter makes one word with the edge of a part."""
    if _UNSPACED.match(edge):
        return False
    return unicodedata.category(neighbour)[0] in "LM"


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter).startswith("M")


def _touch(one: Span, other: Span, text: str) -> bool:
    """Whether nothing but a space or a hyphen lies between two spans."""
    first, second = sorted((one, other))
    return _BETWEEN.fullmatch(text[first[1] : second[0]]) is not None


def _together(spans: list[Span], text: str) -> list[Span]:
    """Spans with nothing but a space or a hyphen between them are one name."""
    merged: list[Span] = spans[:1]
    for _, (start, end) in pairwise(spans):
        last = merged[-1]
        if start <= last[1] or _BETWEEN.fullmatch(text[last[1] : start]):
            merged[-1] = last[0], max(last[1], end)
        else:
            merged.append((start, end))
    return merged
