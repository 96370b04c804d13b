"""Rows become a problem: one cohort with its people and rules, and all that stands around it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import select

from scheduler.busy import busy_times
from scheduler.consents import Information, barred_people, is_barred, may_say
from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind, Practice
from scheduler.people.models import Relative as RelativeRow
from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import (
    Clinician,
    Commitment,
    Consent,
    Patient,
    Problem,
    Relative,
)
from scheduler.planning.proposals.queries import (
    cohort_by_key,
    open_plans,
    published_sessions,
    standing_sessions,
)
from scheduler.programs import closed_days, last_day, monday_of
from scheduler.programs.models import Closure, Cohort, Enrolment, VideoRoom
from scheduler.sessions.models import Session

OWN = "an appointment of their own"


@dataclass(frozen=True, slots=True)
class House:
    """What all cohorts share."""

    practice: Practice
    clinicians: tuple[Clinician, ...]
    rooms: tuple[str, ...]
    closures: tuple[Closure, ...]


def load_problem(cohort_key: str, *, now: datetime) -> Problem:
    """Return the problem of one cohort as the rows have it at `now`. Raises NotFound."""
    house = _house()
    cohort = cohort_by_key(cohort_key)
    others = _overlapping(cohort)
    plans, standing = open_plans(), standing_sessions([one.id for one in others])
    settled = {session.cohort_id for session in standing} | plans.keys()
    unplanned = [_problem(house, one, now) for one in others if one.id not in settled]
    own = _problem(house, cohort, now)
    alongside = tuple(one for one in unplanned if one.zone == own.zone)
    busy = [_commitment(session) for session in standing]
    published = {session.key for session in standing}
    for other in others:
        if other.id in plans:
            busy += commitments(one for one in plans[other.id].sessions if one.key not in published)
    for elsewhere in unplanned:
        if elsewhere.zone != own.zone:
            busy += commitments(lay_out_fixed_slots(elsewhere).sessions)
    busy += [
        Commitment(*span, (key,), takes_room=False, about=OWN) for key, span in _own_times(cohort)
    ]
    return replace(
        own,
        busy=tuple(busy),
        alongside=alongside,
        published=published_sessions(cohort),
    )


def _own_times(cohort: Cohort) -> list[tuple[str, tuple[datetime, datetime]]]:
    """Return when clinicians are busy by their own calendars while the cohort runs, with a day to
    spare for zones.
    """
    first = monday_of(cohort.starts, 1) - timedelta(days=1)
    last = last_day(cohort.starts, cohort.program.template.weeks) + timedelta(days=2)
    return busy_times(*(datetime.combine(day, time(), UTC) for day in (first, last)))


def _commitment(session: Session) -> Commitment:
    leads = tuple(one.key for one in session.leads)
    room = session.room.key if session.room else None
    return Commitment(session.starts_at, session.ends_at, leads, room, about=session.key)


def commitments(sessions: Iterable[PlannedSession]) -> list[Commitment]:
    """Return what sessions of another cohort bind: who leads them and their rooms."""
    return [
        Commitment(one.start, one.end, one.clinicians, one.room, about=one.key) for one in sessions
    ]


def _house() -> House:
    people = db.session.scalars(
        select(Person).where(Person.kind == PersonKind.CLINICIAN).order_by(Person.key)
    )
    here = practice()
    rooms = db.session.scalars(
        select(VideoRoom.key).where(VideoRoom.in_use).order_by(VideoRoom.key)
    )
    closures = db.session.scalars(select(Closure).order_by(Closure.position))
    clinicians = tuple(_clinician(one, here) for one in people.unique() if one.clinician)
    return House(here, clinicians, tuple(rooms), tuple(closures))


def _clinician(person: Person, here: Practice) -> Clinician:
    row = person.clinician
    assert row is not None
    zone = person.zone or here.zone
    return Clinician(person.key, zone, person.free, row.away, row.buffer, row.licences)


def _overlapping(cohort: Cohort) -> list[Cohort]:
    """The other cohorts that share days with this one, with a day to spare for zones."""
    first, last = (
        monday_of(cohort.starts, 1),
        last_day(cohort.starts, cohort.program.template.weeks),
    )
    found = db.session.scalars(
        select(Cohort).where(Cohort.id != cohort.id).order_by(Cohort.starts, Cohort.key)
    )
    return [
        one
        for one in found
        if monday_of(one.starts, 1) <= last
        and first <= last_day(one.starts, one.program.template.weeks)
    ]


def _problem(house: House, cohort: Cohort, now: datetime) -> Problem:
    template = cohort.program.template
    first, last = monday_of(cohort.starts, 1), last_day(cohort.starts, template.weeks)
    here = house.practice
    return Problem(
        cohort=cohort.key,
        zone=cohort.zone or here.zone,
        starts=cohort.starts,
        template=template,
        patients=_patients(house, cohort),
        clinicians=house.clinicians,
        leads=cohort.leads,
        rooms=house.rooms,
        closed=closed_days(
            here.state,
            here.holidays,
            house.closures,
            first - timedelta(days=1),
            last + timedelta(days=1),
        ),
        now=now,
    )


def _patients(house: House, cohort: Cohort) -> tuple[Patient, ...]:
    rows = db.session.execute(
        select(Enrolment, Person)
        .join(Person, Person.id == Enrolment.patient_id)
        .where(Enrolment.cohort_id == cohort.id)
        .order_by(Person.key)
    ).unique()
    stays = [(enrolment, person) for enrolment, person in rows]
    families = _families(house, [person.id for _, person in stays])
    last = last_day(cohort.starts, cohort.program.template.weeks)
    found = []
    for enrolment, person in stays:
        row = person.patient
        assert row is not None
        found.append(
            Patient(
                key=person.key,
                first=enrolment.first,
                last=enrolment.last or last,
                state=row.state or house.practice.state,
                zone=person.zone or house.practice.zone,
                clinician=row.treating.key,
                free=person.free,
                relatives=tuple(families[person.id]),
                born=row.born,
            )
        )
    return tuple(found)


def _families(house: House, patient_ids: list[str]) -> dict[str, list[Relative]]:
    grants: dict[tuple[str, str], list[Consent]] = defaultdict(list)
    held = (
        select(Grant)
        .where(Grant.patient_id.in_(patient_ids), Grant.revoked_at.is_(None))
        .order_by(Grant.valid_from)
    )
    for grant in db.session.scalars(held):
        if Information.TIMES not in may_say(grant):
            continue
        consent = Consent(grant.purpose, grant.valid_from, grant.valid_until, grant.others)
        grants[grant.patient_id, grant.person_id].append(consent)
    families: dict[str, list[Relative]] = defaultdict(list)
    stopped = barred_people(patient_ids)
    rows = select(Person).join(RelativeRow, RelativeRow.person_id == Person.id)
    for person in db.session.scalars(
        rows.where(RelativeRow.patient_id.in_(patient_ids)).order_by(Person.key)
    ).unique():
        row = person.relative
        assert row is not None
        shut = is_barred(person.id, row.patient_id, stopped)
        consents = () if shut else tuple(grants[row.patient_id, person.id])
        zone = person.zone or house.practice.zone
        families[row.patient_id].append(
            Relative(person.key, zone, person.free, row.ready, consents)
        )
    return families
