"""Beginning, writing, publishing, going on: through the actions, on both databases."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from hiring.assessments import actions, bundles, queries, rules, shipped
from hiring.assessments.drafting import adding, moving, removing, saving
from hiring.assessments.events import VersionPublished
from hiring.assessments.frozen import Frozen
from hiring.assessments.models import Level, Task
from hiring.assessments.parts import key_of, values_of
from hiring.assessments.shipped import Template
from hiring.kernel import events
from hiring.kernel.database import Base, session, writing
from hiring.kernel.prints import print_of
from hiring.kernel.refusals import Missing, Refused
from tests.factories import draft_assessment, staff, version


@pytest.fixture
def rae(app: Flask) -> UUID:
    return staff("rae")


@pytest.fixture
def begun(rae: UUID) -> UUID:
    """A draft from the shipped template."""
    return draft_assessment()


@pytest.mark.parametrize("template", shipped.templates(), ids=lambda template: template.slug)
def test_every_shipped_template_could_go_out_as_it_is(rae: UUID, template: Template) -> None:
    out = queries.version_of(version(template.slug).id)
    assert out.published_at
    assert not [need for need in rules.needs(out) if need.place]  # no advice either
    for task in out.tasks:
        assert (len(task.samples) == len(shipped.QUALITIES)) is is_discussed(task)
        read = {str(line.criterion_id) for line in task.rubric if not line.keyed}
        for sample in task.samples:
            assert {mark["criterion"] for mark in sample.marks} == read
            assert all(mark["why"] for mark in sample.marks)


def is_discussed(task: Task) -> bool:
    """Whether an answer has words: what is scored by rule alone leaves nothing to discuss."""
    return task.settings.get("reason", True) or not all(line.keyed for line in task.rubric)


def test_a_template_that_is_not_shipped_is_missing(rae: UUID) -> None:
    for slug in ("nothing", "../shipped", "the-invoice-charged-twice/..", ""):
        with pytest.raises(Missing), writing():
            shipped.begin_from(slug, uuid4(), by=rae)


def test_begun_twice_is_begun_once(rae: UUID, begun: UUID) -> None:
    with writing():
        again = actions.begin(begun, by=rae)
    assert again.title == "The invoice charged twice"
    assert len(session.execute(queries.rows()).all()) == 1


def test_templates_share_their_criteria_on_the_shelf(rae: UUID) -> None:
    first, second = queries.draft_of(draft_assessment()), queries.draft_of(draft_assessment())
    assert first.tasks[0].rubric[0].criterion_id == second.tasks[0].rubric[0].criterion_id
    assert [c.slug for c in session.scalars(queries.shelf())].count("dated-next-step") == 1


def test_publishing_announces_freezes_and_keeps_a_fingerprint(rae: UUID, begun: UUID) -> None:
    heard: list[VersionPublished] = []
    events.listen(VersionPublished, heard.append)
    with writing():
        out = actions.publish(begun, revision=1, by=rae)
    assert out.fingerprint == bundles.fingerprint(queries.version_of(out.id))
    assert heard == [VersionPublished(out.id, 1, out.fingerprint or "", rae)]
    assert [v.id for v in queries.published_versions()] == [out.id]


def test_a_draft_with_something_missing_does_not_go_out(rae: UUID) -> None:
    empty = draft_assessment(None)
    with pytest.raises(Refused, match="There is no task yet"), writing():
        actions.publish(empty, revision=1, by=rae)


def test_a_draft_that_never_went_out_is_thrown_away_with_all_it_has(rae: UUID, begun: UUID) -> None:
    tables = Base.metadata.sorted_tables
    empty = draft_assessment(None)
    before = {
        table.name: session.scalar(select(func.count()).select_from(table)) for table in tables
    }
    thrown = draft_assessment()
    with writing():
        draft = actions.draft(thrown)
        draft.tasks[3].opens_after = draft.tasks[1]
        adding.add_line(draft, draft.tasks[1], criterion_id=None, by=rae)  # a criterion of its own
    with writing():
        revision = actions.draft(thrown).revision
        assert actions.throw_away(thrown, revision=revision) == "The invoice charged twice"
    session.expire_all()
    after = {
        table.name: session.scalar(select(func.count()).select_from(table)) for table in tables
    }
    assert after == before
    assert {queries.draft_of(kept).number for kept in (begun, empty)} == {1}


def test_what_went_out_is_never_thrown_away(rae: UUID) -> None:
    out = version()
    with writing():
        second = actions.go_on(out.assessment_id, by=rae)
    for revision in (1, second.revision):
        with pytest.raises(Missing), writing():
            actions.throw_away(out.assessment_id, revision=revision)


def test_a_draft_that_was_saved_meanwhile_does_not_go_out(rae: UUID, begun: UUID) -> None:
    with writing():
        adding.add_task(actions.draft(begun), "written", by=rae)
    with pytest.raises(Refused, match="saved after you opened it"), writing():
        actions.publish(begun, revision=1, by=rae)


def _retitle(version_id: UUID) -> None:
    queries.version_of(version_id).title = "Another"
    session.flush()


def _reprompt(version_id: UUID) -> None:
    queries.version_of(version_id).tasks[0].prompt = "Another"
    session.flush()


def _reword(version_id: UUID) -> None:
    queries.version_of(version_id).tasks[0].rubric[0].levels[0].told = "Another"
    session.flush()


def _take_out(version_id: UUID) -> None:
    queries.version_of(version_id).tasks[1].rubric.pop()
    session.flush()


def _add(version_id: UUID) -> None:
    queries.version_of(version_id).tasks[1].rubric[0].levels.append(Level(number=5))
    session.flush()


def _unbeside(version_id: UUID) -> None:
    queries.version_of(version_id).tasks[1].beside.pop()
    session.flush()


CHANGES = (_retitle, _reprompt, _reword, _take_out, _add, _unbeside)


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_of_a_published_version_can_change(
    rae: UUID, change: Callable[[UUID], None]
) -> None:
    out = version()
    with pytest.raises(Frozen), writing():
        change(out.id)
    session.expire_all()
    assert queries.version_of(out.id).fingerprint == bundles.fingerprint(queries.version_of(out.id))


def test_a_published_version_has_no_draft_to_write_on(rae: UUID) -> None:
    out = version()
    with pytest.raises(Missing), writing():
        actions.draft(out.assessment_id)


def test_a_copy_is_an_assessment_of_its_own_with_the_same_criteria(rae: UUID) -> None:
    out, new = version(), uuid4()
    with writing():
        actions.copy(out.id, new, by=rae)
    with writing():
        made = actions.copy(out.id, new, by=rae)  # pressed twice
    assert (made.assessment_id, made.number, made.published_at) == (new, 1, None)
    assert made.title == f"Copy of {out.title}"
    assert queries.numbered(out.assessment_id, 1).title == out.title
    assert [line.criterion_id for task in made.tasks for line in task.rubric] == [
        line.criterion_id for task in out.tasks for line in task.rubric
    ]
    with session.no_autoflush:
        made.title = out.title
        assert bundles.fingerprint(made) == out.fingerprint
    session.rollback()
    with pytest.raises(Missing), writing():
        actions.copy(uuid4(), uuid4(), by=rae)


def test_the_next_draft_has_everything_and_is_there_once(rae: UUID) -> None:
    out = version()
    with writing():
        second = actions.go_on(out.assessment_id, by=rae).id
    with writing():
        assert actions.go_on(out.assessment_id, by=rae).id == second
    copy = queries.version_of(second)
    assert (copy.number, copy.published_at) == (2, None)
    assert bundles.fingerprint(copy) == out.fingerprint
    assert len(copy.tasks[1].samples) == 3
    with writing():
        removing.remove(actions.draft(out.assessment_id), _task(second, 0), by=rae)
    assert len(queries.version_of(out.id).tasks) == 4


def _task(version_id: UUID, nth: int) -> Task:
    return queries.version_of(version_id).tasks[nth]


def test_parts_are_moved_removed_and_put_back(rae: UUID, begun: UUID) -> None:
    before = bundles.fingerprint(queries.draft_of(begun))
    with writing():
        draft = actions.draft(begun)
        moving.move(draft, draft.tasks[0], by_places=1, by=rae)
        moving.move(draft, draft.tasks[0], by_places=-1, by=rae)  # it is the first already
        moving.move(draft, draft.tasks[1], by_places=-1, by=rae)
    assert bundles.fingerprint(queries.draft_of(begun)) == before
    for pick in (lambda d: d.tasks[1], lambda d: d.tasks[1].rubric[2], lambda d: d.materials[0]):
        with writing():
            draft = actions.draft(begun)
            removing.remove(draft, pick(draft), by=rae)
        session.expire_all()
        assert bundles.fingerprint(queries.draft_of(begun)) != before
        with writing():
            removing.put_back(actions.draft(begun), by=rae)
        session.expire_all()
        back = bundles.plain(queries.draft_of(begun))
        assert len(back["tasks"]) == 4
        assert len(back["tasks"][1]["rubric"]) == 5
    with pytest.raises(Refused, match="back already"), writing():
        removing.put_back(actions.draft(begun), by=rae)


def test_a_material_that_is_put_back_lies_beside_its_tasks_again(rae: UUID, begun: UUID) -> None:
    with writing():
        draft = actions.draft(begun)
        removing.remove(draft, draft.materials[0], by=rae)
        assert [m.title for m in draft.tasks[0].materials] == ["Policy"]
        removing.put_back(draft, by=rae)
    session.expire_all()
    assert {m.title for m in queries.draft_of(begun).tasks[0].materials} == {"Inbox", "Policy"}


def test_new_parts_have_limits(rae: UUID, begun: UUID) -> None:
    with writing():
        draft = actions.draft(begun)
        with pytest.raises(Missing):
            adding.add_task(draft, "forged", by=rae)
        while len(draft.tasks) < 12:
            adding.add_task(draft, "written", by=rae)
        with pytest.raises(Refused, match="Twelve tasks"):
            adding.add_task(draft, "written", by=rae)
        line = draft.tasks[1].rubric[0]
        adding.add_level(draft, line, by=rae)
        with pytest.raises(Refused, match="Five levels"):
            adding.add_level(draft, line, by=rae)
        adding.drop_level(draft, line, by=rae)
        adding.drop_level(draft, line, by=rae)
        with pytest.raises(Refused, match="Three levels"):
            adding.drop_level(draft, line, by=rae)
        with pytest.raises(Missing):
            adding.add_material(draft, "forged", by=rae)


def test_a_criterion_from_the_shelf_brings_its_levels_and_its_identity(rae: UUID) -> None:
    source = version().tasks[1].rubric[1]
    empty = draft_assessment(None)
    with writing():
        draft = actions.draft(empty)
        task = adding.add_task(draft, "written", by=rae)
        line = adding.add_line(draft, task, criterion_id=source.criterion_id, by=rae)
        assert (line.name, line.criterion_id, line.weight) == (
            source.name,
            source.criterion_id,
            100,
        )
        assert [level.told for level in line.levels] == [level.told for level in source.levels]
        with pytest.raises(Refused, match="on the task already"):
            adding.add_line(draft, task, criterion_id=source.criterion_id, by=rae)
        with pytest.raises(Missing):
            adding.add_line(draft, task, criterion_id=uuid4(), by=rae)


def test_weights_are_shared_so_that_they_add_up(rae: UUID, begun: UUID) -> None:
    with writing():
        draft = actions.draft(begun)
        marked = [task for task in draft.tasks if task.marked]
        moving.share_evenly(draft, marked, by=rae)
        assert [task.weight for task in marked] == [34, 33, 33]


def test_two_windows_never_write_over_each_other(rae: UUID, begun: UUID) -> None:
    draft = queries.draft_of(begun)
    task = draft.tasks[1]
    key, before = key_of(task), values_of(task)
    base = print_of(before)
    with writing():
        typed = [saving.Typed(key, {**before, "prompt": "First."}, base)]
        assert saving.save(actions.draft(begun), typed, page="one", by=rae).kept == {key}
    with writing():
        typed = [saving.Typed(key, {**before, "prompt": "Second."}, base)]
        assert saving.save(actions.draft(begun), typed, page="two", by=rae).conflicts == {key}
    with writing():  # the answer to its first save was lost: the page knows no newer base
        typed = [saving.Typed(key, {**before, "prompt": "First, more."}, base)]
        assert saving.save(actions.draft(begun), typed, page="one", by=rae).kept == {key}
    with writing():
        typed = [saving.Typed(key, {**before, "prompt": "Second."}, base, over=base)]
        assert saving.save(actions.draft(begun), typed, page="two", by=rae).conflicts == {key}
        seen = print_of({**before, "prompt": "First, more."})
        typed = [saving.Typed(key, {**before, "prompt": "Second."}, base, over=seen)]
        assert saving.save(actions.draft(begun), typed, page="two", by=rae).kept == {key}
    session.expire_all()
    assert queries.draft_of(begun).tasks[1].prompt == "Second."
    assert queries.draft_of(begun).revision == 4


def test_which_task_opens_after_which_is_copied_removed_and_put_back(
    rae: UUID, begun: UUID
) -> None:
    before = bundles.fingerprint(queries.draft_of(begun))
    with writing():
        draft = actions.draft(begun)
        draft.tasks[2].opens_after = draft.tasks[1]
        draft.tasks[3].opens_after = draft.tasks[1]
        out = actions.publish(begun, revision=1, by=rae)
    assert out.fingerprint != before  # it is part of what is asked
    with writing():
        copy = actions.go_on(begun, by=rae)
        assert [task.opens_after for task in copy.tasks] == [None, None, *[copy.tasks[1]] * 2]
        assert bundles.fingerprint(copy) == out.fingerprint
        removing.remove(copy, copy.tasks[1], by=rae)
    session.expire_all()
    assert not any(task.opens_after_id for task in queries.draft_of(begun).tasks)
    with writing():
        removing.put_back(actions.draft(begun), by=rae)
    session.expire_all()
    assert bundles.fingerprint(queries.draft_of(begun)) == out.fingerprint
    with writing():
        draft = actions.draft(begun)
        removing.remove(draft, draft.tasks[3], by=rae)
        removing.put_back(draft, by=rae)
    session.expire_all()
    assert bundles.fingerprint(queries.draft_of(begun)) == out.fingerprint


def test_a_template_says_which_task_opens_after_which(
    rae: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = shipped.template_of("the-invoice-charged-twice")
    last = {**template.content["tasks"][3], "opens_after": "answer-and-hand-over"}
    tasks = [*template.content["tasks"][:3], last]
    changed = replace(template, content={**template.content, "tasks": tasks})
    monkeypatch.setattr(shipped, "template_of", lambda slug: changed)
    draft = queries.draft_of(draft_assessment())
    assert [task.opens_after for task in draft.tasks] == [None] * 3 + [draft.tasks[1]]


def test_what_went_out_before_tasks_could_wait_keeps_its_fingerprint(rae: UUID) -> None:
    out = version()
    content = bundles.plain(queries.version_of(out.id))
    assert all(task["opens_after"] is None for task in content["tasks"])
    place = {material.pop("key"): nth for nth, material in enumerate(content["materials"])}
    for task in content["tasks"]:
        task["materials"] = [place[key] for key in task["materials"]]
        for later in ("key", "opens_after", "samples"):
            del task[later]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert out.fingerprint == sha256(text.encode()).hexdigest()
