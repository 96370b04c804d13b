"""What the desk has to know of answers: who says no to a date ahead, and who is silent before a
first appointment. Each is one line of what needs somebody, and is off it when it no longer holds.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import aliased

from scheduler import tasks
from scheduler.consents import audiences
from scheduler.i18n import clock, dated_day, zone
from scheduler.invitations.model.at_address import dates_at_address
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.invitations.model.standing_answers import ToldDate, dates_told
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind
from scheduler.sessions.models import Session, SessionPatient, Status
from scheduler.tasks.models import Task

NO = "answered_no"
SILENT = "unanswered"
LADDER = "no_answer"
"""Kind of the reminders' own task: then nobody of the family has answered."""
SILENT_BEFORE = timedelta(hours=48)
"""So near before a first appointment silence is for a person to break, however new the invitation
is."""
SILENT_SINCE = timedelta(hours=24)
"""So long after the invitation left it is for a person too, before a first appointment soon."""
SOON = timedelta(days=14)
"""What is farther ahead is left to the reminders."""
FAMILY = sorted(FAMILY_KINDS)
BY = "worker"
STAFF = "en"
SAYS_NO = (
    "{name} says no to {what}, {when}. Ask whether another time is possible, or go on without."
)
SAYS_NO_TO_ALL = "{name} says no to {what}: all {count} dates from {when} on. Call them."
IS_SILENT = "{name} has not answered for {what}, {when}. Call, or go on without."


def note_no(people: Collection[str], *, now: datetime) -> None:
    """Make the lines about a "no" those that are true of these people (ids)."""
    rows = _invitations_of(people)
    told = [*_ahead(rows, now), *_at_address(people, now)]
    by_invitation: dict[str, list[ToldDate]] = defaultdict(list)
    ids = set()
    for date in told:
        dates = by_invitation[date.uid]
        dates.append(date)
        ids.add(date.session_id)
    sessions = _sessions(ids)
    names = _names(people)
    matters = []
    for dates in by_invitation.values():
        matters += _matters(dates, sessions, names)
    tasks.sync_tasks(
        NO,
        matters,
        about=people,
        by=BY,
        now=now,
    )


def take_as_known(person_id: str, *, by: str, now: datetime) -> None:
    """Take off the list what was put there at `now` about this person: whoever let the answer count
    knows of it.
    """
    just_now = select(Task.id).where(
        Task.kind == NO,
        Task.about_id == person_id,
        Task.made_at == now,
        Task.done_at.is_(None),
    )
    for task_id in db.session.scalars(just_now).all():
        tasks.finish_task(task_id, by=by, now=now)


def look_at_answers(*, now: datetime) -> None:
    """Take off the list what is no longer so, and put on it who is silent before a first
    appointment.
    """
    people = set()
    for task in tasks.open_tasks(kind=NO):
        if task.about_id is not None:
            people.add(task.about_id)
    if people:
        note_no(people, now=now)
    silent = _silent(now)
    tasks.sync_tasks(SILENT, silent, by=BY, now=now)


def _matters(
    dates: list[ToldDate],
    sessions: dict[str, Session],
    names: dict[str, str],
) -> list[tasks.Matter]:
    """Return one line for all dates of an invitation where all are refused, else one a date."""
    refused = []
    for date in dates:
        if date.current and date.answer is Answer.DECLINED:
            refused.append(date)
    many = len(refused)
    if many > 1 and many == len(dates):
        first = refused[0]
        return [_matter(SAYS_NO_TO_ALL, first, sessions, names, count=many)]
    matters = []
    for date in refused:
        matter = _matter(SAYS_NO, date, sessions, names)
        matters.append(matter)
    return matters


def _matter(
    words: str,
    date: ToldDate,
    sessions: dict[str, Session],
    names: dict[str, str],
    *,
    count: int = 1,
) -> tasks.Matter:
    session = sessions[date.session_id]
    kind = SILENT if words is IS_SILENT else NO
    said = words.format(
        name=names[date.person_id],
        what=f"“{session.called}”",
        when=_when(session, date.begins_at),
        count=count,
    )
    return tasks.Matter(
        f"{kind}:{date.person_id}:{date.session_id}:{date.begins_at.isoformat()}",
        said,
        date.person_id,
        leads_to=f"session:{session.key}",
    )


def _when(session: Session, at: datetime) -> str:
    local = at.astimezone(ZoneInfo(session.zone))
    day = dated_day(local.date(), STAFF)
    start = clock(local, STAFF)
    place = zone(session.zone, STAFF)
    return f"{day}, {start}, {place}"


