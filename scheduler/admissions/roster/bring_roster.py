"""Bringing in a list of new patients, all or none, and taking it back as one while nothing rests
on them. Nobody is written to by it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from scheduler import audit
from scheduler.admissions.admit_patient import admit
from scheduler.admissions.roster.models import RosterImport
from scheduler.admissions.roster.roster_rows import Row
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError, NotFound
from scheduler.kernel.sought import folded
from scheduler.people.models import Patient, Person
from scheduler.programs.models import Enrolment

NEWEST = 5
"""Lists that are shown with a way back."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A list that was brought in; or, where `brought` is None, its rows with what is wrong."""

    brought: RosterImport | None
    rows: Sequence[Row]


def bring_roster(rows: Sequence[Row], roster_id: str, *, by: str, now: datetime) -> Brought:
    """Admit everybody of a list; the same one (id) sent twice is brought once. With anything wrong
    nobody is, once whoever calls it rolls back.
    """
    known = db.session.get(RosterImport, roster_id)
    if known is not None:
        return Brought(known, rows)
    here = _here(rows)
    judged = []
    ids = []
    for row in rows:
        errors = dict(row.errors)
        person_id = _person_id(roster_id, row.line)
        if row.said is not None:
            errors |= _already(row, here)
            errors |= {} if errors else _admit(row, person_id, by=by, now=now)
        ids.append(person_id)
        judged.append(replace(row, errors=errors))
    if any(row.errors for row in judged):
        return Brought(None, judged)
    brought = RosterImport(id=roster_id, person_ids=tuple(ids), brought_at=now, brought_by=by)
    db.session.add(brought)
    db.session.flush()
    about = {"patients": len(ids)}
    audit.append("roster.brought", f"roster {roster_id}", about, by=by, now=now)
    return Brought(brought, judged)


def take_back_roster(roster_id: str, *, by: str, now: datetime) -> int:
    """Take back whom a list brought; return how many. Raises NotFound, and Conflict where something
    rests on one of them by now: a session, a consent, a letter, a relative.
    """
    row = db.session.get(RosterImport, roster_id, with_for_update=True)
    if row is None:
        raise NotFound("there is no such list")
    if row.taken_back_at is not None:
        raise Conflict("this list is taken back already")
    ids = row.person_ids
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Enrolment).where(Enrolment.patient_id.in_(ids)))
            db.session.execute(delete(Patient).where(Patient.person_id.in_(ids)))
            db.session.execute(delete(Person).where(Person.id.in_(ids)))
    except IntegrityError as error:
        said = "something rests on one of them by now: discharge them one by one"
        raise Conflict(said) from error
    row.taken_back_at = now
    row.taken_back_by = by
    db.session.flush()
    about = {"patients": len(ids)}
    audit.append("roster.taken_back", f"roster {roster_id}", about, by=by, now=now)
    return len(ids)


def newest_rosters() -> list[RosterImport]:
    """Return the lists brought in last and not taken back, the newest first."""
    standing = select(RosterImport).where(RosterImport.taken_back_at.is_(None))
    newest = standing.order_by(RosterImport.brought_at.desc(), RosterImport.id).limit(NEWEST)
    return list(db.session.scalars(newest))


def _admit(row: Row, person_id: str, *, by: str, now: datetime) -> dict[str, str]:
    """Admit one of the list; return what is wrong by field instead."""
    assert row.said is not None
    try:
        admit(row.said, person_id, by=by, now=now)
    except InputError as error:
        words = str(error)
        return {_field_of(words): words}
    return {}


def _field_of(words: str) -> str:
    """Return the field that an error of an admission is about."""
    if "the key" in words:
        return "key"
    if "licence" in words or "clinician" in words:
        return "clinician"
    if "first day" in words:
        return "first"
    return "clinician" if "nobody with" in words else "cohort"


def _here(rows: Sequence[Row]) -> dict[tuple[str, date], Person]:
    """Return who is here already with a birthday of the list, by name and birthday."""
    days = {row.said.born for row in rows if row.said is not None and row.said.born is not None}
    wanted = select(Person, Patient.born).join(Patient, Patient.person_id == Person.id)
    found: dict[tuple[str, date], Person] = {}
    for person, born in db.session.execute(wanted.where(Patient.born.in_(days))).unique():
        if born is not None:
            found[folded(person.name), born] = person
    return found


def _already(row: Row, here: dict[tuple[str, date], Person]) -> dict[str, str]:
    said = row.said
    if said is None or said.born is None:
        return {}
    person = here.get((folded(said.contact.name), said.born))
    if person is None:
        return {}
    return {"name": f"{person.name} ({person.key}) with this birthday is here already"}


def _person_id(roster_id: str, line: int) -> str:
    return hashlib.sha256(f"{roster_id}:{line}".encode()).hexdigest()[:32]
