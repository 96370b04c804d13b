"""What a patient sits in, day by day, and how much a day and a week of theirs may hold: what a
group more has to go with.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.attendance import AWAY, attendance_of_all
from scheduler.consents import is_placed
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.planning import Span, Timetabled, TopicPlace, points_of_hour
from scheduler.programs import Rules, Seats, Stay, stays_with_cohorts, week_of
from scheduler.programs.models import Cohort
from scheduler.sessions.models import Session, SessionPatient, Status

WEEKS = 14
"""Weeks ahead that are looked at."""
Stays = list[tuple[Stay, Cohort]]


def day_of(session: Session) -> date:
    """Return the day of a session where it is held."""
    return session.starts_at.astimezone(ZoneInfo(session.zone)).date()


def place_of(session: Session, patient: Person, topic: str, rules: Rules | None) -> TopicPlace:
    """Return a group as a place in which a patient could see a topic; `rules` are the patient's."""
    return TopicPlace(
        patient=patient.id,
        topic=topic,
        group=session.id,
        day=day_of(session),
        span=_span(session),
        is_single=rules is not None and session.kind in rules.once_a_day,
    )


def rules_of(patient: Person) -> Rules | None:
    """Return the rules of a patient's newest stay with a seat, None for who has none."""
    rules = None
    for stay, cohort in stays_with_cohorts(patient):
        if stay.waits is None:
            rules = cohort.program.template.rules
    return rules


def timetable_of(patient: Person, *, without: Session | None, now: datetime) -> Timetabled:
    """Return what a patient sits in from this week on, but for what they are away from and for one
    session that is to be made up for.
    """
    stays = [(stay, cohort) for stay, cohort in stays_with_cohorts(patient) if stay.waits is None]
    rules = rules_of(patient)
    if rules is None:
        return Timetabled()
    monday = _monday(now.date())
    kept = _sessions_from(patient, monday)
    held: dict[date, list[Span]] = defaultdict(list)
    single = set()
    for session in kept:
        if without is None or session.id != without.id:
            day = day_of(session)
            held[day].append(_span(session))
            if session.kind in rules.once_a_day:
                single.add(day)
    hour = points_of_hour(rules.hour_counts)
    return Timetabled(
        counts=rules.hour_counts,
        day_most=int(rules.day_hours_max * hour),
        week_most=_most_by_week(stays, monday, hour),
        held={day: tuple(spans) for day, spans in held.items()},
        single_days=frozenset(single),
    )


def _most_by_week(stays: Stays, first: date, hour: int) -> dict[date, int]:
    """Return the most points of each week, by its Monday; in a week of two stays the less."""
    found: dict[date, int] = {}
    for number in range(WEEKS + 1):
        monday = first + timedelta(weeks=number)
        days = [monday + timedelta(days=weekday) for weekday in range(7)]
        for stay, cohort in stays:
            if not any(stay.covers(day) for day in days):
                continue
            week = week_of(cohort.starts, monday)
            template = cohort.program.template
            rules = template.rules_in(week)
            most = int(rules.week_hours_max * hour)
            before = found.get(monday, most)
            found[monday] = min(most, before)
    return found


def _sessions_from(patient: Person, monday: date) -> list[Session]:
    """Return what stands and seats a patient from a Monday on, but what they are away from."""
    since = datetime.combine(monday, datetime.min.time(), ZoneInfo("UTC")) - timedelta(days=1)
    wanted = (
        select(Session)
        .join(SessionPatient, SessionPatient.session_id == Session.id)
        .where(
            SessionPatient.person_id == patient.id,
            Session.status != Status.CANCELLED,
            Session.starts_at >= since,
        )
    )
    rows = list(db.session.scalars(wanted).unique())
    marks = attendance_of_all([row.id for row in rows])
    found = []
    for row in rows:
        mark = marks.get(row.id, {}).get(patient.id)
        sits = row.seats is not Seats.FAMILIES or is_placed(row)
        if sits and (mark is None or mark.state not in AWAY):
            found.append(row)
    return found


def _span(session: Session) -> Span:
    begin = int(session.starts_at.timestamp()) // 60
    return begin, begin + session.minutes


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
