"""Rows become a problem: one cohort with its people and rules, and all that stands around it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select

from scheduler.busy import busy_times
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind, Practice
from scheduler.planning.planner import commitments
from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.plan import PlannedSession, Rule
from scheduler.planning.problem.problem import Clinician, Commitment, Problem
from scheduler.planning.proposals.decisions import decisions_of
from scheduler.planning.proposals.humans.load_humans import Humans, with_bodies
from scheduler.planning.proposals.left_patients import left_patients
from scheduler.planning.proposals.load_patients import load_patients
from scheduler.planning.proposals.queries import (
    cohort_by_key,
    open_plans,
    published_sessions,
)
from scheduler.planning.proposals.standing_beside import (
    StandingBeside,
    make_ups_elsewhere,
    standing_beside,
)
from scheduler.programs import (
    RoomService,
    closed_days,
    last_day,
    monday_of,
    rooms_in_use,
)
from scheduler.programs.models import Closure, Cohort, VideoRoom
from scheduler.sessions import overrides_of

OWN = "an appointment of their own"


@dataclass(frozen=True, slots=True)
class House:
    """What all cohorts share."""

    practice: Practice
    clinicians: tuple[Clinician, ...]
    rooms: tuple[VideoRoom, ...]
    closures: tuple[Closure, ...]


def load_problem(cohort_key: str, *, now: datetime, together: Collection[str] = ()) -> Problem:
    """Return the problem of one cohort as the rows have it at `now`. Raises NotFound.

    Of the cohorts it is planned `together` with (keys), proposals that wait count for nothing.
    """
    house = _house()
    cohort = cohort_by_key(cohort_key)
    published = published_sessions(cohort)
    own = _problem(house, cohort, now, _seated(published))
    others = _Others(cohort, together)
    alongside, laid_out = _unplanned(house, own, others, now)
    humans = Humans((own, *alongside))
    busy = _busy(cohort, others, laid_out, humans)
    busy += make_ups_elsewhere(patient.key for patient in own.patients)
    decided = decisions_of(cohort)
    problem = replace(
        own,
        busy=tuple(busy),
        alongside=tuple(_with_busy(beside, busy) for beside in alongside),
        published=published,
        called_off=decided.called_off,
    )
    problem = _with_overrides(problem, cohort)
    problem = replace(problem, patients=(*problem.patients, *left_patients(problem)))
    return replace(problem, kept=_still_wanted(problem, decided.kept))


def _busy(
    cohort: Cohort,
    others: "_Others",
    laid_out: list[PlannedSession],
    humans: Humans,
) -> list[Commitment]:
    """Return what takes the time of those whom a cohort shares with others."""
    busy = others.commitments() + commitments(laid_out)
    busy += humans.standing(others.cohorts)
    busy += humans.planned([*others.proposed(), *laid_out])
    busy += _own_times(cohort)
    return busy


def _seated(published: Iterable[PlannedSession]) -> set[str]:
    seated: set[str] = set()
    for session in published:
        seated.update(session.patients)
    return seated


def _unplanned(
    house: House, own: Problem, others: "_Others", now: datetime
) -> tuple[list[Problem], list[PlannedSession]]:
    """Return the cohorts of the same zone that have no plan yet, and the groups of those of
    another.
    """
    alongside = []
    laid_out: list[PlannedSession] = []
    for other in others.unplanned():
        beside = _problem(
            house,
            other,
            now,
            set(),
        )
        if beside.zone == own.zone:
            alongside.append(beside)
        else:
            laid_out += lay_out_fixed_slots(beside).sessions
    return alongside, laid_out


def _with_overrides(problem: Problem, cohort: Cohort) -> Problem:
    """Return a cohort with what a person let be bent where it is."""
    accepted = {}
    made_time = set()
    for key, override in overrides_of(cohort.id):
        accepted[override.about] = override.reason
        if override.rule == Rule.RELATIVE_FREE:
            made_time.add(key)
    return replace(
        problem,
        accepted=accepted,
        made_time=frozenset(made_time),
    )


def _still_wanted(problem: Problem, moved: frozenset[str]) -> frozenset[str]:
    """Return of what was moved by hand what is still owed: no decision outlasts a discharge."""
    if not moved:
        return moved
    due, _ = due_appointments(problem)
    holders = {owed.key: (owed.clinician,) for owed in due}
    found = set()
    for session in problem.published:
        if session.fixed:
            is_wanted = session.day not in problem.closed
        else:
            holder = holders.get(session.key)
            is_wanted = holder == session.clinicians
            if session.led_by_hand:
                is_wanted = holder is not None
        if session.key in moved and is_wanted:
            found.add(session.key)
    return frozenset(found)


def _with_busy(beside: Problem, busy: Iterable[Commitment]) -> Problem:
    """Return a cohort alongside with what keeps its people who have other rows."""
    if not beside.bodies:
        return beside
    return replace(beside, busy=tuple(entry for entry in busy if entry.of_selves))


class _Others:
    """The cohorts beside one cohort: what of them is published, proposed or still to be planned."""

    def __init__(self, cohort: Cohort, together: Collection[str]) -> None:
        self.cohorts = _overlapping(cohort)
        self.plans = open_plans()
        for other in self.cohorts:
            if other.key in together:
                self.plans.pop(other.id, None)
        self.standing = standing_beside(other.id for other in self.cohorts)

    def unplanned(self) -> list[Cohort]:
        """Return those of which nothing stands and nothing is proposed."""
        planned = {session.cohort_id for session in self.standing}
        planned |= self.plans.keys()
        return [other for other in self.cohorts if other.id not in planned]

    def commitments(self) -> list[Commitment]:
        """Return what binds people and rooms: what stands, and what is proposed beside it."""
        found = [_commitment(session) for session in self.standing]
        found += commitments(self.proposed())
        return found

    def proposed(self) -> list[PlannedSession]:
        """Return what is proposed beside what stands."""
        published = {session.key for session in self.standing}
        found = []
        for other in self.cohorts:
            plan = self.plans.get(other.id)
            if plan is not None:
                found += [session for session in plan.sessions if session.key not in published]
        return found


def _own_times(cohort: Cohort) -> list[Commitment]:
    """Return when clinicians are busy by their own calendars while the cohort runs, with a day to
    spare for zones.
    """
    first = monday_of(cohort.starts, 1) - timedelta(days=1)
    last = last_day(cohort.starts, cohort.program.template.weeks) + timedelta(days=2)
    begin = datetime.combine(first, time(), UTC)
    end = datetime.combine(last, time(), UTC)
    found = []
    for key, (start, finish) in busy_times(begin, end):
        found.append(
            Commitment(
                start,
                finish,
                (key,),
                takes_room=False,
                about=OWN,
            )
        )
    return found


def _commitment(session: StandingBeside) -> Commitment:
    return Commitment(
        session.starts_at,
        session.ends_at,
        session.leads,
        session.room,
        about=session.key,
    )


def _house() -> House:
    people = db.session.scalars(
        select(Person).where(Person.kind == PersonKind.CLINICIAN).order_by(Person.key)
    )
    here = practice()
    closures = db.session.scalars(select(Closure).order_by(Closure.position))
    clinicians = tuple(_clinician(person, here) for person in people.unique() if person.clinician)
    return House(
        here,
        clinicians,
        tuple(rooms_in_use()),
        tuple(closures),
    )


def _clinician(person: Person, here: Practice) -> Clinician:
    row = person.clinician
    assert row is not None
    zone = person.zone or here.zone
    return Clinician(
        person.key,
        zone,
        person.free,
        row.away,
        row.buffer,
        row.licences,
    )


def _overlapping(cohort: Cohort) -> list[Cohort]:
    """Return the other cohorts that share days with this one."""
    first, last = _days_of(cohort)
    others = db.session.scalars(
        select(Cohort).where(Cohort.id != cohort.id).order_by(Cohort.starts, Cohort.key)
    )
    found = []
    for other in others:
        others_first, others_last = _days_of(other)
        if others_first <= last and first <= others_last:
            found.append(other)
    return found


def _days_of(cohort: Cohort) -> tuple[date, date]:
    """Return the Monday of a cohort's first week and the last day of its last."""
    first = monday_of(cohort.starts, 1)
    last = last_day(cohort.starts, cohort.program.template.weeks)
    return first, last


def _problem(house: House, cohort: Cohort, now: datetime, seated: set[str]) -> Problem:
    template = cohort.program.template
    first = monday_of(cohort.starts, 1)
    last = last_day(cohort.starts, template.weeks)
    here = house.practice
    problem = Problem(
        cohort=cohort.key,
        zone=cohort.zone or here.zone,
        starts=cohort.starts,
        template=template,
        patients=load_patients(cohort, here, seated),
        clinicians=house.clinicians,
        leads=cohort.leads,
        rooms=tuple(room.key for room in house.rooms),
        fixed_rooms=_fixed(house.rooms),
        closed=closed_days(
            here.state,
            here.holidays,
            house.closures,
            first - timedelta(days=1),
            last + timedelta(days=1),
        ),
        now=now,
    )
    return with_bodies(problem)


def _fixed(rooms: Iterable[VideoRoom]) -> frozenset[str]:
    return frozenset(room.key for room in rooms if room.service == RoomService.FIXED)