def _silent(now: datetime) -> list[tasks.Matter]:
    """Return who was told of a first appointment that is near, and has not answered to its time."""
    sessions = {}
    for session in _first_appointments(now):
        sessions[session.id] = session
    known = _asked_by_reminders(sessions)
    silent = []
    for date in _told_of(sessions, now):
        is_answered = date.answer is not None and date.current
        if not is_answered and date.session_id not in known and _is_pressing(date, now):
            silent.append(date)
    people = [date.person_id for date in silent]
    names = _names(people)
    matters = []
    for date in silent:
        matter = _matter(IS_SILENT, date, sessions, names)
        matters.append(matter)
    return matters


def _is_pressing(date: ToldDate, now: datetime) -> bool:
    """True if there was a day to answer, or there will hardly be one."""
    had_time = date.told_at <= now - SILENT_SINCE
    return had_time or date.begins_at <= now + SILENT_BEFORE


def _told_of(sessions: Collection[str], now: datetime) -> list[ToldDate]:
    """Return what people were told of these sessions (ids)."""
    seats = select(SessionPatient.person_id)
    patients = seats.where(SessionPatient.session_id.in_(sessions))
    rows = select(Invitation).where(
        Invitation.patient_id.in_(patients),
        Invitation.told.is_not(None),
    )
    told = []
    for date in _ahead(db.session.scalars(rows), now):
        if date.session_id in sessions:
            told.append(date)
    return told


def _first_appointments(now: datetime) -> list[Session]:
    """Return the assessments, and the first family sessions of a patient, that begin soon."""
    near = select(Session).where(
        Session.starts_at > now,
        Session.starts_at <= now + SOON,
        Session.status == Status.SCHEDULED,
    )
    is_first_of_family = Session.kind.in_(FAMILY) & ~_has_one_before()
    is_assessment = Session.kind == Kind.ASSESSMENT
    wanted = near.where(is_assessment | is_first_of_family)
    in_order = wanted.order_by(Session.starts_at, Session.key)
    found = db.session.scalars(in_order).unique()
    return list(found)


def _has_one_before() -> ColumnElement[bool]:
    """True if a patient of the session had, or has, a family session before it."""
    earlier = aliased(Session)
    mine = aliased(SessionPatient)
    theirs = aliased(SessionPatient)
    is_same_patient = (
        theirs.session_id == Session.id,
        mine.person_id == theirs.person_id,
        earlier.id == mine.session_id,
    )
    is_before = (
        earlier.kind.in_(FAMILY),
        earlier.status != Status.CANCELLED,
        earlier.starts_at < Session.starts_at,
    )
    return exists().where(*is_same_patient, *is_before)


def _asked_by_reminders(sessions: Collection[str]) -> set[str]:
    """Return the sessions (ids) for which the reminders' own task waits: that nobody answered."""
    found = set()
    for task in tasks.open_tasks(kind=LADDER):
        _kind, session_id, _start = task.key.split(":", maxsplit=2)
        found.add(session_id)
    return found.intersection(sessions)


def _invitations_of(people: Collection[str]) -> list[Invitation]:
    rows = select(Invitation).where(
        Invitation.person_id.in_(list(people)), Invitation.told.is_not(None)
    )
    return list(db.session.scalars(rows))


def _at_address(people: Collection[str], now: datetime) -> list[ToldDate]:
    """Return what these people have ahead at their calendar address, as far as they may know of it
    still; nothing where they refused none of it.
    """
    ahead = [date for date in dates_at_address(people) if date.begins_at > now]
    if all(date.answer is not Answer.DECLINED for date in ahead):
        return []
    sessions = _sessions([date.session_id for date in ahead])
    told = audiences(list(sessions.values()), now=now)
    known = {(who.person.id, key) for key, those in told.items() for who in those}
    return [date for date in ahead if (date.person_id, date.session_id) in known]


def _ahead(rows: Iterable[Invitation], now: datetime) -> list[ToldDate]:
    ahead = []
    for date in dates_told(list(rows)):
        if date.begins_at > now:
            ahead.append(date)
    return ahead


def _sessions(ids: Collection[str]) -> dict[str, Session]:
    rows = select(Session).where(Session.id.in_(ids))
    found = {}
    for session in db.session.scalars(rows).unique():
        found[session.id] = session
    return found


def _names(people: Collection[str]) -> dict[str, str]:
    found = {}
    rows = select(Person.id, Person.name).where(Person.id.in_(people))
    for person_id, name in db.session.execute(rows):
        found[person_id] = name
    return found
