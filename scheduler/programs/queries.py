"""Shared reads of programs, cohorts and who is enrolled in them."""

from collections.abc import Collection

from sqlalchemy import func, select

from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.programs.models import (
    Closure,
    Cohort,
    Enrolment,
    FurtherStay,
    Program,
    VideoRoom,
)
from scheduler.programs.stays import Stay, every_stay, stays_of


def all_programs() -> list[Program]:
    """Return every program in its newest version, by its clinic key."""
    wanted = select(Program).where(Program.of_id.is_(None))
    return list(db.session.scalars(wanted.order_by(Program.key)))


def program_by_key(key: str) -> Program | None:
    """Return the program with this clinic key, None without one."""
    return db.session.scalars(select(Program).where(Program.key == key)).one_or_none()


def all_cohorts() -> list[Cohort]:
    """Return every cohort, the one that starts last first."""
    return list(db.session.scalars(select(Cohort).order_by(Cohort.starts.desc(), Cohort.key)))


def has_cohort() -> bool:
    """True if the practice has opened a cohort."""
    return db.session.scalar(select(Cohort.id).limit(1)) is not None


def all_closures() -> list[Closure]:
    """Return the practice's own closed days in the order of its clinic file."""
    return list(db.session.scalars(select(Closure).order_by(Closure.position)))


def enrolled_counts() -> dict[str, int]:
    """Return how many patients each cohort has a seat for, by the cohort's id; none where nobody
    is.
    """
    stay = every_stay.c
    patients = func.count(stay.patient_id.distinct()).label("patients")
    seated = select(stay.cohort_id, patients).where(stay.waits.is_(None))
    grouped = seated.group_by(stay.cohort_id)
    found = {}
    for row in db.session.execute(grouped):
        found[row.cohort_id] = row.patients
    return found


def patients_of(cohort: Cohort) -> list[Person]:
    """Return the patients of a cohort, by name; who waits for a place is not among them."""
    stay = every_stay.c
    ids = select(stay.patient_id).where(
        stay.cohort_id == cohort.id,
        stay.waits.is_(None),
    )
    wanted = select(Person).where(Person.id.in_(ids))
    ordered = wanted.order_by(Person.name)
    people = db.session.scalars(ordered)
    return list(people.unique())


def waiting_for(cohort: Cohort) -> list[Person]:
    """Return the patients who wait for a place in a cohort, the first in line first."""
    stay = every_stay.c
    wanted = (
        select(Person)
        .join(every_stay, stay.patient_id == Person.id)
        .where(
            stay.cohort_id == cohort.id,
            stay.waits.is_not(None),
        )
        .order_by(stay.waits)
    )
    people = db.session.scalars(wanted)
    return list(people.unique())


def stays_with_cohorts(patient: Person) -> list[tuple[Stay, Cohort]]:
    """Return a patient's stays by day, each with its cohort."""
    found = []
    for stay in stays_of([patient.id]).get(patient.id, []):
        cohort = db.session.get(Cohort, stay.cohort_id)
        if cohort is not None:
            found.append((stay, cohort))
    return found


def current_stays(patient_ids: Collection[str]) -> dict[str, Enrolment]:
    """Return the current stay of each of these patients (ids) that has one."""
    wanted = select(Enrolment).where(Enrolment.patient_id.in_(patient_ids))
    return {stay.patient_id: stay for stay in db.session.scalars(wanted)}


def further_stays(patient_ids: Collection[str]) -> dict[str, list[FurtherStay]]:
    """Return the stays beside the current one of each of these patients (ids) that has any."""
    found: dict[str, list[FurtherStay]] = {}
    for stay in db.session.scalars(
        select(FurtherStay).where(FurtherStay.patient_id.in_(patient_ids))
    ):
        found.setdefault(stay.patient_id, []).append(stay)
    return found


def cohort_of(patient: Person) -> Cohort | None:
    """Return the cohort of a patient's current stay, None without one."""
    wanted = select(Cohort).join(Enrolment).where(Enrolment.patient_id == patient.id)
    return db.session.scalars(wanted).first()


def rooms_in_use() -> list[VideoRoom]:
    """Return the rooms that sessions may be planned in, by key."""
    wanted = select(VideoRoom).where(VideoRoom.in_use).order_by(VideoRoom.key)
    return list(db.session.scalars(wanted))
