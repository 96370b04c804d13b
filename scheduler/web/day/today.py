"""The desk's first page: what is now and next for the reader, who is expected, who said no; and how
to go in and to write down who came. Other days stand at the same place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from scheduler.attendance import AWAY, attendance_of_all
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.consents import Recipient, audiences
from scheduler.i18n import N_, catalog
from scheduler.invitations import ToldDate, answered_dates
from scheduler.invitations.model.models import Answer
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.people import Deed
from scheduler.people.models import PersonKind, Practice
from scheduler.programs import FAMILY_KINDS
from scheduler.sessions import next_session_after, sessions_between
from scheduler.sessions.models import Session
from scheduler.web.auth.access import STAFF, allow, may_now, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.day.needs import lines_shown, what_waits
from scheduler.web.desk.accounts.awaits_admin import awaits_admin
from scheduler.web.desk.accounts.list_reach import cohorts_of_sessions_for, held_by
from scheduler.web.desk.change_preview import when_words
from scheduler.web.desk.people.what_comes_next import Step, first_steps
from scheduler.web.family.room_hours import is_open
from scheduler.web.parts.answer_words import their_answer
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import (
    KIND_COLOURS,
    day_words,
    hours_words,
    title_words,
    zone_words,
)

bp = Blueprint("today", __name__, url_prefix="/desk")
OWN = 20
"""Sessions of the reader's own that the page shows."""
OTHERS = 10
"""Sessions of others that the page shows: those that run, and the next."""
NEEDS = 6
"""Lines of what needs somebody that stand beside the day; the others are one step away."""
FARTHEST = timedelta(days=3660)
"""How far from today a day can be asked for: the records of a cohort are kept for years."""
LONGEST = timedelta(hours=12)
"""No session is longer."""
RELATIVE = N_("relative")
CAME = {
    AttendanceState.PRESENT: N_("came"),
    AttendanceState.LATE: N_("came late"),
    AttendanceState.LEFT_EARLY: N_("left early"),
    AttendanceState.EXCUSED: N_("excused"),
    AttendanceState.NO_SHOW: N_("did not come"),
}


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who is expected: a name, and what they answered where they were asked."""

    name: str
    role: str
    said: str
    says_no: bool


@dataclass(frozen=True, slots=True)
class Card:
    """One session of the day as the page shows it."""

    key: str
    title: str
    hours: str
    colour: str
    is_now: bool
    is_over: bool
    leads: str
    people: tuple[Guest, ...]
    is_mine: bool
    is_open: bool
    written: int
    """Patients of whom somebody said whether they came."""
    seated: int
    has_begun: bool
    can_mark: bool
    is_held: bool


@bp.get("/")
@allow(*STAFF)
def page() -> Page:
    """Show the reader's day; a house without anything says what comes first."""
    house = db.session.get(Practice, 1)
    if house is None:
        return render_template("desk/cohorts.html", rows=[], house=None)
    moment = now()
    reader = me()
    today = moment.astimezone(ZoneInfo(house.zone)).date()
    day = _day_asked(today)
    own, others = _sessions_of(day, house.zone, running_at=moment if day == today else None)
    cards = _cards([*own, *others], reader.id, moment)
    lines = lines_shown(limit=NEEDS)
    return render_template(
        "day/today.html",
        day=day_words(day),
        is_today=day == today,
        around=_days_around(day),
        zone=zone_words(house.zone),
        mine=cards[: len(own)],
        others=cards[len(own) :],
        following=None if cards else _following(moment),
        lines=lines,
        waits=what_waits(len(lines)),
        awaits=awaits_admin(reader, now=moment) if may_now(Deed.ACCOUNTS) else [],
        steps=_steps(cards, is_today=day == today),
    )


def _days_around(day: date) -> tuple[date, date]:
    """Return the day before and the day after."""
    return day - timedelta(days=1), day + timedelta(days=1)


def _steps(cards: Sequence[Card], *, is_today: bool) -> list[Step]:
    """Return what comes first in a house without anything."""
    if is_today and not cards:
        return first_steps()
    return []


def _sessions_of(
    day: date, zone: str, *, running_at: datetime | None
) -> tuple[list[Session], list[Session]]:
    """Return the reader's own sessions of a day, and those that others lead."""
    begins, ends = _day(day, zone)
    own = sessions_between(begins, ends, led_by=me().id, limit=OWN)
    others = _others(begins, ends, running_at, {session.id for session in own})
    return own, others


def _day_asked(today: date) -> date:
    """Return the day that the address names, else today."""
    try:
        asked = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return today
    is_near = abs(asked - today) <= FARTHEST
    return asked if is_near else today


