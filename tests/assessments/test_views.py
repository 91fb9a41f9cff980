"""The pages of assessments: who may open and press what, and what becomes of every kind of typing."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from hiring.assessments import queries, shipped
from hiring.assessments.models import Version
from hiring.kernel.database import session
from hiring.kernel.forms import TEXT
from tests.assessments.page import PARTIAL, Draft, fields_of
from tests.counting import statements
from tests.factories import browser, draft_assessment, signed_in, version

WHO = ("ola", "rae", "vic", "anonymous")
BASE, OUT = "/staff/assessments/{draft}", "/staff/assessments/{out}"
NOBODY = UUID(int=7)
CONTRACT = [  # method, path, then a status for each of WHO
    ("GET", "/staff/assessments", 200, 200, 404, 303),
    ("GET", "/staff/assessments/templates", 200, 200, 404, 303),
    ("POST", "/staff/assessments", 404, 404, 404, 401),
    ("GET", BASE, 200, 200, 404, 303),
    ("GET", OUT, 303, 303, 404, 303),
    ("POST", f"{BASE}/draft", 303, 303, 404, 401),
    ("POST", f"{OUT}/draft", 303, 303, 404, 401),  # to what went out: nothing else was typed
    ("POST", f"{BASE}/publication", 422, 422, 404, 401),
    ("POST", f"{OUT}/publication", 303, 303, 404, 401),
    ("POST", f"{BASE}/restoration", 422, 422, 404, 401),
    ("POST", f"{BASE}/versions", 303, 303, 404, 401),
    ("POST", f"{OUT}/versions", 303, 303, 404, 401),
    ("GET", f"{BASE}/removal", 200, 200, 404, 303),
    ("GET", f"{OUT}/removal", 404, 404, 404, 303),
    ("POST", f"{BASE}/removal", 422, 422, 404, 401),
    ("POST", f"{OUT}/removal", 404, 404, 404, 401),
    ("GET", f"{OUT}/versions/1", 200, 200, 404, 303),
    ("GET", f"{OUT}/versions/2", 404, 404, 404, 303),
    ("GET", f"{BASE}/versions/1", 404, 404, 404, 303),
    ("GET", f"{BASE}/preview", 200, 200, 404, 303),
    ("GET", f"{OUT}/preview?version=1", 200, 200, 404, 303),
    ("GET", f"{OUT}/preview?version=7", 404, 404, 404, 303),
    ("GET", f"{BASE}/preview/tasks/1", 200, 200, 404, 303),
    ("GET", f"{BASE}/preview/tasks/5", 404, 404, 404, 303),
    ("GET", f"/staff/assessments/{NOBODY}", 404, 404, 404, 303),
    ("POST", f"/staff/assessments/{NOBODY}/draft", 404, 404, 404, 401),
    ("POST", f"/staff/assessments/{NOBODY}/versions", 404, 404, 404, 401),
    ("GET", "/staff/assessments/forged", 404, 404, 404, 404),
]
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
SHOWN = "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.mark.parametrize("row", CONTRACT, ids=lambda row: f"{row[0]} {row[1]}")
def test_who_may_do_what(app: Flask, row: tuple[Any, ...]) -> None:
    method, path, *statuses = row
    ids = {"draft": draft_assessment(), "out": version().assessment_id}
    found = []
    for who in WHO:
        client = signed_in(app, who) if who != "anonymous" else browser(app)
        answer = client.open(path.format(**ids), method=method, headers=SAME_ORIGIN)
        found.append(answer.status_code)
    assert found == statuses


@pytest.fixture
def rae(app: Flask) -> FlaskClient:
    """Rae's browser."""
    return signed_in(app, "rae")


@pytest.fixture
def begun(rae: FlaskClient) -> UUID:
    """A draft from the shipped template."""
    return draft_assessment()


@pytest.fixture
def window(rae: FlaskClient, begun: UUID) -> Draft:
    """A window with it."""
    return Draft(rae, begun)


def kept(assessment_id: UUID) -> Version:
    session.expire_all()
    return queries.draft_of(assessment_id)


def test_an_empty_list_says_what_an_assessment_is_and_how_to_begin(rae: FlaskClient) -> None:
    html = rae.get("/staff/assessments").text
    assert "Nothing is asked yet" in html
    assert "See the templates" in html
    assert "Begin with an empty page" in html


def test_the_list_is_searched_sorted_and_asks_as_often_for_thirty(rae: FlaskClient) -> None:
    version()
    with statements() as for_one:
        rae.get("/staff/assessments")
    for _nth in range(29):
        draft_assessment(None)
    with statements() as for_thirty:
        html = rae.get("/staff/assessments").text
    assert len(for_one) == len(for_thirty)
    assert "Untitled" in html
    assert "out since" in html
    assert "Untitled" not in rae.get("/staff/assessments?q=INVOICE").text
    assert "No title has" in rae.get("/staff/assessments?q=%25").text
    for sort in ("title", "-minutes", "saved", "forged"):
        assert rae.get(f"/staff/assessments?sort={sort}").status_code == 200


def test_every_template_is_offered_with_minutes_criteria_and_a_sample(rae: FlaskClient) -> None:
    page = rae.get("/staff/assessments/templates").text
    for template in shipped.templates():
        article = page.partition(f'<article class="template" aria-labelledby="{template.slug}">')[2]
        article = unescape(article.partition("</article>")[0])
        assert f"{template.minutes} minutes" in article
        assert all(name in article for name in template.marked)
        assert "A strong answer to" in article
        assert article.count('name="template"') == 1
    ids = re.findall(r'name="id"[^>]*value="([^"]+)"', page)
    pairs = sum(len(run) for name, run in shipped.families() if name)  # begun together, too
    assert len(set(ids)) == len(ids) == len(shipped.templates()) + pairs + 1


