"""What a person asked for on a session's page."""

from dataclasses import dataclass
from datetime import datetime

from flask import request

from scheduler.i18n import catalog
from scheduler.kernel.clock import now
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.change_preview import is_within_reach

SHORTEST = 10
LONGEST = 480
"""Minutes a session may last."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: cancel, or another start (wall time of the session's zone) and
    length; and how far.
    """

    deed: str
    to: datetime | None
    minutes: int | None
    onward: bool


def read_wish(row: Session) -> tuple[Wish | None, dict[str, str]]:
    """Read the form; None with what is wrong, by field."""
    deed = request.form.get("deed", "")
    onward = request.form.get("onward") == "1"
    if deed == "cancel":
        return Wish(deed, None, None, onward), {}
    to = _start_typed()
    minutes = _minutes_typed()
    _ = catalog(reader_language())
    errors = {}
    if to is None:
        errors["day"] = _("Give a day and a time.")
    elif not is_within_reach(row, to.date(), today=now().date()):
        errors["day"] = _("Give a day within the cohort’s stay, or within two years from today.")
    if minutes is None:
        errors["minutes"] = _("Give the length in minutes, from 10 to 480.")
    if deed != "move":
        errors["deed"] = _("Choose whether to change or to cancel.")
    if not errors and to == datetime.fromisoformat(row.starts_local) and minutes == row.minutes:
        errors["day"] = _("Nothing is different yet. Change the day, the time or the length.")
    return (None, errors) if errors else (Wish(deed, to, minutes, onward), {})


def _start_typed() -> datetime | None:
    """Return the day and time that were typed, None where they are none."""
    day = request.form.get("day", "")
    at = request.form.get("at", "")[:5]
    try:
        return datetime.fromisoformat(f"{day}T{at}")
    except ValueError:
        return None


def _minutes_typed() -> int | None:
    """Return the length that was typed, None where it is no number or out of bounds."""
    typed = request.form.get("minutes", "")
    if not typed.isdecimal() or len(typed) > len(str(LONGEST)):
        return None
    return int(typed) if SHORTEST <= int(typed) <= LONGEST else None
