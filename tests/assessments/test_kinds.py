"""Each kind by the same questions: what is an answer, what is empty, what a rule scores, what is masked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID, uuid4

import pytest
from flask import Flask, render_template
from werkzeug.datastructures import MultiDict

from hiring.assessments.kinds import KINDS, kind_of
from hiring.assessments.kinds.texts import count_words, verses
from hiring.assessments.models import Task
from hiring.kernel.forms import TEXT
from hiring.kernel.papers import PAPERS
from hiring.kernel.refusals import Missing, Refused

CHOICE = {
    "options": [{"key": "a", "text": "Dov first"}, {"key": "b", "text": "Marta first"}],
    "several": False, "keyed": ["b"], "reason": True, "reason_prompt": "Say why.",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    keyed: bool = False
    levels: tuple[int, ...] = (1, 2, 3, 4)
    id: UUID = field(default_factory=uuid4)


def _sent(**fields: str) -> MultiDict[str, str]:
    return MultiDict(fields)


RULE, READ = Line(keyed=True, levels=(1, 2)), Line()
written, choice, file = kind_of("written"), kind_of("choice"), kind_of("file")
FILES = {"types": ["pdf", "picture"], "most_mb": 5, "most_files": 2, "note": True}
PLAN = {"id": "0001", "name": "Plan of Kit Marlow.png", "size": 1_468_006, "type": "image/png"}


def test_an_unknown_kind_is_missing() -> None:
    with pytest.raises(Missing):
        kind_of("interpretive dance")


@pytest.mark.parametrize("kind", KINDS.values())
def test_what_nobody_began_is_empty_and_gets_the_lowest_by_rule(app: Flask, kind: object) -> None:
    assert kind in KINDS.values()
    for each, settings in ((written, {}), (choice, CHOICE), (file, FILES)):
        value = each.empty()
        assert each.is_empty(value)
        assert each.words(value) == 0
        assert not each.wants_person(value, [RULE, READ])
        assert each.rule_levels(settings, value, [RULE, READ]) == {RULE.id: 1, READ.id: 1}


def test_a_written_answer_wants_a_person_where_it_is_marked(app: Flask) -> None:
    value = written.read_answer({}, _sent(text="Dear Marta,\r\nyou are right.\0"))
    assert value == {"text": "Dear Marta,\nyou are right."}
    assert written.words(value) == 5
    assert written.wants_person(value, [READ])
    assert not written.wants_person(value, [])
    assert written.rule_levels({}, value, [READ]) == {}
    assert written.masked(value, lambda text: text.replace("Marta", "…"))["text"].startswith(
        "Dear …"
    )


@pytest.mark.parametrize(
    ("chosen", "reason", "levels", "wants"),
    [
        ("b", "The rent.", {"rule": 2}, True),
        ("a", "The capitals.", {"rule": 1}, True),
        ("b", "", {"rule": 2, "read": 1}, False),
        ("", "Only words.", {"rule": 1}, True),
    ],
)
def test_a_choice_is_scored_by_rule_and_its_reason_by_people(
    app: Flask, chosen: str, reason: str, levels: dict[str, int], wants: bool
) -> None:
    value = choice.read_answer(CHOICE, _sent(choices=chosen, reason=reason))
    ids = {"rule": RULE.id, "read": READ.id}
    assert choice.rule_levels(CHOICE, value, [RULE, READ]) == {ids[k]: v for k, v in levels.items()}
    assert choice.wants_person(value, [RULE, READ]) is wants
    assert not choice.is_empty(value)


def test_an_option_of_another_task_is_refused(app: Flask) -> None:
    with pytest.raises(Refused):
        choice.read_answer(CHOICE, _sent(choices="forged"))


@pytest.mark.parametrize("kind", [written, choice])
def test_a_text_above_the_limit_is_refused_with_its_length(app: Flask, kind: object) -> None:
    fields = _sent(text="x" * (TEXT + 1), reason="x" * (TEXT + 1))
    with pytest.raises(Refused, match="100,001"):
        (written if kind is written else choice).read_answer(
            {} if kind is written else CHOICE, fields
        )


def test_a_new_choice_asks_for_no_reason(app: Flask) -> None:
    assert not choice.new_settings()["reason"]
    assert choice.read_settings(choice.new_settings(), _sent())["reason"] is False


def test_the_author_writes_options_and_marks_one(app: Flask) -> None:
    fields = MultiDict(
        [("option-x", " Yes "), ("option-y", ""), ("option-z", "No"), ("keyed", "z"), ("reason", "yes")]
    )  # fmt: skip
    settings = choice.read_settings(choice.new_settings(), fields)
    assert settings["options"] == [{"key": "x", "text": "Yes"}, {"key": "z", "text": "No"}]
    assert settings["keyed"] == ["z"]
    gone = choice.read_settings(settings, MultiDict([("option-x", "Yes"), ("keyed", "z")]))
    assert gone["keyed"] == []  # the key went with its option
    assert choice.needs(gone, keyed=True, read=False)


SEVERAL = {
    "options": [{"key": key, "text": key.upper()} for key in "abc"],
    "several": True, "keyed": ["a", "c"], "reason": False, "reason_prompt": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "chosen", "level"),
    [
        (["", "c", "a"], ["a", "c"], 2),
        (["a"], ["a"], 1),
        (["", "a", "b", "c"], ["a", "b", "c"], 1),
        ([""], [], 1),
        (["a", "a", "c"], ["a", "c"], 2),
    ],
)
def test_of_several_exactly_those_that_the_rule_counts_are_right(
    app: Flask, sent: list[str], chosen: list[str], level: int
) -> None:
    value = choice.read_answer(SEVERAL, MultiDict([("choices", key) for key in sent]))
    assert value["choices"] == chosen
    assert choice.rule_levels(SEVERAL, value, [RULE]) == {RULE.id: level}


def test_of_one_only_the_last_that_was_sent_is_chosen(app: Flask) -> None:
    sent = MultiDict([("choices", key) for key in ("a", "b")])
    assert choice.read_answer(CHOICE, sent)["choices"] == ["b"]


def test_several_that_count_need_several_to_be_chosen(app: Flask) -> None:
    assert not choice.needs(SEVERAL, keyed=True, read=False)
    ((place, words),) = choice.needs({**SEVERAL, "several": False}, keyed=True, read=False)
    assert (place, "lets only one be chosen" in words) == ("options", True)


def test_what_went_out_with_one_key_is_scored_as_before(app: Flask) -> None:
    before = {"options": SEVERAL["options"], "keyed": "b", "reason": False, "reason_prompt": ""}
    assert not choice.several(before)
    for chosen, level in (("b", 2), ("a", 1)):
        value = choice.read_answer(before, _sent(choices=chosen))
        assert choice.rule_levels(before, value, [RULE]) == {RULE.id: level}
    assert not choice.needs({**before, "keyed": "b"}, keyed=True, read=False)
    assert choice.keyed({**before, "keyed": ""}) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [("", 0), ("one", 1), ("it’s at 17:00, 4.5 km off", 6), ("Привет, Ана", 2), ("王思远来", 2), ("— …", 0),
     ("हिन्दी में लिखा", 3), ("می‌خواهم بیایم", 2), ("cafe\u0301", 1)],
)  # fmt: skip
def test_words_are_counted_in_any_script(text: str, words: int) -> None:
    assert count_words(text) == words


@pytest.mark.parametrize(
    ("kind", "settings"), [("written", {}), ("choice", {"options": [], "reason": True})]
)
def test_a_form_that_lost_its_text_empties_no_answer(
    app: Flask, kind: str, settings: dict[str, object]
) -> None:
    with app.test_request_context(), pytest.raises(Refused, match="did not arrive"):
        kind_of(kind).read_answer(settings, MultiDict({"base": "1"}))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Dear Yara,\nyou are right.\n\nBye", [("p", "Dear Yara,<br>you are right."), ("p", "Bye")]),
        ("def a():\n    b\n\n    x < 2", [("pre", "def a():\n    b\n\n    x &lt; 2")]),
        ("def a():\n  b\n\ndef c():\n  d", [("pre", "def a():\n  b"), ("pre", "def c():\n  d")]),
        ("Line 24:\n\treturn <b>", [("pre", "Line 24:\n\treturn &lt;b&gt;")]),
        (
            "Change:\n```python\na = 1\n\nb = 2\n```\nThe rest stays.",
            [("p", "Change:"), ("pre", "a = 1\n\nb = 2"), ("p", "The rest stays.")],
        ),
        ("```\nNever closed.\n\n  a = 1", [("p", "Never closed."), ("pre", "  a = 1")]),
        ("```\n```", []),
        ("  I begin like this. " + "So it is. " * 20, [("p", "  I begin like this. " + "So it is. " * 20)]),
        ("One.\n   \n Two.", [("p", "One.<br>   <br> Two.")]),
    ],
)  # fmt: skip
def test_code_keeps_its_lines_and_sentences_flow(text: str, shown: list[tuple[str, str]]) -> None:
    assert verses(text) == shown


def test_code_is_read_as_typed_by_reviewers_and_afterwards(app: Flask) -> None:
    task = Task(kind="choice", settings=CHOICE)
    value = {"choices": ["b"], "reason": "if x:\n    y = 1"}
    for part in ("marking", "shown"):
        html = render_template(choice.template(part), kind=choice, task=task, value=value)
        assert re.search(r"<pre[^>]*>if x:\n    y = 1</pre>", html)


def test_many_fences_are_read_in_a_moment() -> None:
    began = monotonic()
    for text in ("```x\n", "```\n", "  \n", " ", "\t", "  a\n\n"):
        verses(text * (TEXT // len(text)))
    assert monotonic() - began < 2


# ── files ────────────────────────────────────────────────────────────────────


def test_a_file_task_says_what_it_takes(app: Flask) -> None:
    with app.test_request_context():
        assert file.detail(FILES) == "file: PDF or picture"
        assert file.asks(FILES) == "Up to 2 files: PDF or picture, each at most 5 MB."
        assert file.asks({**FILES, "most_files": 1}) == "One file: PDF or picture, at most 5 MB."
        assert file.facts(FILES)["Types of file"] == "PDF or picture"
        assert file.needs({**FILES, "types": []}, keyed=False, read=True)
        assert not file.needs(FILES, keyed=False, read=True)
    assert file.endings(FILES) == ".pdf,.png,.jpg,.webp,.jpeg"
    assert file.takes(FILES, PAPERS["application/pdf"])
    assert not file.takes(FILES, PAPERS["text/plain"])


def test_a_forged_author_gets_what_the_page_offers(app: Flask) -> None:
    sent = MultiDict(
        [("types", "pdf"), ("types", "exe"), ("most_mb", "9000"), ("most_files", "-1")]
    )
    read = file.read_settings(file.new_settings(), sent)
    assert read == {"types": ["pdf"], "most_mb": 10, "most_files": 1, "note": False}


def test_a_form_cannot_name_files_and_keeps_the_words(app: Flask) -> None:
    value = file.read_answer(FILES, _sent(text="Look at page 2.", files="0001"))
    assert value == {"files": [], "text": "Look at page 2."}
    whole = file.with_files(value, [PLAN])
    assert file.files_in(whole) == [PLAN]
    assert not file.is_empty(whole)
    assert not file.is_empty(file.with_files(file.empty(), [PLAN]))
    assert file.as_text(FILES, whole) == "Plan of Kit Marlow.png\n\nLook at page 2."
    with pytest.raises(Refused):
        file.read_answer(FILES, _sent())
    assert file.read_answer({**FILES, "note": False}, _sent())["text"] == ""


def test_a_blind_answer_has_files_under_neutral_names(app: Flask) -> None:
    value = {"files": [PLAN, {**PLAN, "type": "application/pdf"}], "text": "By Kit."}
    masked = file.masked(value, lambda text: text.replace("Kit", "…"))
    assert masked["text"] == "By …."
    assert [f["name"] for f in masked["files"]] == ["file-1.webp", "file-2.pdf"]
    assert "Kit" not in str(masked)
    assert "0001" not in str(masked)


@pytest.mark.parametrize("part", ["answer", "marking", "shown", "asked", "offered"])
def test_a_hostile_file_name_is_only_a_text(app: Flask, part: str) -> None:
    hostile = {**PLAN, "name": '"><script>alert(1)</script>.png'}
    task = Task(kind="file", settings=FILES)
    with app.test_request_context():
        html = render_template(
            file.template(part), kind=file, task=task, value={"files": [hostile], "text": "<b>"}
        )
    assert "<script" not in html
    assert "<b>" not in html.replace("<bdi>", "")
