"""The demo's past: the clinic's first weeks lived through with the clock turned back, so
that a visitor comes into the middle of them.

Every deed is the one that pages and worker do; only the clock is another.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler import attendance
from scheduler.attendance import Said
from scheduler.attendance.models import AttendanceState
from scheduler.cli.demo.demo_clinic import ZONE, clinic_file
from scheduler.clinics import load, read
from scheduler.config import Config
from scheduler.invitations import answer, invitations_of, told_dates
from scheduler.invitations.model.models import Answer
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.planning import begin, keep, make_plan, places_instead, publish
from scheduler.programs import Kind
from scheduler.sessions import cancel_sessions, edit_sessions, sessions_of_cohort
from scheduler.sessions.models import Session, Status
from scheduler.worker import drain

BY = "demo"
COHORT = "evening"
TICKS = (8, 17)
"""Hours of wall time at which the past's worker looks what is due, each day."""
NOT_SIMPLY_THERE = {
    ("p-202", 2): Said(AttendanceState.LATE, minutes=15, note="The bus was late"),
    ("p-203", 4): Said(AttendanceState.NO_SHOW),
    ("p-203", 7): Said(AttendanceState.EXCUSED, note="Called in the morning: a fever"),
    ("p-201", 5): Said(AttendanceState.LEFT_EARLY, minutes=15),
}
"""What is said of a patient at the how many-th of their sessions."""
THERE = Said(AttendanceState.PRESENT)


WEEKS_PAST = 2
"""Whole weeks of the evening cohort that are over when a visitor comes."""


@dataclass
class Watch:
    """The clock of the past; whoever lives through it sets it forward."""

    moment: datetime

    def __call__(self) -> datetime:
        """Return the moment that it is now."""
        return self.moment


def load_demo(moment: datetime, settings: Config) -> None:
    """Live through the first two weeks of the first cohort and what is ahead of it today; leave the
    second cohort's proposal to the visitor.
    """
    today = moment.astimezone(ZoneInfo(ZONE)).date()
    monday = today - timedelta(days=today.weekday() + 7 * WEEKS_PAST)
    watch = Watch(datetime.combine(monday - timedelta(days=3), time(14), UTC))
    with turned_to(watch):
        load(read(clinic_file(monday)), by=BY, now=watch.moment)
        db.session.commit()
        _plan(COHORT, now=watch.moment)
        publish(COHORT, by=BY, now=watch.moment)
        db.session.commit()
        drain(settings)
        for person in ("p-201-mother", "p-202-husband"):
            say_yes(person, now=watch.moment)
        db.session.commit()
        live_through(watch, moment - timedelta(days=1), settings)
        change_what_is_ahead(now=watch.moment)
        db.session.commit()
        live_through(watch, moment, settings)
    _plan("morning", now=moment)
    db.session.commit()


def _plan(cohort: str, *, now: datetime) -> None:
    """Propose a plan of a cohort."""
    task = begin(cohort, now=now)
    db.session.rollback()
    keep(
        task,
        make_plan(task.problem, seconds=1.0, seed=0),
        seed=0,
        by=BY,
        now=now,
    )
    db.session.commit()


def live_through(watch: Watch, until: datetime, settings: Config) -> None:
    """Let a worker do what was due from the watch's moment to `until`, and staff write down who
    came.
    """
    for moment in list(ticks(watch.moment, until)):
        watch.moment = moment
        drain(settings)
        write_down_who_came(now=moment)
        db.session.commit()
    watch.moment = until


def ticks(first: datetime, last: datetime) -> Iterator[datetime]:
    """Return the moments between two (UTC) at which the past's worker looks what is due."""
    day = first.astimezone(ZoneInfo(ZONE)).replace(minute=0, second=0, microsecond=0)
    while day <= last:
        for hour in TICKS:
            moment = day.replace(hour=hour).astimezone(UTC)
            if first < moment < last:
                yield moment
        day += timedelta(days=1)


def write_down_who_came(*, now: datetime) -> None:
    """Mark everybody who was expected at what is over by `now`, and close it."""
    counted: Counter[str] = Counter()
    for session in sessions_of_cohort(COHORT):
        counted.update(patient.key for patient in session.patients)
        if session.status is not Status.SCHEDULED or session.ends_at > now:
            continue
        for expected in attendance.people_expected(session):
            person = expected.person
            said = NOT_SIMPLY_THERE.get((person.key, counted[person.key]), THERE)
            attendance.mark(session, person, said, by=BY, now=now)
        attendance.close_session(session, by=BY, now=now)


def say_yes(person: str, *, now: datetime) -> None:
    """Let a relative accept everything they are invited to."""
    for invitation in invitations_of(person_by_key(person).id):
        answer(invitation, Answer.ACCEPTED, by=person, now=now)


def say_no_to_the_next(person: str, *, now: datetime) -> None:
    """Let a relative decline the first date that lies ahead of them."""
    row = person_by_key(person)
    told = min(
        (told for told in told_dates([row.id]) if told.begins_at > now),
        key=lambda told: told.begins_at,
    )
    (invitation,) = [found for found in invitations_of(row.id) if found.uid == told.uid]
    answer(invitation, Answer.DECLINED, told.recurrence, by=person, now=now)


def change_what_is_ahead(*, now: datetime) -> None:
    """Let a husband decline, move one session and cancel another."""
    say_no_to_the_next("p-202-husband", now=now)
    later = now + timedelta(days=3)
    move_to_another_day(next_individual("p-203", later), now=now)
    cancel_sessions(next_individual("p-201", later), by=BY, now=now)


def next_individual(patient: str, after: datetime) -> Session:
    """Return the first individual session of a patient that begins later than `after`."""
    return next(
        session
        for session in sessions_of_cohort(COHORT)
        if session.kind is Kind.INDIVIDUAL
        and session.starts_at > after
        and patient in {each.key for each in session.patients}
    )


def move_to_another_day(session: Session, *, now: datetime) -> None:
    """Move a session to the nearest place about a day later at which it can be."""
    wish = datetime.fromisoformat(session.starts_local) + timedelta(days=1)
    places = places_instead([session], to=wish, minutes=None, now=now)
    if places:
        edit_sessions(session, to=places[0], by=BY, now=now)