def test_two_templates_that_belong_together_stand_under_their_name_in_order(
    rae: FlaskClient,
) -> None:
    page = rae.get("/staff/assessments/templates").text
    places = [page.index(words) for words in (
        "<h2>Two days, one stall</h2>", "part 1 of 2", "Two days, one stall: the first day", "part 2 of 2",
    )]  # fmt: skip
    assert places == sorted(places)


def test_the_id_of_a_new_assessment_survives_no_reload(rae: FlaskClient) -> None:
    for path in ("/staff/assessments", "/staff/assessments/templates"):
        ids = re.findall(r'<input type="hidden"[^>]*name="id"[^>]*>', rae.get(path).text)
        assert ids
        assert all('autocomplete="off"' in field for field in ids)


def test_begun_by_a_double_press_is_begun_once(rae: FlaskClient) -> None:
    form = {"id": str(uuid4()), "template": "the-invoice-charged-twice"}
    first, second = (rae.post("/staff/assessments", data=form) for _nth in range(2))
    assert first.location == second.location == f"/staff/assessments/{form['id']}"
    window = Draft(rae, UUID(form["id"]))
    window.press("publication")
    assert rae.post("/staff/assessments", data=form).location == first.location
    assert rae.get("/staff/assessments").text.count("The invoice charged twice") == 1
    assert rae.post("/staff/assessments", data={**form, "id": "x"}).status_code == 404
    forged = {"id": str(uuid4()), "template": "../../../etc"}
    assert rae.post("/staff/assessments", data=forged).status_code == 404


def test_a_page_that_is_sent_back_as_it_came_changes_nothing(window: Draft, begun: UUID) -> None:
    assert window.press().status_code == 303
    assert kept(begun).revision == 1


def test_what_is_typed_is_kept_after_a_pause_and_shown_as_candidates_read_it(
    window: Draft, begun: UUID
) -> None:
    window.type("-prompt", f"**Bold** and {SCRIPT}", nth=1)
    window.type("-minutes", "17", nth=1)
    answer = window.pause()
    assert answer.status_code == 200
    assert "<strong>Bold</strong>" in answer.text
    assert SHOWN in answer.text
    assert "<script" not in answer.text
    assert "The tasks take 36 minutes together, 1 more than the limit of 35." in answer.text
    assert "<textarea" not in answer.text  # nothing that is being typed is swapped
    task = kept(begun).tasks[1]
    assert (task.minutes, task.prompt) == (17, f"**Bold** and {SCRIPT}")
    window.type("-prompt", "Once more.", nth=1)
    assert window.pause().status_code == 200
    assert kept(begun).revision == 3


def test_a_lost_answer_does_not_stand_in_the_way(window: Draft, begun: UUID) -> None:
    window.type("-lead", "First.")
    window.client.post(f"{window.path}/draft", data=window.fields, headers=PARTIAL)  # never arrives
    window.type("-lead", "First, and more.")
    assert window.pause().status_code == 200
    assert kept(begun).lead == "First, and more."


def test_the_older_of_two_windows_is_refused_and_shows_both_texts(
    app: Flask, window: Draft, begun: UUID
) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    other.type("-prompt", "Ola’s text.", nth=1)
    other.press()
    window.type("-prompt", "Rae’s text.", nth=1)
    window.type("-lead", "Rae’s lead.")
    quiet = window.pause()
    assert quiet.status_code == 422
    assert "Changed in another window meanwhile: Answer" in quiet.text
    loud = window.press()
    assert loud.status_code == 422
    assert "Ola’s text." in loud.text
    assert "Rae’s text." in loud.text
    version = kept(begun)
    assert (version.lead, version.tasks[1].prompt) == ("Rae’s lead.", "Ola’s text.")
    other.open()
    other.type("-prompt", "Ola’s newer text.", nth=1)
    other.press()
    loud = window.press(over=over_in(loud))  # she has not seen that one
    assert loud.status_code == 422
    assert "Ola’s newer text." in loud.text
    assert "Rae’s text." in loud.text
    assert window.press(over=over_in(loud)).status_code == 303
    assert kept(begun).tasks[1].prompt == "Rae’s text."


def over_in(answer: TestResponse) -> str:
    """What the button that keeps one's own text sends."""
    return re.findall(r'name="over"\s+value="([^"]+)"', answer.text)[0]


def test_what_was_changed_elsewhere_is_called_by_what_is_kept(
    app: Flask, window: Draft, begun: UUID
) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    for each, text in ((other, "Ola’s title"), (window, "Rae’s title")):
        each.type("-title", text)
        each.type("-title", text, nth=1)
    other.press()
    for answer in (window.pause(), window.press()):
        told = re.findall(r"Changed in another window meanwhile: [^.]+\.", answer.text)
        assert [words.partition(": ")[2] for words in told] == [
            "Title and instructions.", "Ola’s title.",
        ]  # fmt: skip


def test_a_choice_that_changed_elsewhere_is_shown(app: Flask, window: Draft, begun: UUID) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    key = f"task-{kept(begun).tasks[0].id}"
    keyed = other.fields[f"{key}-keyed"]
    del other.fields[f"{key}-keyed"]
    other.fields[f"{key}-keyed"] = next(
        name.rpartition("-")[2] for name in other.fields
        if name.startswith(f"{key}-option-") and not name.endswith(keyed)
    )  # fmt: skip
    other.press()
    window.fields[f"{key}-reason_prompt"] = "Why?"
    answer = window.press()
    assert answer.status_code == 422
    assert "What the rule counts" in answer.text


