"""Choice: one option of a few, or several, scored by rule, with a written reason that reviewers read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from secrets import token_hex
from typing import TYPE_CHECKING, Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from markupsafe import Markup

from hiring.assessments.kinds import texts
from hiring.assessments.kinds.files import WithoutFiles
from hiring.kernel.forms import LINE, TEXT, clean, straight
from hiring.kernel.refusals import Refused

if TYPE_CHECKING:
    from hiring.assessments.kinds import Fields, Lack, Line

OPTION = "option-"
MAX_OPTIONS = 12


class Choice(WithoutFiles):
    """The value is `{"choices": ["key", …], "reason": "…"}`, the keys in the order of the options.

    Settings: `options` (key, text), `several` (whether more than one may be chosen), `keyed` (the keys
    that the rule counts: all of them and no other must be chosen), `reason` (whether to ask for one)
    and `reason_prompt`. What went out before several could be chosen has one key in `keyed`, as text,
    and no `several`.
    """

    name = "choice"
    label = lazy_gettext("choice")
    add = lazy_gettext("Add a choice task")
    may_be_keyed = True

    def template(self, part: str) -> str:
        return f"kinds/choice/{part}.html"

    def detail(self, settings: Mapping[str, Any]) -> str:
        return _("choice and reason") if settings["reason"] else str(self.label)

    def facts(self, settings: Mapping[str, Any]) -> dict[str, str]:
        texts = {option["key"]: option["text"] for option in settings["options"]}
        counted = [texts[key] for key in self.keyed(settings) if key in texts]
        return {
            _("Options"): "\n".join(texts.values()),
            _("What the rule counts"): "\n".join(counted),
            _("Several may be chosen"): _("yes") if self.several(settings) else _("no"),
            _("Reason asked for"): settings["reason_prompt"] if settings["reason"] else _("no"),
        }

    def new_settings(self) -> dict[str, Any]:
        return {
            "options": [], "several": False, "keyed": [], "reason": False, "reason_prompt": "",
        }  # fmt: skip

    def several(self, settings: Mapping[str, Any]) -> bool:
        """Whether more than one option may be chosen."""
        return bool(settings.get("several"))

    def keyed(self, settings: Mapping[str, Any]) -> list[str]:
        """The keys that the rule counts."""
        keyed = settings["keyed"]
        return list(keyed) if isinstance(keyed, list) else [keyed] if keyed else []

    def rows(self, settings: Mapping[str, Any]) -> list[dict[str, str]]:
        """The options to write on: those there are, and empty ones under keys of their own."""
        options = list(settings["options"])
        empty = min(MAX_OPTIONS, max(3, len(options) + 2)) - len(options)
        return options + [{"key": token_hex(4), "text": ""} for _nth in range(empty)]

    def read_settings(self, settings: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
        options = [
            {"key": name.removeprefix(OPTION), "text": _one_line(fields.get(name, ""))}
            for name in fields.keys()  # noqa: SIM118  a MultiDict's keys, in the form's order
            if name.startswith(OPTION) and fields.get(name, "").strip()
        ]
        wanted = set(fields.getlist("keyed"))
        return {
            "options": options,
            "several": bool(fields.get("several", "")),
            "keyed": [option["key"] for option in options if option["key"] in wanted],
            "reason": bool(fields.get("reason", "")),
            "reason_prompt": str(clean(fields.get("reason_prompt", ""))).strip(),
        }

    def check_settings(self, settings: Mapping[str, Any]) -> None:
        wrong = ""
        if len(settings["options"]) > MAX_OPTIONS:
            wrong = _("Twelve options are the most that people can weigh.")
        elif any(len(option["text"]) > LINE for option in settings["options"]):
            wrong = _("An option has at most 200 characters.")
        elif len(settings["reason_prompt"]) > TEXT:
            wrong = _("What the reason should say has at most 100,000 characters.")
        if wrong:
            still = _("Options and reason are still here as you typed them and not saved.")
            raise Refused(f"{wrong} {still}")

    def needs(self, settings: Mapping[str, Any], *, keyed: bool, read: bool) -> list[Lack]:
        missing = []
        if len(settings["options"]) < 2:  # noqa: PLR2004
            missing.append(("options", _("needs at least two options")))
        texts = [option["text"] for option in settings["options"]]
        for text in sorted({text for text in texts if texts.count(text) > 1}):
            missing.append(("options", _("has the option “%(text)s” more than once", text=text)))
        counted = len(self.keyed(settings))
        if keyed and not counted:
            missing.append(("options", _("needs to know which option the rule counts")))
        if keyed and counted > 1 and not self.several(settings):
            words = _("has several options that the rule counts, and lets only one be chosen")
            missing.append(("options", words))
        if read and not settings["reason"]:
            # nobody would have anything to read, and everyone would get the lowest level
            words = _("has a criterion for reviewers and asks for no reason that they could read")
            missing.append(("reason", words))
        elif not keyed and not settings["reason"]:
            missing.append(("reason", _("is neither scored by rule nor asks for a reason")))
        return missing

    def advice(self, settings: Mapping[str, Any], *, read: bool) -> list[Lack]:
        if not settings["reason"] or read:
            return []
        words = _("asks for a reason that no criterion marks: candidates write it for nobody")
        return [("reason", words)]

    def empty(self) -> dict[str, Any]:
        return {"choices": [], "reason": ""}

    def read_answer(self, settings: Mapping[str, Any], fields: Fields) -> dict[str, Any]:
        sent = fields.getlist("choices")
        offered = [option["key"] for option in settings["options"]]
        if not {"", *offered}.issuperset(sent):
            raise Refused(_("That is none of this task’s options."), field="choices")
        # an option can come alone, and so can the empty one that says that none is ticked;
        # neither that nor a text is a form that was lost
        reason = texts.read_text(
            fields.get("reason", "") if sent else texts.sent(fields, "reason"), field="reason"
        )
        chosen = [key for key in offered if key in sent]
        if not self.several(settings):
            chosen = [key for key in sent if key][-1:]
        return {"choices": chosen, "reason": reason if settings["reason"] else ""}

    def typed(self, fields: Fields) -> dict[str, Any]:
        return {"choices": fields.getlist("choices"), "reason": fields.get("reason", "")}

    def words(self, value: dict[str, Any]) -> int:
        return texts.count_words(value["reason"])

    def is_empty(self, value: dict[str, Any]) -> bool:
        return not value["choices"] and not value["reason"].strip()

    def masked(self, value: dict[str, Any], mask: Callable[[str], str]) -> dict[str, Any]:
        return {"choices": list(value["choices"]), "reason": mask(value["reason"])}

    def rule_levels(
        self, settings: Mapping[str, Any], value: dict[str, Any], rubric: Sequence[Line]
    ) -> dict[UUID, int]:
        right = bool(value["choices"]) and set(value["choices"]) == set(self.keyed(settings))
        unread = not self.wants_person(value, rubric)
        by_key = {line.id: len(line.levels) if right else 1 for line in rubric if line.keyed}
        return by_key | {line.id: 1 for line in rubric if unread and not line.keyed}

    def wants_person(self, value: dict[str, Any], rubric: Sequence[Line]) -> bool:
        return bool(value["reason"].strip()) and any(not line.keyed for line in rubric)

    def as_text(self, settings: Mapping[str, Any], value: dict[str, Any]) -> str:
        chosen = [o["text"] for o in settings["options"] if o["key"] in value["choices"]]
        return "\n\n".join(part for part in (*chosen, value["reason"]) if part)

    def verses(
        self, settings: Mapping[str, Any], value: dict[str, Any]
    ) -> list[tuple[str, Markup]]:
        return texts.verses(value["reason"])

    def sample(self, *, choice: str | list[str] | None, text: str) -> dict[str, Any]:
        chosen = [choice] if isinstance(choice, str) else choice or []
        return {"choices": chosen, "reason": text}


def _one_line(text: str) -> str:
    return " ".join(str(straight(clean(text))).split())
