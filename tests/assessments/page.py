"""The draft's page as a browser holds it: every field that a press would send."""

from __future__ import annotations

from html.parser import HTMLParser
from uuid import UUID

from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


class _Fields(HTMLParser):
    """Collects what the draft's form would send, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: MultiDict[str, str] = MultiDict()
        self._inside, self._area, self._select = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = has.get("id") == "draft"
        if not self._inside:
            return
        name, value = has.get("name", ""), has.get("value", "")
        ticked = has.get("type") not in {"radio", "checkbox"} or "checked" in has
        if tag == "input" and name and ticked:
            self.fields.add(name, value)
        elif tag == "textarea":
            self._area, self._first = name, True
            self.fields[name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and (self._select not in self.fields or "selected" in has):
            self.fields[self._select] = value

    def handle_data(self, data: str) -> None:
        if self._area:
            # a browser drops the line break that comes right after the tag
            text = data.replace("\r\n", "\n")
            self.fields[self._area] += text.removeprefix("\n") if self._first else text
            self._first = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "form":
            self._inside = False


def fields_of(answer: TestResponse) -> MultiDict[str, str]:
    """What the form on this page would send."""
    reader = _Fields()
    reader.feed(answer.text)
    return reader.fields


class Draft:
    """One open window with a draft in it."""

    def __init__(self, client: FlaskClient, assessment_id: UUID) -> None:
        self.client, self.path = client, f"/staff/assessments/{assessment_id}"
        self.open()

    def open(self) -> None:
        """Load the page anew."""
        answer = self.client.get(self.path)
        assert answer.status_code == 200, answer.status
        self.fields = fields_of(answer)

    def field(self, ending: str, nth: int = 0) -> str:
        """The full name of a field, by how it ends."""
        return [name for name in self.fields if name.endswith(ending)][nth]

    def type(self, ending: str, text: str, nth: int = 0) -> str:
        """Write into a field; its full name."""
        name = self.field(ending, nth)
        self.fields[name] = text
        return name

    def press(self, act: str = "draft", **pressed: str) -> TestResponse:
        """Press a button: the whole form goes, as without a script. The page that follows is held."""
        answer = self.client.post(
            f"{self.path}/{act}",
            data=MultiDict([*self.fields.items(multi=True), *pressed.items()]),
        )
        if answer.status_code == 303 and answer.location.split("?")[0].split("#")[0] == self.path:
            self.open()
        elif answer.status_code == 422:
            self.fields = fields_of(answer)
        return answer

    def pause(self) -> TestResponse:
        """What htmx sends after a pause in typing; the page then knows what was kept."""
        answer = self.client.post(f"{self.path}/draft", data=self.fields, headers=PARTIAL)
        reader = _Fields()
        reader.feed(f'<form id="draft">{answer.text}</form>')
        for name, value in reader.fields.items():
            self.fields[name] = value
        return answer
