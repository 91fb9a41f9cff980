"""Taking a person's name and addresses out of what they wrote, in any script, and leaving the rest alone.

Names are compared folded (small letters, without accents), letter by letter, so that a match can be cut
out of the text as it was written. Parts of a name stand alone or together; one that is also an ordinary
word ("Mark", "An") goes only where it is written as a name, or "Will you call her?" would be ruined.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TypeVar

NAME, ADDRESS = "[name]", "[address]"
LINE = 80  # letters on each side that are enough to tell a signature from a sentence
MOST_WORDS = 8  # more in a row are looked for each for itself
MOST_SIGNS = 3  # for one name that several people bear
Span = tuple[int, int]
Folded = tuple[str, list[int]]  # the folded text, and where each of its letters stood
Anything = TypeVar("Anything")

# Parts of names that are words of a language: never masked alone, only beside another part.
NO_NAMES = {"info", "mail", "contact", "hello", "jobs", "office", "post", "work"}
SMALL = frozenset(
    """
    van von der den de du da das dos do del della di la le les los el al ul bin ibn bint abu ben bat
    ten ter te zu zum zur af av y e i och und dr mr mrs ms mx prof phd msc bsc ing dipl sir dame jr
    sr ii iii iv mc st
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
    kit knight lake lane lang lance law lee lily little lock long lord love low luck mac major man mark
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
    "ى": "ي", "ـ": "", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "",
}  # fmt: skip
# Signs that people type for one another in a name; some count as letters where they are not folded.
_APOSTROPHES = "'’‘‛`´ʼʻʽʾʿˈˊˋ′‵՚׳ꞌ＇"
_HYPHENS = "-‐‑‒–—―−⁃־﹘﹣－"
_QUOTES = '"“”„‟«»‹›″״＂()[]'
_SIGNS = dict.fromkeys(map(ord, _APOSTROPHES), "'") | dict.fromkeys(map(ord, _HYPHENS), "-")
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"}
_MARKS = re.compile(
    r"[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]"
)  # not the vowel signs of India
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
)
_EAST_ASIAN = re.compile(r"[\u3400-\u9fff\uac00-\ud7af]{3,4}")
_SPLIT = re.compile(rf"[\s.,;:/|<>·・{re.escape(_APOSTROPHES + _HYPHENS + _QUOTES)}]+")
_GAP = rf"(?:[^\S\n]|[.,·・{re.escape(_APOSTROPHES + _HYPHENS + _QUOTES)}]){{0,3}}"  # or nothing
_BETWEEN = re.compile(rf"(?:[^\S\n]|[,·・{re.escape(_APOSTROPHES + _HYPHENS + _QUOTES)}]){{1,3}}")
_NEAR = rf"(?:[^\S\n]|[{re.escape(_APOSTROPHES + _HYPHENS)}]){{1,2}}"
_BEFORE = re.compile(rf"([^\W\d_]+)(?:\.?{_NEAR}|\.)$")
_LAST_LINE = re.compile(r"^[^\w\n]*([^\W\d_](?:[^\w\n]{0,2}[^\W\d_]){1,7}\.?)\s*\Z", re.MULTILINE)
_AFTER = re.compile(rf"{_NEAR}([^\W\d_]+)|,[^\S\n]?([^\W\d_])(?=\.)")
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
class Part:
    """One piece of a name, or several in a row, with anything or nothing between them.

    `doubtful`: it is made of ordinary words only.
    """

    pieces: tuple[tuple[str, ...], ...]  # folded; each piece in all its spellings
    doubtful: bool

    @property
    def pattern(self) -> str:
        """A regular expression for folded text."""
        return _GAP.join(f"(?:{'|'.join(map(re.escape, piece))})" for piece in self.pieces)

    def found_in(self, plain: str) -> Iterator[Span]:
        """Where it stands alone in a folded text."""
        if all(any(spelling in plain for spelling in piece) for piece in self.pieces):
            pattern, at = _compiled(self.pattern), 0
            while match := pattern.search(plain, at):
                whole = _stands_alone(plain, *match.span())
                at = match.end() if whole else match.start() + 1
                if whole:
                    yield match.span()