def test_a_window_that_went_on_elsewhere_writes_over_nothing_it_has_not_seen(
    app: Flask, window: Draft, begun: UUID
) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    other.type("-lead", "Ola’s lead.")
    other.press()
    for prompt in ("Rae’s prompt.", "Rae’s prompt, and more."):
        window.type("-prompt", prompt, nth=1)
        quiet = window.pause()  # its page still shows the lead as it was
        assert quiet.status_code == 200
        assert "This draft was changed in another window too." in quiet.text
    assert kept(begun).lead == "Ola’s lead."
    assert kept(begun).tasks[1].prompt == "Rae’s prompt, and more."
    answer = window.press("publication")
    assert answer.status_code == 422
    assert "Read it once more" in answer.text
    assert kept(begun).published_at is None
    window.open()
    window.type("-prompt", "Again.", nth=1)
    assert "in another window" not in window.pause().text
    window.type("-lead", "Rae’s lead.")
    assert window.pause().status_code == 200
    assert window.press("publication").status_code == 303


def test_typing_over_a_part_that_changed_elsewhere_is_seen_however_late(
    app: Flask, window: Draft, begun: UUID
) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    other.type("-lead", "Ola’s lead.")
    other.press()
    window.type("-prompt", "Rae’s prompt.", nth=1)
    assert window.pause().status_code == 200
    window.type("-lead", "Rae’s lead.")
    assert window.pause().status_code == 422
    assert kept(begun).lead == "Ola’s lead."


def test_a_part_that_one_window_saved_first_and_another_after_it_is_not_written_over(
    app: Flask, window: Draft, begun: UUID
) -> None:
    window.type("-lead", "Rae’s lead.")
    assert window.pause().status_code == 200
    other = Draft(signed_in(app, "ola"), begun)
    other.type("-title", "Ola’s title")
    other.press()
    window.type("-prompt", "Rae’s prompt.", nth=1)
    assert window.pause().status_code == 200  # its page still shows the title as it was
    window.type("-lead", "Rae’s lead, and more.")
    for answer in (window.pause(), window.press()):
        assert answer.status_code == 422
    assert (kept(begun).title, kept(begun).lead) == ("Ola’s title", "Rae’s lead.")


def test_a_level_that_was_added_elsewhere_is_not_dropped_by_who_saved_before(
    app: Flask, window: Draft, begun: UUID
) -> None:
    name = window.type("-levels-0-sees", "Rae’s words.", nth=2)
    assert window.pause().status_code == 200
    other = Draft(signed_in(app, "ola"), begun)
    key = name.partition("-levels-")[0]
    other.press(**{"add-level": key})
    window.type("-levels-0-sees", "Rae’s words, and more.", nth=2)
    assert window.pause().status_code == 422
    assert len(kept(begun).tasks[1].rubric[0].levels) == 5


def test_a_part_that_was_added_elsewhere_stands_in_nobodys_way(
    app: Flask, window: Draft, begun: UUID
) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    other.press(**{"add-task": "written"})
    other.press(**{"add-material": "log"})
    for prompt in ("Rae’s prompt.", "Rae’s prompt, and more."):
        window.type("-prompt", prompt, nth=1)
        assert window.pause().status_code == 200
    assert len(kept(begun).tasks) == 5
    assert window.press().status_code == 303


def test_text_typed_long_after_its_part_was_taken_out_elsewhere_is_shown(
    app: Flask, window: Draft, begun: UUID
) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    other.press(remove=other.field("-prompt", 1).removesuffix("-prompt"))
    window.type("-lead", "Rae’s lead.")
    assert window.pause().status_code == 200
    window.type("-prompt", "An hour of work.", nth=1)
    assert window.pause().status_code == 422
    assert "An hour of work." in window.press().text


def test_the_other_text_can_be_taken(app: Flask, window: Draft, begun: UUID) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    other.type("-lead", "Ola’s lead.")
    other.press()
    window.type("-lead", "Rae’s lead.")
    window.press()
    assert window.press(take="version").status_code == 303
    assert kept(begun).lead == "Ola’s lead."


def test_text_typed_into_a_part_that_was_taken_out_elsewhere_is_shown(
    app: Flask, window: Draft, begun: UUID
) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    other.press(remove=other.field("-prompt", 1).removesuffix("-prompt"))
    window.type("-prompt", "An hour of work.", nth=1)
    answer = window.press()
    assert answer.status_code == 422
    assert "taken out in another window" in answer.text
    assert "An hour of work." in answer.text


@pytest.mark.parametrize(
    ("ending", "text", "sentence"),
    [
        ("-prompt", "x" * (TEXT + 1), "100,001 characters are more than the 100,000"),
        ("-title", "王" * 201, "201 characters are more than the 200"),
        ("-minutes", "61", "Write a whole number from 0 to 60."),
        ("-minutes", "-5", "Write a whole number from 0 to 60."),
        ("-minutes", "٣٥٠٠٠٠٠٠٠٠٠", "Write a whole number from 0 to 60."),
        ("-weight", "", "Write a whole number from 0 to 100."),
        ("-limit_minutes", "-3", "Write a whole number from 20 to 60."),
        ("-limit_minutes", "61", "Write a whole number from 20 to 60."),
        ("-ai_policy", "forged", "Not a valid choice"),
    ],
)
def test_what_cannot_be_kept_stays_on_the_page_and_the_rest_is_saved(
    window: Draft, begun: UUID, ending: str, text: str, sentence: str
) -> None:
    nth = {"-title": 2, "-limit_minutes": 0}.get(ending, 1)
    name = window.type(ending, text, nth=nth)
    window.type("-lead", "Saved all the same.")
    answer = window.press()
    assert answer.status_code == 422
    assert sentence in answer.text
    if ending != "-ai_policy":
        assert fields_of(answer)[name] == text
    assert kept(begun).lead == "Saved all the same."