def _others(
    begins: datetime, ends: datetime, running_at: datetime | None, own: set[str]
) -> list[Session]:
    """Return what others lead that day; of today what runs and what comes next."""
    since = begins if running_at is None else running_at - LONGEST
    limit = OTHERS + len(own)
    near = sessions_between(
        since,
        ends,
        running_at=running_at,
        cohorts=cohorts_of_sessions_for(me()),
        limit=limit,
    )
    others = [session for session in near if session.id not in own]
    return others[:OTHERS]


def _day(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return the instants at which a day begins and ends in a zone."""
    begins = datetime.combine(day, time(), ZoneInfo(zone))
    return begins, begins + timedelta(days=1)


def _following(moment: datetime) -> str | None:
    """Return when the next session of the house is, in words."""
    session = next_session_after(moment)
    if session is None:
        return None
    return f"{when_words(session)}, {zone_words(session.zone)}"


def _cards(sessions: Sequence[Session], reader_id: str, moment: datetime) -> list[Card]:
    told = audiences(sessions, now=moment)
    answers = _answers(sessions, told)
    marks = attendance_of_all([session.id for session in sessions])
    held = held_by(me(), sessions)
    cards = []
    for session in sessions:
        known = marks.get(session.id, {})
        guests = _guests(session, told[session.id], answers, known)
        patients = _patients(told[session.id])
        written = sum(person_id in known for person_id in patients)
        has_begun = session.starts_at <= moment
        can_mark = has_begun and bool(patients) and session.id in held
        card = _card(
            session,
            guests,
            seated=len(patients),
            written=written,
            can_mark=can_mark,
            reader_id=reader_id,
            moment=moment,
        )
        cards.append(card)
    return cards


def _answers(
    sessions: Sequence[Session], told: Mapping[str, Sequence[Recipient]]
) -> dict[tuple[str, str], ToldDate]:
    """Return what was told and answered of sessions that families are asked to, by session and
    person (ids).
    """
    asked: set[str] = set()
    for session in sessions:
        if session.kind in FAMILY_KINDS:
            asked.update(who.person.id for who in told[session.id])
    if not asked:
        return {}
    return {(date.session_id, date.person_id): date for date in answered_dates(asked)}


def _patients(told: Sequence[Recipient]) -> list[str]:
    return [who.person.id for who in told if who.role is PersonKind.PATIENT]


def _card(
    session: Session,
    people: tuple[Guest, ...],
    *,
    seated: int,
    written: int,
    can_mark: bool,
    reader_id: str,
    moment: datetime,
) -> Card:
    has_begun = session.starts_at <= moment
    names = [lead.name for lead in session.leads]
    leads = {lead.id for lead in session.leads}
    return Card(
        key=session.key,
        title=title_words(session.kind, session.title, session.topic, reader_language()),
        hours=hours_words(session.starts_at, session.ends_at, session.zone),
        colour=KIND_COLOURS.get(session.kind, "other"),
        is_now=has_begun and moment < session.ends_at,
        is_over=session.ends_at <= moment,
        leads=", ".join(names),
        people=people,
        is_mine=reader_id in leads,
        is_open=is_open(session, moment),
        written=written,
        seated=seated,
        has_begun=has_begun,
        can_mark=can_mark,
        is_held=session.is_held,
    )


def _guests(
    session: Session,
    told: Sequence[Recipient],
    answers: Mapping[tuple[str, str], ToldDate],
    marks: Mapping[str, AttendanceMark],
) -> tuple[Guest, ...]:
    """Return who is expected, with what they answered until somebody said whether they came."""
    guests = []
    for who in told:
        if who.role is PersonKind.CLINICIAN:
            continue
        person = who.person
        date = answers.get((session.id, person.id))
        mark = marks.get(person.id)
        said = _answered(session, who, date) if mark is None else _in_words(CAME[mark.state])
        role = _in_words(RELATIVE) if who.role is PersonKind.RELATIVE else ""
        guests.append(Guest(person.name, role, said, says_no=_says_no(date, mark)))
    return tuple(guests)


def _answered(session: Session, who: Recipient, date: ToldDate | None) -> str:
    if date is None and who.role is PersonKind.PATIENT:
        return ""
    return their_answer(date, session.zone, reader_language())


def _says_no(date: ToldDate | None, mark: AttendanceMark | None) -> bool:
    if mark is not None:
        return mark.state in AWAY
    return date is not None and date.current and date.answer is Answer.DECLINED


def _in_words(message: str) -> str:
    return catalog(reader_language())(message)