@dataclass(frozen=True)
class Mask:
    """Masks one person in a text: `mask(text)`."""

    parts: tuple[Part, ...]  # the longest first
    beside: frozenset[str]  # folded: initials and small words of this name
    initials: str = ""  # folded, in the order of the name

    @classmethod
    def of(cls, name: str, *, address: str = "") -> Mask:
        """The mask of a person of this name and mail address; without a name the address has to do."""
        name = name if name.strip() else _name_in(address)
        words = [_pieces(word) for word in name.split() if "@" not in word]
        pieces = [piece for word in words for piece in word]
        folded = [fold(piece) for piece in pieces]
        large = {f for f in folded if len(f) > 1 and f not in SMALL}
        alone = large or {f for f in folded if len(f) > 1}
        parts = {_part((piece,)) for piece in pieces if fold(piece) in alone}
        parts |= {_part(run) for run in _runs(words) if any(fold(piece) in alone for piece in run)}
        parts |= {_known(local) for local in _local_part(address, tuple(large))}
        single = {piece for part in parts if len(part.pieces) == 1 for piece in part.pieces[0]}
        beside = {f for f in folded if f not in single} | {f[:1] for f in folded if f[:1].isalpha()}
        initials = "".join(f[:1] for f in folded if f[:1].isalpha())
        return cls(tuple(sorted(parts, key=_longest_first)), frozenset(beside), initials)

    @property
    def beginnings(self) -> set[str]:
        """What a match can begin with, folded: a text without any of it needs no closer look."""
        return {spelling for part in self.parts for spelling in part.pieces[0]}

    @property
    def signatures(self) -> set[str]:
        """The initials as they may stand for a signature, folded."""
        both = {self.initials, self.initials[:1] + self.initials[-1:]}
        return both if len(self.initials) > 1 else set()

    def __call__(self, text: str) -> str:
        """The text with `[name]` and `[address]` where this person could be recognised."""
        return Cover.of([(NAME, self)])(text)

    def spans(self, text: str, *, folded: Folded, addresses: list[Span]) -> list[Span]:
        """Where the name stands in a text, in order; not inside of an address, which goes as a whole."""
        sure: list[Span] = []
        doubtful: list[Span] = []
        plain, places = folded
        for start, end, part in self._matches(plain):
            span = places[start], places[end - 1] + 1
            while span[1] < len(text) and _is_mark(text[span[1]]):
                span = span[0], span[1] + 1
            if not _inside(span, addresses):
                is_word = part.doubtful and _is_word(text, span)
                (doubtful if is_word else sure).append(span)
        sure += [
            span
            for span in doubtful
            if any(_touch(span, other, text) for other in _next_to(span, sure))
        ]
        return _together([self._wider(span, text) for span in sorted(sure)], text)

    def _matches(self, plain: str) -> Iterator[tuple[int, int, Part]]:
        found = [(start, end, part) for part in self.parts for start, end in part.found_in(plain)]
        at = 0
        for start, end, part in sorted(found, key=lambda one: (one[0], -one[1])):
            if start >= at:
                yield start, end, part
                at = end

    def _wider(self, span: Span, text: str) -> Span:
        start, end = span
        while before := _BEFORE.search(text[max(0, start - 20) : start]):
            if not self._goes_with(before.group(1)):
                break
            start -= len(before.group(0))
        while after := _AFTER.match(text[end : end + 20]):
            if not self._goes_with(after.group(1) or after.group(2)):
                break
            end += len(after.group(0))
        return start, end

    def _goes_with(self, word: str) -> bool:
        # an initial is written large: "a" and "i" beside a name are words
        small = fold(word)
        if small in self.beside:
            return len(word) > 1 or word.isupper()
        return (
            word.isupper() and len(small) > 1 and small in self.initials and small not in ORDINARY
        )


@dataclass(frozen=True)
class Cover:
    """Covers many people in a text, each under a sign: `cover(text)`."""

    masks: Mapping[
        str, Sequence[tuple[str, Mask]]
    ]  # with their signs, by what a name can begin with
    signed: Mapping[str, Sequence[str]]  # signs by initials

    @classmethod
    def of(cls, people: Iterable[tuple[str, Mask]]) -> Cover:
        """One for these people, with the signs they go under."""
        masks: dict[str, list[tuple[str, Mask]]] = defaultdict(list)
        signed: dict[str, list[str]] = defaultdict(list)
        for sign, mask in people:
            for beginning in mask.beginnings:
                masks[beginning].append((sign, mask))
            for letters in mask.signatures:
                signed[letters].append(sign)
        return cls(masks, signed)

    def __call__(self, text: str, *, about: str = "") -> str:
        """The text with everybody under their sign, and `[address]`.

        Where a name is that of several people, the longer match is meant; of equal ones the person
        whom the text is `about`, or else all signs are set, or `[name]` when they are many.
        """
        addresses = sorted(_addresses(text))
        folded = _folded(text)
        names = [
            (*span, sign)
            for sign, mask in self._who_may_be_in(folded[0])
            for span in mask.spans(text, folded=folded, addresses=addresses)
        ]
        names += [
            (*span, sign) for span, said in _signature(text) for sign in self.signed.get(said, ())
        ]
        cuts = [(*span, ADDRESS) for span in addresses] + list(_one_each(sorted(names), about))
        out, at = [], 0
        for start, end, sign in sorted(cuts):
            out += [text[at:start], sign]
            at = end
        return "".join([*out, text[at:]])

    def _who_may_be_in(self, plain: str) -> Iterable[tuple[str, Mask]]:
        there = (masks for beginning, masks in self.masks.items() if beginning in plain)
        return {id(mask): (sign, mask) for masks in there for sign, mask in masks}.values()


