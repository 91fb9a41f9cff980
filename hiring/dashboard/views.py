"""Today: what is late, what waits for me, what did we promise."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from hiring.accounts.settings import organisation
from hiring.dashboard import rules
from hiring.kernel import steadiness
from hiring.kernel.clock import now
from hiring.kernel.gather import gather
from hiring.kernel.guards import actor, any_staff, viewer
from hiring.kernel.promises import Due, Promises

pages = Blueprint("dashboard", __name__)


@pages.get("/staff")
@any_staff
def today() -> str:
    """Every room says what is due; the page sorts and draws it."""
    zone = ZoneInfo(organisation().time_zone)
    local = now().astimezone(zone)
    asked = Promises(actor(), viewer().roles)
    axis = rules.axis_around(local.date(), zone)
    return render_template(
        "dashboard/today.html",
        due=rules.sort_out((one for part in gather(asked) for one in part), at=local),
        axis_of_days=axis,
        stops=_stops(axis),
        local=local,
        clock_doubted=viewer().is_any("owner") and steadiness.is_doubted(),
    )


def _stops(axis: rules.Axis) -> list[tuple[float, str, bool]]:
    """The short name in the middle of each day, and what is beyond them; the present one is set bold."""
    today_is = now().astimezone(axis.zone).date()
    named = [(format_date(day, "EEE"), day == today_is) for day in axis.days]
    return [
        (middle, name, bold)
        for middle, (name, bold) in zip(axis.middles, [*named, (_("later"), False)], strict=True)
    ]


@pages.app_template_global()
def page_of(due: Due) -> str | None:
    """The address where something is done; none while the room that does it is not built."""
    if due.endpoint not in current_app.view_functions:
        return None
    return url_for(due.endpoint, **due.values)


@pages.app_template_global()
def greeting(hour: int, name: str) -> str:
    """A word for the hour of the day, to the given name."""
    words = (
        (12, _("Good morning, %(name)s", name=name)),
        (18, _("Good afternoon, %(name)s", name=name)),
        (24, _("Good evening, %(name)s", name=name)),
    )
    return next(word for until, word in words if hour < until)