def test_of_a_part_only_what_cannot_be_kept_is_not_saved(window: Draft, begun: UUID) -> None:
    """One title too long kept the instructions beside it from being saved, and the page said otherwise."""
    before = kept(begun).title
    window.type("-title", "x" * 300)
    window.type("-lead", "Long work." * 10_000)
    answer = window.press(then="preview")
    assert answer.status_code == 422
    assert "Everything else is saved." in answer.text
    assert (kept(begun).title, kept(begun).lead) == (before, "Long work." * 10_000)
    assert window.fields[window.field("-title")] == "x" * 300
    window.type("-lead", "Longer still.")
    assert window.pause().status_code == 422
    assert kept(begun).lead == "Longer still."
    window.type("-title", "Short")
    quiet = window.pause()
    assert quiet.status_code == 200  # its own earlier half is not in its way
    assert kept(begun).title == "Short"
    assert re.search(r'<div id="in-the-way"\s+hx-swap-oob="true">\s*</div>', quiet.text)


def test_one_sentence_of_a_level_that_is_too_long_keeps_no_other_from_being_saved(
    window: Draft, begun: UUID
) -> None:
    window.type("-levels-0-sees", "x" * 1_001, nth=2)
    window.type("-levels-0-told", "Told.", nth=2)
    window.type("-levels-1-sees", "Seen.", nth=2)
    answer = window.press()
    assert answer.status_code == 422
    assert answer.text.count("1,001 characters are more") == 2  # beside the field and on the list
    first, second = kept(begun).tasks[1].rubric[0].levels[:2]
    assert len(first.sees) < 1_000
    assert (first.told, second.sees) == ("Told.", "Seen.")


def test_options_that_cannot_be_kept_stay_on_the_page(window: Draft, begun: UUID) -> None:
    before = kept(begun).tasks[0].settings
    key = f"task-{kept(begun).tasks[0].id}"
    name = next(name for name in window.fields if name.startswith(f"{key}-option-"))
    window.fields[name] = "x" * 201
    window.fields[f"{key}-prompt"] = "Choose."
    for answer in (window.pause(), window.press()):
        assert answer.status_code == 422
        assert "An option has at most 200 characters. Options and reason are still" in answer.text
    assert window.fields[name] == "x" * 201
    assert (kept(begun).tasks[0].prompt, kept(begun).tasks[0].settings) == ("Choose.", before)


def test_what_is_too_long_in_one_window_writes_over_nothing_of_another(
    app: Flask, window: Draft, begun: UUID
) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    other.type("-title", "Ola’s title")
    other.press()
    window.type("-title", "x" * 300)
    assert window.pause().status_code == 422
    window.type("-title", "Rae’s title")
    assert window.pause().status_code == 422
    window.type("-title", "x" * 300)
    window.type("-lead", "Rae’s lead.")
    assert "Ola’s title" in window.press().text
    assert (kept(begun).title, kept(begun).lead == "Rae’s lead.") == ("Ola’s title", False)


def test_what_is_too_long_in_a_part_that_is_gone_is_shown(
    app: Flask, window: Draft, begun: UUID
) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    other.press(remove=other.field("-prompt", 1).removesuffix("-prompt"))
    window.type("-title", "x" * 300, nth=2)
    answer = window.press()
    assert answer.status_code == 422
    assert "x" * 300 in answer.text


def test_the_sentence_about_spelling_follows_its_tick_until_one_writes_ones_own(
    window: Draft, begun: UUID
) -> None:
    window.press(**{"add-task": "written"})
    key = f"task-{kept(begun).tasks[4].id}"
    for tick, sentence in (("y", "Spelling is marked."), ("", "Spelling is not marked.")):
        window.fields.setlist(f"{key}-spelling_counts", [tick] if tick else [])
        window.pause()  # the field on the page stays as it is
        assert window.press().status_code == 303
        assert window.fields[f"{key}-spelling_sentence"] == sentence
        assert kept(begun).tasks[4].spelling_counts == bool(tick)
    window.fields[f"{key}-spelling_counts"] = "y"
    window.fields[f"{key}-spelling_sentence"] = "Names must be right."
    window.press()
    assert kept(begun).tasks[4].spelling_sentence == "Names must be right."


def test_levels_say_which_one_is_best_and_who_reads_them(window: Draft, begun: UUID) -> None:
    written, keyed = window.client.get(window.path).text, kept(begun).tasks[0].rubric[0]
    by_rule = written.partition(f'id="line-{keyed.id}"')[2].partition("</section>")[0]
    assert "Staff see" in by_rule
    assert "The reviewer sees" not in by_rule
    marked = [task for task in kept(begun).tasks if task.rubric]
    assert written.count("Level 1 is the lowest, the last one the best.") == len(marked)
    assert "The reviewer sees" in written


def test_what_lacks_a_criterion_leads_to_where_one_is_added(rae: FlaskClient) -> None:
    empty = Draft(rae, draft_assessment(None))
    empty.press(**{"add-task": "written"})
    html = rae.get(empty.path).text
    place = re.findall(r'href="#([^"]+)">No task is marked', html)[0]
    assert re.search(rf'id="{place}"\s+name="add-line"', html)


