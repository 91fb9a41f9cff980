"""How a read goes up: `gather` asks every room that answers a question and returns their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

Answer = TypeVar("Answer")
Asked = TypeVar("Asked", bound="Question[Any]")


class Question(Generic[Answer]):
    """What may be asked of rooms above; subclasses are frozen dataclasses of plain values."""


@dataclass(frozen=True)
class BlindTo(Question[frozenset[UUID]]):
    """Of which steps must this account see neither names nor others' marks? No answer means all are."""

    account_id: UUID


_answers: defaultdict[type, list[Callable[[Any], Any]]] = defaultdict(list)


def answer(question: type[Asked], function: Callable[[Asked], Any]) -> None:
    """Let `function` answer questions of this kind."""
    _answers[question].append(function)


def gather(question: Question[Answer]) -> list[Answer]:
    """Every room's part of the answer, in the order of the wiring."""
    return [function(question) for function in _answers[type(question)]]


def forget_answers() -> None:
    """Wire anew: each application built in a process starts from a clean page."""
    _answers.clear()
