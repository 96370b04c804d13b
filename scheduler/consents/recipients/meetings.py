"""Rows become meetings: who leads and sits in sessions, and who of them is enrolled that day."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.consents.recipients.audience import Meeting
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.programs import stays_of
from scheduler.sessions import made_up_in, overrides_by_session
from scheduler.sessions.models import Session, SessionLead, SessionPatient

AT_ONCE = 5000
"""Ids in one question; SQLite takes at most 32766 values."""

RELATIVE_FREE = "relative-free"
"""The rule of relatives' hours, as planning names it (docs/rules.md)."""

Days = Mapping[tuple[str, str], Iterable[tuple[str, str]]]
"""By patient and cohort (ids) the first and last day (ISO) of each stay."""


def is_placed(session: Session) -> bool:
    """True if it is an appointment placed for one patient: its series names the patient as
    well.
    """
    return is_for_one(session.series)


def is_for_one(series: str) -> bool:
    """True if a series is one patient's appointments, not a slot that many sit in."""
    return series.count(".") == 2


def meetings_of(sessions: Sequence[Session]) -> dict[str, Meeting]:
    """Return by session (id) what decides who may know of it."""
    ids = [session.id for session in sessions]
    leads = _people_of(SessionLead, ids)
    patients = _people_of(SessionPatient, ids)
    bent = overrides_by_session(ids)
    days = stays({patient.id for those in patients.values() for patient in those})
    making_up = made_up_in(ids)
    found = {}
    for session in sessions:
        day = session.starts_at.astimezone(ZoneInfo(session.zone)).date().isoformat()
        guests = making_up.get(session.id, ())
        enrolled = _enrolled(patients[session.id], session.cohort_id, day, days, guests)
        found[session.id] = Meeting(
            kind=session.kind,
            seats=session.seats,
            placed=is_placed(session),
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            leads=tuple(leads[session.id]),
            patients=tuple(enrolled),
            made_time=any(override.rule == RELATIVE_FREE for override in bent.get(session.id, ())),
        )
    return found


def is_in(stays: Iterable[tuple[str, str]], day: str) -> bool:
    """True if `day` (ISO) lies in one of the stays."""
    return any(first <= day <= last for first, last in stays)


def _enrolled(
    seated: Iterable[Person], cohort: str, day: str, days: Days, guests: Collection[str]
) -> list[Person]:
    """Return who of those seated is enrolled in a cohort (id) on `day` (ISO); of `guests` (ids),
    who make up in it for another session, in any.
    """
    enrolled = []
    for patient in seated:
        is_theirs = is_in(days.get((patient.id, cohort), ()), day)
        if is_theirs or (patient.id in guests and is_anywhere(days, patient.id, day)):
            enrolled.append(patient)
    return enrolled


def is_anywhere(days: Days, patient: str, day: str) -> bool:
    """True if a patient (id) is enrolled in some cohort on `day` (ISO)."""
    return any(
        is_in(theirs, day) for (person, _cohort), theirs in days.items() if person == patient
    )


def stays(patients: Collection[str]) -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Return the first and last day (ISO) of each patient's stays in each cohort (ids); one without
    end has a last day far off. Who waits for a place is not here yet.
    """
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for patient, known in stays_of(patients).items():
        for stay in known:
            if stay.waits is not None:
                continue
            first = stay.first.isoformat()
            last = "9999-12-31"
            if stay.last:
                last = stay.last.isoformat()
            days = found.setdefault((patient, stay.cohort_id), [])
            days.append((first, last))
    return found


def _people_of(
    link: type[SessionLead] | type[SessionPatient], ids: Collection[str]
) -> dict[str, list[Person]]:
    pairs: list[tuple[str, str]] = []
    for chunk in in_chunks(ids):
        rows = db.session.execute(
            select(link.session_id, link.person_id).where(link.session_id.in_(chunk))
        )
        pairs += [(session, person) for session, person in rows]
    people = _people({person for _, person in pairs})
    found: dict[str, list[Person]] = defaultdict(list)
    for session, person in pairs:
        found[session].append(people[person])
    for those in found.values():
        those.sort(key=lambda person: person.key)
    return found


def _people(ids: Collection[str]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for chunk in in_chunks(ids):
        found |= {
            person.id: person
            for person in db.session.scalars(select(Person).where(Person.id.in_(chunk))).unique()
        }
    return found


def in_chunks(ids: Collection[str]) -> Iterator[list[str]]:
    rest = iter(dict.fromkeys(ids))
    while chunk := list(islice(rest, AT_ONCE)):
        yield chunk