def test_the_longest_text_in_any_script_is_kept(window: Draft, begun: UUID) -> None:
    window.type("-prompt", "你" * TEXT, nth=1)
    assert window.press().status_code == 303
    assert len(kept(begun).tasks[1].prompt) == TEXT


def test_a_table_too_long_for_a_page_is_kept_and_does_not_go_out(
    window: Draft, begun: UUID
) -> None:
    sheet = next(m for m in kept(begun).materials if m.title == "Event log")
    window.fields[f"material-{sheet.id}-content"] = "n\n" + "1\n" * 40_000
    answer = window.pause()
    assert "“Event log” has 35,000 rows more than a page can show; shorten it." in answer.text
    assert "35,000 more rows are not shown." in answer.text
    assert len(answer.text) < 1_000_000
    assert len(next(m for m in kept(begun).materials if m.id == sheet.id).content) == 80_001
    assert window.press("publication").status_code == 422


@pytest.mark.parametrize("text", ["Олена Ткаченко", "محمد العطار", "Nguyễn Thị", "🦦 O’Ní", SCRIPT])
def test_titles_in_any_script_are_kept_and_shown(window: Draft, begun: UUID, text: str) -> None:
    window.type("-title", text)
    assert window.press().status_code == 303
    assert kept(begun).title == text
    for path in (window.path, f"{window.path}/preview", "/staff/assessments"):
        html = window.client.get(path).text
        assert "<script>alert" not in html
        assert (SHOWN if text == SCRIPT else text.replace("’", "’")) in html


def test_every_button_of_the_page_does_its_act_and_keeps_what_was_typed(
    window: Draft, begun: UUID
) -> None:
    window.press(**{"add-task": "choice"})
    task = kept(begun).tasks[4]
    key = f"task-{task.id}"
    window.fields[f"{key}-title"] = "Typed, then pressed elsewhere"
    window.press(**{"add-line": key})
    window.press(up=key)
    window.press(share=key)
    line = kept(begun).tasks[3].rubric[1]
    window.press(**{"add-level": f"line-{line.id}"})
    window.press(**{"drop-level": f"line-{line.id}"})
    window.press(**{"add-material": "log"})
    material = kept(begun).materials[-1]
    window.fields.add(f"{key}-materials", str(material.id))
    window.press(down=f"line-{line.id}")
    window.press(share="version")
    made = kept(begun).tasks[3]
    assert made.title == "Typed, then pressed elsewhere"
    assert [m.id for m in made.materials] == [material.id]
    assert [line.weight for line in made.rubric] == [50, 50]
    assert [t.weight for t in kept(begun).tasks if t.marked] == [25, 25, 25, 25]
    assert len(made.rubric[1].levels) == 4
    window.press(remove=key)
    assert len(kept(begun).tasks) == 4
    window.press("restoration")
    assert kept(begun).tasks[3].title == "Typed, then pressed elsewhere"
    assert window.press("restoration").status_code == 422


def test_choices_are_written_and_keyed(window: Draft, begun: UUID) -> None:
    window.press(**{"add-task": "choice"})
    task = kept(begun).tasks[4]
    names = [name for name in window.fields if name.startswith(f"task-{task.id}-option-")]
    assert len(names) == 3
    window.fields[names[0]], window.fields[names[1]] = "Yes", "No"
    window.fields[f"task-{task.id}-keyed"] = names[1].partition("-option-")[2]
    window.press()
    settings = kept(begun).tasks[4].settings
    assert [option["text"] for option in settings["options"]] == ["Yes", "No"]
    assert settings["keyed"] == [settings["options"][1]["key"]]
    assert not settings["several"]
    window.fields[f"task-{task.id}-several"] = "yes"
    window.fields.setlist(f"task-{task.id}-keyed", [o["key"] for o in settings["options"]])
    window.press()
    settings = kept(begun).tasks[4].settings
    assert settings["several"]
    assert settings["keyed"] == [option["key"] for option in settings["options"]]


RULED = "“The right two first” is scored by rule and needs exactly two levels."
READ = "“Harm and deadline before loudness” needs three to five levels."


@pytest.mark.parametrize(
    ("sentence", "levels", "kept_are"),
    [(RULED, 1, 2), (RULED, 3, 2), (READ, 2, 4), (READ, 0, 4), (READ, 6, 4), (READ, 200, 4)],
)
def test_a_forged_form_adds_and_drops_no_level_past_the_rules(
    window: Draft, begun: UUID, sentence: str, levels: int, kept_are: int
) -> None:
    lines = {line.name: line for task in kept(begun).tasks for line in task.rubric}
    key = f"line-{lines[sentence[1 : sentence.index('”')]].id}-levels-"
    for name in [name for name in window.fields if name.startswith(key)]:
        del window.fields[name]
    for n in range(levels):
        window.fields[f"{key}{n}-sees"] = window.fields[f"{key}{n}-told"] = "Forged."
    forged = window.fields
    for act, headers in (("draft", PARTIAL), ("draft", {}), ("publication", {})):
        answer = window.client.post(f"{window.path}/{act}", data=forged, headers=headers)
        assert answer.status_code == 422
        assert sentence in answer.text
    lines = {line.name: line for task in kept(begun).tasks for line in task.rubric}
    assert len(lines[sentence[1 : sentence.index("”")]].levels) == kept_are
    assert kept(begun).revision == 1


