"""Never-invite and do-not-contact: they override every grant, at once and until somebody lifts
them.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.consents.model.models import Barrier, BarrierKind, Grant
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person


def add_barrier(
    *,
    patient: Person,
    person: Person | None,
    kind: BarrierKind,
    reason: str | None = None,
    asked_by: str | None = None,
    by: str,
    now: datetime,
) -> Barrier:
    """Stop everything to `person`, or to the whole family of `patient` when none is named; what
    waits never leaves. `asked_by` is whose word it is, where that is another's than `by`.

    Raises InputError: another's relative, or a reason asked of a patient (45 CFR
    164.522(b)(2)(iii)).
    """
    if person is not None and (person.relative is None or person.relative.patient_id != patient.id):
        raise InputError(f"{person.key} is no relative of {patient.key}")
    if kind is BarrierKind.DO_NOT_CONTACT and reason:
        raise InputError("nobody is asked why: do-not-contact is kept without a reason")
    row = Barrier(
        id=new_id(),
        patient_id=patient.id,
        person_id=person.id if person else None,
        kind=kind,
        reason=reason or None,
        set_at=now,
        set_by=asked_by or by,
    )
    db.session.add(row)
    db.session.flush()
    audit.append(
        "barrier.set",
        f"barrier {row.id}",
        {"kind": kind.value},
        by=by,
        now=now,
    )
    return row


def lift_barrier(barrier: Barrier, *, by: str, now: datetime) -> None:
    """Lift a barrier; grants that still stand count again. A patient's death is never taken
    back.
    """
    if barrier.lifted_at is not None or barrier.kind is BarrierKind.DECEASED:
        raise InputError("this cannot be lifted")
    barrier.lifted_at = now
    barrier.lifted_by = by
    db.session.flush()
    audit.append(
        "barrier.lifted",
        f"barrier {barrier.id}",
        {},
        by=by,
        now=now,
    )


def barriers_of(patient_id: str) -> list[Barrier]:
    """Return the barriers that stand for a patient's family, oldest first."""
    rows = select(Barrier).where(
        Barrier.patient_id == patient_id,
        Barrier.lifted_at.is_(None),
    )
    return list(db.session.scalars(rows.order_by(Barrier.set_at, Barrier.id)))


def barred_people(patients: Collection[str]) -> set[tuple[str, str | None]]:
    """Return what stands in the way of the families of these patients, as (patient, person or None
    for all).
    """
    rows = select(Barrier.patient_id, Barrier.person_id).where(
        Barrier.patient_id.in_(patients),
        Barrier.lifted_at.is_(None),
    )
    return {(patient, person) for patient, person in db.session.execute(rows)}


def own_silences(patients: Collection[str]) -> list[Barrier]:
    """Return the barriers of these patients' families that relatives asked for themselves, oldest
    first: they are told to nobody but staff.
    """
    rows = (
        select(Barrier)
        .join(Person, Person.id == Barrier.person_id)
        .where(
            Barrier.patient_id.in_(patients),
            Barrier.kind == BarrierKind.DO_NOT_CONTACT,
            Barrier.lifted_at.is_(None),
            Barrier.set_by == Person.key,
        )
        .order_by(Barrier.set_at, Barrier.id)
    )
    return list(db.session.scalars(rows))


def silent_people(patients: Collection[str]) -> set[str]:
    """Return the relatives (ids) of these patients whose own word alone keeps them out."""
    asked = own_silences(patients)
    rows = select(Barrier.patient_id, Barrier.person_id).where(
        Barrier.patient_id.in_(patients),
        Barrier.lifted_at.is_(None),
        Barrier.id.not_in([silence.id for silence in asked]),
    )
    others = {(patient, person) for patient, person in db.session.execute(rows)}
    found = set()
    for silence in asked:
        keys = {(silence.patient_id, silence.person_id), (silence.patient_id, None)}
        if silence.person_id is not None and not keys & others:
            found.add(silence.person_id)
    return found


def stopped_grants(patient: Person, person: Person | None) -> tuple[str, ...]:
    """Return the ids of all grants that a barrier for `person` (None: the whole family) stands
    before, to wait for what is being handed over under them.
    """
    rows = select(Grant.id).where(Grant.patient_id == patient.id)
    if person is not None:
        rows = rows.where(Grant.person_id == person.id)
    return tuple(db.session.scalars(rows))
