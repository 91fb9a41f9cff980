"""What is kept where it is not what was typed, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from hiring.assessments.forms.sheets import Sheet


def differences(sheet: Sheet) -> list[tuple[str, str]]:
    """What is kept where it is not what was typed: label and kept text."""
    typed = _flat(sheet.form.values())
    labels = {f.short_name: str(f.label.text) for f in sheet.form}
    found = [
        (
            _label(name, labels),
            (_("yes") if text else _("no")) if isinstance(text, bool) else str(text),
        )
        for name, text in _flat(sheet.stored).items()
        if typed.get(name) != text
    ]
    if sheet.stored.get("materials") != sheet.form.values().get("materials"):
        found.append((_("Material beside it"), _("other materials, or in another order")))
    if sheet.stored.get("opens_after") != sheet.form.values().get("opens_after"):
        when = _("after another task") if sheet.stored.get("opens_after") else _("at once")
        found.append((_("Opens"), when))
    return found


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if name == "levels":
            for nth, level in enumerate(value, start=1):
                flat |= {f"{side}-{nth}": text for side, text in level.items()}
        elif name == "settings":
            texts = {option["key"]: option["text"] for option in value.get("options", ())}
            flat |= {k: _settings_text(v, texts) for k, v in value.items()}
        elif name not in {"materials", "opens_after"}:
            flat[name] = value
    return flat


def _label(name: str, labels: Mapping[str, str]) -> str:
    side, dash, level = name.partition("-")
    if dash:
        words = _("the reviewer sees") if side == "sees" else _("the candidate is told")
        return _("Level %(n)s, %(side)s", n=level, side=words)
    own = {
        "options": _("Options"),
        "keyed": _("What the rule counts"),
        "several": _("Let candidates choose several"),
        "reason": _("Ask for a reason in writing"),
        "reason_prompt": _("What the reason should say"),
    }
    return labels.get(name) or own.get(name, name)


def _settings_text(value: Any, texts: Mapping[str, str]) -> Any:
    if not isinstance(value, list):
        return value
    keys = (one if isinstance(one, str) else one["key"] for one in value)
    return "\n".join(texts.get(key, "") for key in keys)