def test_a_forged_level_number_is_no_level(window: Draft, begun: UUID) -> None:
    line = kept(begun).tasks[1].rubric[0]
    for number in ("²", "٣", "-1", "x", "9" * 400):
        window.fields[f"line-{line.id}-levels-{number}-sees"] = "Forged."
    assert window.press().status_code in {303, 422}
    assert len(kept(begun).tasks[1].rubric[0].levels) == 4


@pytest.mark.parametrize("press", ["up", "remove", "add-line", "add-level", "share", "beside-up"])
def test_a_forged_part_is_missing(window: Draft, press: str) -> None:
    for key in (f"task-{uuid4()}", "task-x", "line-", "version2"):
        assert window.press(**{press: key}).status_code == 404


def test_a_draft_goes_out_once_and_is_gone_on_from(window: Draft, begun: UUID) -> None:
    answer = window.press("publication")
    assert answer.location == f"{window.path}/versions/1"
    html = window.client.get(answer.location).text
    assert "Version 1 is out and stays as it is" in html
    assert "choice and reason · 2 criteria · weight 20 %" in html
    assert "written · not marked<" in html
    assert window.press("publication").location == answer.location
    assert window.press().location == answer.location
    window.client.post(f"{window.path}/versions")
    window.client.post(f"{window.path}/versions")
    assert kept(begun).number == 2
    assert "a draft on version 1" in window.client.get(window.path).text


def test_instructions_are_markdown_wherever_they_are_read(window: Draft, begun: UUID) -> None:
    window.type("-lead", f"You are **here**.\n\n- one\n\n{SCRIPT}")
    assert "<strong>here</strong>" in window.pause().text
    window.press("publication")
    for page in (window.path + "/preview?version=1", window.path + "/versions/1"):
        html = window.client.get(page).text
        assert "<strong>here</strong>" in html
        assert "<li>one</li>" in html
        assert SHOWN in html


def test_a_version_leads_to_an_opening_with_it_while_nothing_is_newer(
    window: Draft, begun: UUID
) -> None:
    version("the-invoice-charged-twice")
    window.press("publication")
    page = window.client.get(f"{window.path}/versions/1").text
    buttons = re.findall(r'class="act(?: plain)?"[^>]*>\s*([^<]+)<', page)
    acts = ["Make an opening", "Begin version 2", "Pilot this", "See it as a candidate"]
    assert buttons == acts
    assert "Copy it into a new assessment" in page
    there = re.findall(r'href="(/staff/openings/new[^"]*)"', page)[0]
    chosen = re.findall(r'<option selected value="([^"]+)"', window.client.get(there).text)
    assert str(queries.numbered(begun, 1).id) in chosen
    window.client.post(f"{window.path}/versions")
    assert "Make an opening" not in window.client.get(f"{window.path}/versions/1").text


def test_no_page_anywhere_shows_instructions_as_plain_text(app: Flask) -> None:
    shown = [
        (file.name, line)
        for file in Path(app.root_path, app.template_folder or "").rglob("*.html")
        for line in file.read_text("utf-8").splitlines()
        if re.search(r"{{-? *version\.lead(?!\|markdown)", line)
    ]
    assert not shown


def test_a_draft_that_never_went_out_is_deleted_with_one_press(window: Draft, begun: UUID) -> None:
    assert "Delete this draft" in window.client.get(window.path).text
    page = window.client.get(f"{window.path}/removal").text
    assert "Four tasks go" in page
    window.type("-lead", "Saved meanwhile, in another window.")
    window.press()
    stale = window.client.post(f"{window.path}/removal", data={"revision": 1})
    assert stale.status_code == 422
    assert "Nothing was deleted." in stale.text
    seen = re.findall(r'name="revision"\s+value="(\d+)"', stale.text)[0]
    answer = window.client.post(f"{window.path}/removal", data={"revision": seen})
    assert answer.location == "/staff/assessments"
    assert "is deleted." in window.client.get(answer.location).text
    assert window.client.get(window.path).status_code == 404


def test_a_draft_that_changed_meanwhile_waits_for_a_second_look(
    app: Flask, window: Draft, begun: UUID
) -> None:
    other = Draft(signed_in(app, "ola"), begun)
    other.type("-lead", "Ola’s lead.")
    other.press()
    window.type("-title", "Rae’s title", nth=1)
    answer = window.press("publication")
    assert answer.status_code == 422
    assert "Nothing went out." in answer.text
    assert kept(begun).tasks[0].title == "Rae’s title"
    assert window.press("publication").status_code == 303


def test_the_preview_shows_prompt_material_and_the_kinds_control(
    rae: FlaskClient, begun: UUID
) -> None:
    base = f"/staff/assessments/{begun}/preview"
    assert "35 minutes" in rae.get(base).text
    chosen, wrote = rae.get(f"{base}/tasks/1").text, rae.get(f"{base}/tasks/2").text
    assert 'name="choices"' in chosen
    assert 'name="reason"' in chosen
    assert 'name="text"' in wrote
    for cited in ('id="l5"', 'id="p3"', "Bakkerij Smit", "Thu 15:58"):
        assert cited in wrote
    assert "<form" not in wrote  # nothing can be sent from here


def test_a_save_costs_few_statements(window: Draft) -> None:
    window.type("-lead", "Short.")
    with statements() as seen:
        window.client.post(f"{window.path}/draft", data=MultiDict(window.fields), headers=PARTIAL)
    assert len(seen) < 40


# ── A draft that goes out while somebody writes on it ────────────────────────