def _signature(text: str) -> Iterator[tuple[Span, str]]:
    """The last line, when it is nothing but initials, and these folded."""
    written = _LAST_LINE.search(text)
    if written and written.group(1).isupper():
        yield written.span(1), "".join(filter(str.isalpha, fold(written.group(1))))


def _one_each(names: list[tuple[int, int, str]], about: str) -> Iterator[tuple[int, int, str]]:
    """Of matches that overlap, one for all."""
    while names:
        start, end, _sign = names[0]
        many = 0
        while many < len(names) and names[many][0] < end:
            end = max(end, names[many][1])
            many += 1
        longest = max(to - at for at, to, _sign in names[:many])
        signs = dict.fromkeys(sign for at, to, sign in names[:many] if to - at == longest)
        told = "/".join(signs) if len(signs) <= MOST_SIGNS else NAME
        yield start, end, about if about in signs else told
        names = names[many:]


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Small letters without accents, so that Müller, MULLER and Ёлкина, Елкина are alike."""
    small = unicodedata.normalize("NFKD", text.translate(_SIGNS).casefold())
    return "".join(_LETTERS.get(letter, letter) for letter in _MARKS.sub("", small))


def _folded(text: str) -> Folded:
    plain, places = [], []
    for place, letter in enumerate(text):
        for small in fold(letter):
            plain.append(small)
            places.append(place)
    return "".join(plain), places


def _pieces(word: str) -> list[str]:
    return [piece for piece in _SPLIT.split(word) if piece]


def _part(run: Sequence[str]) -> Part:
    words = [fold(piece) for piece in run]
    doubtful = all(word in ORDINARY or word in SMALL or len(word) == 1 for word in words)
    doubtful = doubtful and any(word in ORDINARY for word in words)
    return Part(tuple(_spellings(piece) for piece in run), doubtful)


def _known(folded: str) -> Part:
    return Part(((folded,),), folded in ORDINARY)


def _longest_first(part: Part) -> tuple[int, tuple[tuple[str, ...], ...]]:
    return -sum(max(map(len, piece)) for piece in part.pieces), part.pieces


def _spellings(piece: str) -> tuple[str, ...]:
    """Folded, the longest first: Müller, Mueller; of 王小明 also 小明."""
    small = piece.casefold()
    for letter, two in _UMLAUTS.items():
        small = small.replace(letter, two)
    forms = {fold(piece), fold(small)}
    without = re.sub(r"(?<=[aou])e", "", fold(piece))
    if len(without) >= 4:  # noqa: PLR2004  Mueller is Müller, but Noe is not "no"
        forms.add(without)
    if _EAST_ASIAN.fullmatch(piece):
        forms |= {fold(piece[-2:])} | ({fold(piece[:2])} if len(piece) == 4 else set())  # noqa: PLR2004
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def _runs(words: list[list[str]]) -> Iterator[Sequence[str]]:
    """What may be written as one: O’Neil as Oneil, Mc Donald as McDonald, Kit Larsen as larsenkit."""
    for word in words:
        yield from _in_a_row(word)
    long = [word for word in words if len("".join(word)) > 1]  # one letter alone goes beside a name
    for run in _in_a_row(long):
        yield [piece for word in run for piece in word]
    if len(long) > 1:
        yield from (long[0] + long[-1], long[-1] + long[0])


def _in_a_row(all_of_them: list[Anything]) -> Iterator[list[Anything]]:
    """Every two or more neighbours."""
    if len(all_of_them) > MOST_WORDS:
        return
    for first in range(len(all_of_them)):
        for end in range(first + 2, len(all_of_them) + 1):
            yield all_of_them[first:end]


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


def _is_word(text: str, span: Span) -> bool:
    """Whether what could be a word is written as one."""
    if not text[span[0]].islower():
        return False
    before, after = text[max(0, span[0] - LINE) : span[0]], text[span[1] : span[1] + LINE]
    line = before.rpartition("\n")[2] + text[slice(*span)] + after.partition("\n")[0]
    return len(line.split()) > 3  # noqa: PLR2004  a signature is shorter than a sentence


def _stands_alone(plain: str, start: int, end: int) -> bool:
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
