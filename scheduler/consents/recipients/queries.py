"""Shared reads of consent: the audience of sessions, what a person may know, which grants stand."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from scheduler.consents.model.models import Grant
from scheduler.consents.model.validity import holds
from scheduler.consents.recipients.audience import Recipient, Untold, is_barred, judge
from scheduler.consents.recipients.barriers import barred_people, silent_people
from scheduler.consents.recipients.meetings import in_chunks, meetings_of
from scheduler.consents.recipients.one_place import Told, taken_elsewhere
from scheduler.consents.signing.consent_elements import missing_elements
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind, Relative
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status


@dataclass(frozen=True, slots=True)
class Judged:
    """Who may know of one session, and which relatives may not and why."""

    told: tuple[Recipient, ...]
    untold: tuple[Untold, ...]


def audience(session: Session, *, now: datetime) -> tuple[Recipient, ...]:
    """Return everybody who may know of `session`, at `now` and at its end; the only way to a
    recipient.
    """
    return audiences([session], now=now)[session.id]


def audiences(sessions: Iterable[Session], *, now: datetime) -> dict[str, tuple[Recipient, ...]]:
    """Return the audience of each session by its id, with as many questions for a thousand as for
    one.
    """
    return {key: found.told for key, found in judged(sessions, now=now).items()}


def untold(session: Session, *, now: datetime) -> tuple[Untold, ...]:
    """Return the relatives who are not told of `session`, with the reason of each."""
    return judged([session], now=now)[session.id].untold


def audiences_had(
    sessions: Iterable[Session], *, now: datetime
) -> dict[str, tuple[Recipient, ...]]:
    """Return the audience of each session by its id; of a cancelled one those who might know of it
    if it stood.
    """
    rows = list(sessions)
    gone = [session for session in rows if session.status is Status.CANCELLED]
    found = judged(rows, now=now)
    found |= _judged(gone, now, {})
    return {key: had.told for key, had in found.items()}


def judged(sessions: Iterable[Session], *, now: datetime) -> dict[str, Judged]:
    """Return told and untold of each session by its id; of a cancelled session nobody is told, and
    nobody missed. Who is called to two places by several rows of theirs is told of one.
    """
    rows = list(sessions)
    live = [session for session in rows if session.status is not Status.CANCELLED]
    found = {
        session.id: Judged(
            (),
            (),
        )
        for session in rows
    }
    found |= _judged(
        live,
        now,
        {},
    )

    def told(others: Collection[Session]) -> Told:
        return {
            key: judged.told
            for key, judged in _judged(
                others,
                now,
                {},
            ).items()
        }

    elsewhere = taken_elsewhere(
        live,
        {key: own.told for key, own in found.items()},
        told,
    )
    again = [session for session in live if session.id in elsewhere]
    return found | _judged(
        again,
        now,
        elsewhere,
    )


def _judged(
    live: Collection[Session], now: datetime, elsewhere: Mapping[str, Collection[str]]
) -> dict[str, Judged]:
    """Judge each session by itself; `elsewhere` are by session the relatives (ids) who are not
    there.
    """
    meetings = meetings_of(list(live))
    patients = {patient.id for meeting in meetings.values() for patient in meeting.patients}
    family = _families(patients)
    grants = _grants(patients)
    zone = practice().zone if live else ""
    stopped = barred_people(patients)
    silent = silent_people(patients) if stopped else set()
    found = {}
    for session in live:
        meeting = replace(
            meetings[session.id],
            elsewhere=frozenset(
                elsewhere.get(
                    session.id,
                    (),
                )
            ),
        )
        told, untold = judge(
            meeting,
            family,
            grants,
            zone,
            now,
            stopped,
            silent,
        )
        found[session.id] = Judged(
            told,
            untold,
        )
    return found


def agenda(
    person: Person,
    *,
    now: datetime,
    since: datetime,
    until: datetime | None = None,
    cancelled_since: datetime | None = None,
) -> tuple[tuple[Session, Recipient], ...]:
    """Return the sessions ending after `since` (and starting before `until`) that `person` may know
    of, in order; with `cancelled_since` also those they might know of if they stood, ending after.
    """
    found = agendas(
        [person],
        now=now,
        since=since,
        until=until,
        cancelled_since=cancelled_since,
    )
    return found[person.id]


def agendas(
    people: Collection[Person],
    *,
    now: datetime,
    since: datetime,
    until: datetime | None = None,
    cancelled_since: datetime | None = None,
) -> dict[str, tuple[tuple[Session, Recipient], ...]]:
    """Return the agenda of each person by id, with as many questions for a thousand as for one."""
    ids = _sessions_near(people)
    sessions = _between(ids, since, until, cancelled_since)
    told = audiences_had(sessions, now=now)
    found: dict[str, list[tuple[Session, Recipient]]] = {person.id: [] for person in people}
    for session in sessions:
        for recipient in told[session.id]:
            if recipient.person.id in found:
                found[recipient.person.id].append((session, recipient))
    return {person_id: tuple(pairs) for person_id, pairs in found.items()}


def _sessions_near(people: Collection[Person]) -> set[str]:
    """Return the ids of sessions that one of `people` leads, or sits in, or whose patient does."""
    leads = [person.id for person in people if person.kind is PersonKind.CLINICIAN]
    patients = [person.id for person in people if person.kind is PersonKind.PATIENT]
    patients += [person.relative.patient_id for person in people if person.relative is not None]
    led = _sessions_with(SessionLead, leads)
    sat = _sessions_with(SessionPatient, patients)
    return {*led, *sat}


def good_grants(person: Person, *, now: datetime) -> list[Grant]:
    """Return the complete grants under which a ready relative may know something at `now`, the
    longest first.
    """
    own = person.relative
    if own is None or not own.is_ready(practice().day_at(now)):
        return []
    patient_id = own.patient_id
    if is_barred(person.id, patient_id, barred_people([patient_id])):
        return []
    mine = _grants([patient_id]).get(person.id, [])
    good = [grant for grant in mine if holds(grant, now)]
    return sorted(good, key=lambda grant: (grant.valid_until, grant.id), reverse=True)


def _families(patients: Collection[str]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = defaultdict(list)
    for chunk in in_chunks(patients):
        rows = (
            select(Person)
            .join(Relative, Relative.person_id == Person.id)
            .where(Relative.patient_id.in_(chunk))
        )
        for relative in db.session.scalars(rows.order_by(Person.key)).unique():
            if relative.relative is not None:
                found[relative.relative.patient_id].append(relative)
    return found


def _grants(patients: Collection[str]) -> dict[str, list[Grant]]:
    found: dict[str, list[Grant]] = defaultdict(list)
    for chunk in in_chunks(patients):
        for row in db.session.scalars(select(Grant).where(Grant.patient_id.in_(chunk))):
            if not missing_elements(
                row.paper,
                signed=row.signed,
                expires=row.expires,
                ending=row.expires_on,
            ):
                found[row.person_id].append(row)
    return found


def _sessions_with(
    link: type[SessionLead] | type[SessionPatient], people: Collection[str]
) -> Iterator[str]:
    for chunk in in_chunks(people):
        yield from db.session.scalars(
            select(link.session_id).where(link.person_id.in_(chunk)).distinct()
        )


def _between(
    ids: Collection[str],
    since: datetime,
    until: datetime | None,
    cancelled_since: datetime | None,
) -> list[Session]:
    found: list[Session] = []
    stands: ColumnElement[bool] = Session.status != Status.CANCELLED
    if cancelled_since is not None:
        was_known = and_(Session.ends_at > cancelled_since, Session.taken_back.is_(False))
        stands = or_(stands, was_known)
    for chunk in in_chunks(ids):
        rows = select(Session).where(
            Session.id.in_(chunk),
            Session.ends_at > since,
        )
        rows = rows.where(stands)
        found += db.session.scalars(rows.where(Session.starts_at < until) if until else rows)
    return sorted(found, key=lambda session: (session.starts_at, session.key))
