"""What clinicians carry, week by week: hours led, time kept free, and who did not come."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template

from scheduler.hours import Load, loads_of_staff
from scheduler.kernel.clock import now
from scheduler.people import practice
from scheduler.web.auth.access import STAFF, allow
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import date_words, zone_words

bp = Blueprint("caseload", __name__, url_prefix="/desk")


@bp.get("/caseload")
@allow(*STAFF)
def page() -> Page:
    """Show the load of everybody who leads sessions, three weeks back and two ahead."""
    moment = now()
    zone = practice().zone
    staff, loads = loads_of_staff(now=moment, zone=zone)
    mondays = sorted({monday for _, monday in loads})
    rows = []
    for person in staff:
        cells = [loads.get((person.id, monday)) for monday in mondays]
        if any(cells):
            rows.append({"name": person.name, "cells": [_shown(cell) for cell in cells]})
    weeks = [_week(monday, moment, zone) for monday in mondays]
    return render_template("day/caseload.html", rows=rows, weeks=weeks, zone=zone_words(zone))


def _week(monday: datetime, moment: datetime, zone: str) -> dict[str, object]:
    here = moment.astimezone(ZoneInfo(zone)).date()
    days = (here - monday.date()).days
    return {"words": date_words(monday.date()), "is_now": 0 <= days <= 6}


def _shown(load: Load | None) -> dict[str, str] | None:
    if load is None:
        return None
    return {
        "hours": f"{round(load.hours, 1):g}",
        "sessions": str(load.sessions),
        "buffer": f"{round(load.buffer_minutes / 60, 1):g}",
        "no_shows": f"{load.no_shows} of {load.seats}" if load.seats else "",
    }
