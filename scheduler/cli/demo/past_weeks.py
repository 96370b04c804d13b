"""The demo's past: the clinic's first weeks lived through with the clock turned back, so
that a visitor comes into the middle of them.

Every deed is the one that pages and worker do; only the clock is another.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from scheduler import attendance
from scheduler.attendance import Said
from scheduler.attendance.models import AttendanceState
from scheduler.cli.demo.demo_clinic import ZONE, clinic_file
from scheduler.clinics import load, read
from scheduler.config import Config
from scheduler.homes import cannot_come
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
"""Hours of wall time at which the past's worker looks what is due, on the last days."""
LAST_DAYS = timedelta(days=3)
"""Before them it looks once a day, at the later hour."""
NOT_SIMPLY_THERE = {
    ("p-202", 2): Said(AttendanceState.LATE, minutes=75, note="The bus was late"),
    ("p-203", 4): Said(AttendanceState.NO_SHOW),
    ("p-203", 7): Said(AttendanceState.EXCUSED, note="Called in the morning: a fever"),
    ("p-201", 5): Said(AttendanceState.LEFT_EARLY, minutes=60),
    ("p-205", 6): Said(AttendanceState.PRESENT, by_telephone=True),
}
"""What is said of a patient at the how many-th of their sessions."""
THERE = Said(AttendanceState.PRESENT)
LEFT_OPEN = "skills"
"""The group whose last date nobody has written down yet."""
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
    monday = monday_to_walk(moment) - timedelta(weeks=WEEKS_PAST)
    watch = Watch(datetime.combine(monday - timedelta(days=3), time(14), UTC))
    with turned_to(watch):
        load(read(clinic_file(monday)), by=BY, now=watch.moment)
        db.session.commit()
        _plan(COHORT, now=watch.moment)
        publish(COHORT, by=BY, now=watch.moment)
        db.session.commit()
        drain(settings)
        for person in ("p-201-mother", "p-202-husband", "p-205-wife"):
            say_yes(person, now=watch.moment)
        db.session.commit()
        live_through(watch, moment - timedelta(days=1), settings, visit=moment)
        change_what_is_ahead(moment, now=watch.moment)
        db.session.commit()
        live_through(watch, moment, settings, visit=moment)
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


def monday_to_walk(moment: datetime) -> date:
    """Return the Monday that the tour leads through: of the week that runs at `moment`."""
    today = moment.astimezone(ZoneInfo(ZONE)).date()
    return today - timedelta(days=today.weekday())


def live_through(watch: Watch, until: datetime, settings: Config, *, visit: datetime) -> None:
    """Let a worker do what was due from the watch's moment to `until`, and staff write down who
    came; all but the last of one group before the `visit`.
    """
    left_open = newest_over(LEFT_OPEN, visit)
    for moment in list(ticks(watch.moment, until, often=visit - LAST_DAYS)):
        watch.moment = moment
        write_down_who_came(left_open, now=moment)
        db.session.commit()
        drain(settings)
    watch.moment = until


def ticks(first: datetime, last: datetime, *, often: datetime) -> Iterator[datetime]:
    """Return the moments between two (UTC) at which the past's worker looks what is due; more of
    them from `often` on.
    """
    day = first.astimezone(ZoneInfo(ZONE)).replace(minute=0, second=0, microsecond=0)
    while day <= last:
        hours = TICKS if day >= often else TICKS[-1:]
        for hour in hours:
            moment = day.replace(hour=hour).astimezone(UTC)
            if first < moment < last:
                yield moment
        day += timedelta(days=1)


def newest_over(series: str, moment: datetime) -> str:
    """Return the key of the last session of a series that is over at `moment`."""
    over = [
        session
        for session in sessions_of_cohort(COHORT)
        if session.series == f"{COHORT}.{series}" and session.ends_at <= moment
    ]
    return max(over, key=lambda session: session.ends_at).key


def write_down_who_came(left_open: str, *, now: datetime) -> None:
    """Mark everybody who was expected at what is over by `now`, and close it; but not at
    `left_open`.
    """
    counted: Counter[str] = Counter()
    for session in sessions_of_cohort(COHORT):
        counted.update(patient.key for patient in session.patients)
        is_over = session.status is Status.SCHEDULED and session.ends_at <= now
        if not is_over or session.key == left_open:
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


def say_no_to_the_next(person: str, after: datetime, *, now: datetime) -> None:
    """Let a relative decline the first date of theirs that begins later than `after`."""
    row = person_by_key(person)
    told = min(
        (told for told in told_dates([row.id]) if told.begins_at > after),
        key=lambda told: told.begins_at,
    )
    (invitation,) = [found for found in invitations_of(row.id) if found.uid == told.uid]
    answer(invitation, Answer.DECLINED, told.recurrence, by=person, now=now)


def change_what_is_ahead(visit: datetime, *, now: datetime) -> None:
    """Let a husband decline and a patient say that they cannot come, move one session and cancel
    another; all of it lies ahead at the `visit`.
    """
    say_no_to_the_next("p-202-husband", visit, now=now)
    missed = next_of(Kind.GROUP, "p-203", visit)
    cannot_come(missed, person_by_key("p-203"), reason="A day in court", by="p-203", now=now)
    later = visit + timedelta(days=2)
    move_to_another_day(next_of(Kind.INDIVIDUAL, "p-203", later), now=now)
    cancel_sessions(next_of(Kind.INDIVIDUAL, "p-201", later), by=BY, now=now)


def next_of(kind: Kind, patient: str, after: datetime) -> Session:
    """Return the first session of a kind with a patient that begins later than `after`."""
    return next(
        session
        for session in sessions_of_cohort(COHORT)
        if session.kind is kind
        and session.starts_at > after
        and patient in {each.key for each in session.patients}
    )


def move_to_another_day(session: Session, *, now: datetime) -> None:
    """Move a session to the nearest place about a day later at which it can be."""
    wish = datetime.fromisoformat(session.starts_local) + timedelta(days=1)
    places = places_instead([session], to=wish, minutes=None, now=now)
    if places:
        edit_sessions(session, to=places[0], by=BY, now=now)