def test_what_is_typed_into_a_draft_that_went_out_is_shown_and_not_wiped(
    window: Draft, begun: UUID, rae: FlaskClient
) -> None:
    window.pause()
    other = Draft(rae, begun)
    assert other.press("publication").status_code == 303
    field = window.type("-prompt", "Typed after it went out")
    late = window.client.post(f"{window.path}/draft", data=window.fields, headers=PARTIAL)
    assert late.status_code == 422
    assert late.text.startswith('<div id="checklist"')  # the fields stay, as they stand
    assert "let version 1 go out while you wrote" in " ".join(late.text.split())
    for act in ("draft", "publication"):
        page = window.client.post(f"{window.path}/{act}", data=window.fields)
        assert page.status_code == 422
        assert page.text.count("Typed after it went out") == 1
        assert page.text.count("<textarea") == 1  # what went out as typed needs no saving
    prompts = {task.prompt for task in queries.newest_of(begun).tasks}
    assert window.fields[field] not in prompts


def test_a_second_press_on_publish_leads_to_what_went_out(window: Draft, begun: UUID) -> None:
    for _ in range(2):
        answer = window.press("publication")
        assert answer.status_code == 303
        assert answer.location == f"/staff/assessments/{begun}/versions/1"
    absent = window.client.post(f"/staff/assessments/{uuid4()}/publication", data=window.fields)
    assert absent.status_code == 404


def waits(assessment_id: UUID) -> list[int | None]:
    """For each task of the draft, the number of the one it opens after."""
    tasks = kept(assessment_id).tasks
    return [task.opens_after.position if task.opens_after else None for task in tasks]


def test_an_author_says_which_task_opens_after_which(window: Draft, begun: UUID) -> None:
    tasks = kept(begun).tasks
    first, second, _third, last = (f"{task.id}" for task in tasks)
    assert f"task-{first}-opens_after" not in window.fields  # there is none before it
    window.fields[f"task-{last}-opens_after"] = second
    answer = window.pause()
    assert "opens after task 2" in answer.text
    assert waits(begun) == [None, None, None, 2]
    page = window.client.get(window.path).text
    offered = page.partition(f'name="task-{last}-opens_after"')[2].partition("</select>")[0]
    assert re.findall(r">([^<]+)</option>", offered) == [
        "at once", *(f"after task {task.position}, {task.title}" for task in tasks[:3]),
    ]  # fmt: skip
    assert window.press().status_code == 303
    assert waits(begun) == [None, None, None, 2]
    window.fields[f"task-{last}-opens_after"] = ""
    window.press()
    assert waits(begun) == [None] * 4


@pytest.mark.parametrize("after", [2, 3, "forged"])
def test_a_task_that_would_wait_for_itself_or_a_later_one_is_told_so_and_all_else_kept(
    window: Draft, begun: UUID, after: int | str
) -> None:
    tasks = kept(begun).tasks
    name = f"task-{tasks[2].id}-opens_after"
    window.fields[name] = f"{tasks[1].id}"
    window.press()
    window.type("-title", "Still typed", nth=3)
    window.fields[name] = f"{tasks[after].id}" if isinstance(after, int) else after
    assert window.pause().status_code == 422
    answer = window.press()
    assert answer.status_code == 422
    assert "A task opens after one that comes before it. This was not changed." in answer.text
    assert waits(begun) == [None, None, 2, None]
    assert kept(begun).tasks[2].title == "Still typed"
    assert window.fields[name] == f"{tasks[1].id}"  # the page shows what is kept
    assert window.press().status_code == 303


def test_a_choice_of_task_that_another_window_moved_away_is_told(
    app: Flask, window: Draft, begun: UUID
) -> None:
    tasks = kept(begun).tasks
    other = Draft(signed_in(app, "ola"), begun)
    other.press(down=f"task-{tasks[1].id}")
    window.fields[f"task-{tasks[2].id}-opens_after"] = f"{tasks[1].id}"
    assert window.press().status_code == 422
    assert waits(begun) == [None] * 4


@pytest.mark.parametrize(("press", "nth"), [("up", 2), ("down", 1)])
def test_no_task_is_moved_before_the_one_it_opens_after(
    window: Draft, begun: UUID, press: str, nth: int
) -> None:
    tasks = kept(begun).tasks
    order = [task.id for task in tasks]
    window.fields[f"task-{tasks[2].id}-opens_after"] = f"{tasks[1].id}"
    answer = window.press(**{press: f"task-{tasks[nth].id}"})
    assert answer.status_code == 422
    assert "Task 3 opens after task 2, so it stays behind it." in answer.text
    assert [task.id for task in kept(begun).tasks] == order
    assert waits(begun) == [None, None, 2, None]
    window.press(**{"up": f"task-{tasks[1].id}"})
    assert waits(begun) == [None, None, 1, None]


def test_taking_out_a_task_frees_who_waits_for_it_until_it_is_back(
    window: Draft, begun: UUID
) -> None:
    tasks = kept(begun).tasks
    window.fields[f"task-{tasks[2].id}-opens_after"] = f"{tasks[1].id}"
    window.press(remove=f"task-{tasks[1].id}")
    assert waits(begun) == [None] * 3
    window.press("restoration")
    assert waits(begun) == [None, None, 2, None]
    window.press(remove=f"task-{kept(begun).tasks[1].id}")
    window.press(up=f"task-{tasks[2].id}")
    window.press("restoration")  # it comes back behind the one that waited
    assert waits(begun) == [None] * 4


