"""Dates that lie outside the hours somebody gives anew: a relative is no longer invited to them, a
patient keeps them until staff have found another time. Staff get a line for each change of hours.
"""

from collections.abc import Sequence
from datetime import datetime

from scheduler import tasks
from scheduler.consents import agenda, is_free, is_placed
from scheduler.i18n import N_, clock, dated_day
from scheduler.people import Window, practice
from scheduler.people.models import Person
from scheduler.sessions.models import Session

Free = tuple[Window, ...] | None
"""Hours in which somebody can come; None: always."""
KIND = "unfit_dates"
STAFF = "en"
UNFIT = N_("{name} changed their hours. What is planned does not fit: {dates}. Find another time.")


def unfit_dates(patient: Person, before: Free, *, now: datetime) -> list[Session]:
    """Return the patient's own appointments ahead that lie within the hours they gave `before`, and
    outside those they give now; groups have times of their own.
    """
    zone = patient.zone or practice().zone
    found = []
    for session, _recipient in agenda(patient, now=now, since=now):
        if session.starts_at <= now or not is_placed(session):
            continue
        span = session.starts_at, session.ends_at
        if is_free(before, zone, *span) and not is_free(patient.free, zone, *span):
            found.append(session)
    return found


def ask_for_other_times(person: Person, sessions: Sequence[Session], *, now: datetime) -> None:
    """Let staff know which dates the new hours of a person do not fit, once for the same dates."""
    if not sessions:
        return
    dates = []
    for session in sessions:
        local = datetime.fromisoformat(session.starts_local)
        when = f"{dated_day(local.date(), STAFF)}, {clock(local, STAFF)}"
        dates.append(f"{session.called}, {when}")
    first = sessions[0]
    key = f"{KIND}:{person.id}:{first.id}:{first.starts_local}:{len(sessions)}"
    tasks.raise_task(
        KIND,
        key,
        UNFIT.format(name=person.name, dates="; ".join(dates)),
        about_id=person.id,
        leads_to=f"session:{first.key}",
        now=now,
    )
    tasks.raise_again(key, now=now)
