"""What a person asks of one session, as it was typed."""

from dataclasses import dataclass
from datetime import datetime

from flask import request
from werkzeug.datastructures import MultiDict

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.people import practice
from scheduler.sessions import is_within_reach
from scheduler.sessions.models import Session, Status
from scheduler.web.auth.reader_language import reader_language

BACK = "back"
SHORTEST = 10
LONGEST = 480
"""Minutes a session may last."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: cancel, put back, or another start (wall time of the session's zone)
    and length; and how far.
    """

    deed: str
    to: datetime | None
    minutes: int | None
    onward: bool


def typed() -> MultiDict[str, str]:
    """Return what was asked: a look ahead stands in the address, so that it can be gone back to."""
    if request.method in {"GET", "HEAD"}:
        return request.args
    return request.form


def wish_typed(row: Session) -> tuple[Wish | None, dict[str, str]]:
    """Read the form; None with what is wrong, by field."""
    deed = typed().get("deed", "")
    onward = typed().get("onward") == "1"
    if deed == "cancel":
        return Wish(deed, None, None, onward), {}
    if deed == BACK:
        return _back_typed(row)
    return _move_typed(row, deed, onward=onward)


def _back_typed(row: Session) -> tuple[Wish | None, dict[str, str]]:
    """Read where a cancelled session is put back to; one that was moved goes where it was."""
    if row.status is Status.SCHEDULED:
        return Wish(BACK, None, None, False), {}
    to = _start_typed()
    errors = _day_errors(row, to)
    if errors:
        return (None, errors)
    return (Wish(BACK, to, None, False), {})


def _move_typed(row: Session, deed: str, *, onward: bool) -> tuple[Wish | None, dict[str, str]]:
    to = _start_typed()
    minutes = _minutes_typed()
    _ = catalog(reader_language())
    errors = _day_errors(row, to)
    if minutes is None:
        errors["minutes"] = _("Give the length in minutes, from 10 to 480.")
    if deed != "move":
        errors["deed"] = _("Choose whether to change or to cancel.")
    if not errors and to == datetime.fromisoformat(row.starts_local) and minutes == row.minutes:
        errors["day"] = _("Nothing is different yet. Change the day, the time or the length.")
    if errors:
        return (None, errors)
    return (Wish(deed, to, minutes, onward), {})


def _day_errors(row: Session, to: datetime | None) -> dict[str, str]:
    _ = catalog(reader_language())
    if to is None:
        return {"day": _("Give a day and a time.")}
    if is_within_reach(row, to.date(), today=practice().day_at(now())):
        return {}
    said = _("Give a day within the cohort’s stay, or within two years from today.")
    return {"day": said}


def _start_typed() -> datetime | None:
    """Return the day and time that were typed, None where they are none."""
    day = typed().get("day", "")
    at = typed().get("at", "")[:5]
    try:
        return datetime.fromisoformat(f"{day}T{at}")
    except ValueError:
        return None


def _minutes_typed() -> int | None:
    """Return the length that was typed, None where it is no number or out of bounds."""
    said = typed().get("minutes", "")
    if not said.isdecimal() or len(said) > len(str(LONGEST)):
        return None
    if SHORTEST <= int(said) <= LONGEST:
        return int(said)
    return None