def test_when_a_task_opens_differs_between_windows(app: Flask, window: Draft, begun: UUID) -> None:
    tasks = kept(begun).tasks
    other = Draft(signed_in(app, "ola"), begun)
    other.fields[f"task-{tasks[2].id}-opens_after"] = f"{tasks[1].id}"
    other.press()
    window.type("-prompt", "Rae’s prompt.", nth=2)
    answer = window.press()
    assert answer.status_code == 422
    told = answer.text.partition("Saved in another window meanwhile")[2].partition("</dl>")[0]
    assert re.findall(r"<dt>([^<]+)", told) == ["Prompt", "Opens"]
    assert "after another task" in told
    assert f"{tasks[1].id}" not in told


def test_who_reads_a_version_or_previews_it_sees_what_waits(rae: FlaskClient) -> None:
    out = version("two-days-one-stall-the-plan")
    base = f"/staff/assessments/{out.assessment_id}"
    assert "weight 70 % · opens after task 1<" in rae.get(f"{base}/versions/1").text
    assert "Task 2 opens when you finish task 1." in rae.get(f"{base}/preview").text
    first = rae.get(f"{base}/preview/tasks/1").text
    assert "Task 2 opens when you finish this one." in first
    assert "Finish this task and open task 2" in first
    assert "2 opens after 1" in first
    second = rae.get(f"{base}/preview/tasks/2").text
    assert "Go on to task 3" in second


def test_a_version_is_copied_by_a_press_however_often(app: Flask) -> None:
    out, rae = version(), signed_in(app, "rae")
    page = rae.get(f"/staff/assessments/{out.assessment_id}/versions/1").text
    [new] = re.findall(r'name="id" value="([^"]+)"', page)
    for _press in range(2):
        told = rae.post("/staff/assessments", data={"id": new, "copy_of": f"{out.id}"})
        assert told.location == f"/staff/assessments/{new}"
    assert f"Copy of {out.title}" in rae.get(told.location).text
    for forged in (f"{NOBODY}", "x"):
        form = {"id": f"{uuid4()}", "copy_of": forged}
        assert rae.post("/staff/assessments", data=form).status_code == 404


def begun_empty(client: FlaskClient) -> str:
    answer = client.post("/staff/assessments", data={"id": f"{uuid4()}"})
    return answer.location.rpartition("/")[2]


def test_an_empty_page_that_was_left_as_it_was_serves_again(app: Flask, rae: FlaskClient) -> None:
    first = begun_empty(rae)
    assert begun_empty(rae) == first
    assert begun_empty(signed_in(app, "ola")) != first
    Draft(rae, UUID(first)).type("-title", "Something at last")
    Draft(rae, UUID(first)).press(**{"add-task": "written"})
    assert begun_empty(rae) != first


def test_one_part_of_a_pair_leads_to_the_other(rae: FlaskClient) -> None:
    first = version("two-days-one-stall-the-plan")
    where = f"/staff/assessments/{first.assessment_id}/versions/1"
    page = rae.get(where).text
    assert 'name="template" value="two-days-one-stall-the-first-day"' in " ".join(page.split())
    draft = draft_assessment("two-days-one-stall-the-first-day")
    page = rae.get(where).text
    assert f'href="/staff/assessments/{draft}"' in page
    assert "still a draft: publish it too" in page
    second = version("two-days-one-stall-the-first-day")
    assert f'href="/staff/assessments/{second.assessment_id}"' in rae.get(where).text


def test_a_version_that_is_out_leads_to_a_pilot_and_a_draft_to_the_one_before(
    rae: FlaskClient,
) -> None:
    out = version()
    path = f"/staff/assessments/{out.assessment_id}"
    acts = rae.get(f"{path}/versions/1").text.partition('class="acts"')[2].partition("</div>")[0]
    assert f'href="/staff/versions/{out.id}/pilots"' in acts
    rae.post(f"{path}/versions")
    draft = rae.get(path).text
    assert f'href="{path}/versions/1"' in draft
    assert f'href="{path}/versions/2/changes"' in draft


def test_the_editor_says_which_sentences_stand_on_the_public_page(rae: FlaskClient) -> None:
    page = rae.get(f"/staff/assessments/{draft_assessment()}").text
    assert "What candidates are told at the two highest levels stands on the public page." in page


def test_at_three_levels_the_editor_says_why_none_can_go(rae: FlaskClient) -> None:
    draft = draft_assessment()
    [line, *_more] = [
        one for task in queries.draft_of(draft).tasks for one in task.rubric if not one.keyed
    ]
    key = f"line-{line.id}"

    def part() -> str:
        page = rae.get(f"/staff/assessments/{draft}?at={key}").text
        return page.partition(f'id="{key}"')[2].partition("<table")[0]

    assert "Take level 4 away" in part()
    assert "Three levels are the least." not in part()
    Draft(rae, draft).press(**{"drop-level": key})
    assert "Take level" not in part()
    assert "Three levels are the least." in part()


def test_both_parts_of_a_pair_are_begun_by_one_press(rae: FlaskClient) -> None:
    page = rae.get("/staff/assessments/templates").text
    form = page.partition("Begin with both")[0].rpartition("<form")[2]
    sent = {
        name: re.findall(rf'name="{name}"\s+value="([^"]+)"', form) for name in ("id", "template")
    }
    for _twice in range(2):
        answer = rae.post("/staff/assessments", data=sent)
        assert answer.location == f"/staff/assessments/{sent['id'][0]}"
    titles = [queries.draft_of(UUID(id)).title for id in sent["id"]]
    assert titles == ["Two days, one stall: the plan", "Two days, one stall: the first day"]
    assert len(rae.get("/staff/assessments").text.split("Two days, one stall")) == 3
