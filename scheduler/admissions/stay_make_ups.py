"""What becomes of the seats a patient took to make up for a session when their stays change: one on
a day that is theirs no longer is given up, they are told, and staff find them another group.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler import tasks
from scheduler.admissions.stay_days import StayDays
from scheduler.i18n import N_, clock, dated_day
from scheduler.people.models import Person
from scheduler.sessions import give_up_make_up_seat, make_up_seats_of, sessions_by_id
from scheduler.sessions.models import Session, Status

STAFF = "en"
GIVEN_UP = N_(
    "{name} had a place in {other}, {when}, to make up for {title}. The stay does not cover that "
    "day any more, so the place was given up. Offer another group."
)


def give_up_make_ups(
    patient: Person,
    before: Iterable[StayDays],
    after: Iterable[StayDays],
    *,
    by: str,
    now: datetime,
) -> list[Session]:
    """Give up each seat ahead on a day in one of the stays `before` and in none `after`, and ask
    staff; return those sessions. Whoever leads them and the patient are told as of any change.
    """
    seats = make_up_seats_of(patient)
    sessions = sessions_by_id({*seats, *seats.values()})
    given_up = []
    for session_id, instead_of in sorted(seats.items()):
        session = sessions[session_id]
        is_ahead = session.status is Status.SCHEDULED and session.starts_at > now
        if not is_ahead or not _is_in(before, session) or _is_in(after, session):
            continue
        give_up_make_up_seat(session, patient, by=by, now=now)
        _ask_staff(patient, session, sessions[instead_of], now)
        given_up.append(session)
    return given_up


def _is_in(stays: Iterable[StayDays], session: Session) -> bool:
    """True if a session lies in a stay in any cohort: make-ups may be in another's."""
    day = session.starts_at.astimezone(ZoneInfo(session.zone)).date()
    return any(stay.covers(day) for stay in stays)


def _ask_staff(patient: Person, session: Session, missed: Session, now: datetime) -> None:
    local = datetime.fromisoformat(session.starts_local)
    when = f"{dated_day(local.date(), STAFF)}, {clock(local, STAFF)}"
    said = GIVEN_UP.format(
        name=patient.name,
        other=session.title,
        when=when,
        title=missed.title,
    )
    tasks.raise_task(
        "make_up",
        f"make_up_over:{session.id}:{patient.id}",
        said,
        about_id=patient.id,
        leads_to=f"session:{missed.key}",
        now=now,
    )
