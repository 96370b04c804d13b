"""Reaching beyond one's own patients: a reason, a time limit, the record."""

from datetime import datetime, timedelta

from sqlalchemy import select

from scheduler import audit, tasks
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.accounts.models import BrokenGlass
from scheduler.people.models import Person

GLASS_LASTS = timedelta(hours=1)
SHORTEST_REASON = 10
LONGEST_REASON = 500
FOR_AUDITOR = "broken_glass"


def break_glass(staff: Person, patient: Person, reason: str, *, now: datetime) -> BrokenGlass:
    """Open a patient's page to a member of staff for an hour, and tell the auditor. Raises
    InputError without a reason that says something.
    """
    said = " ".join(reason.split())
    if not SHORTEST_REASON <= len(said) <= LONGEST_REASON:
        raise InputError(f"give a reason of {SHORTEST_REASON} to {LONGEST_REASON} characters")
    row = BrokenGlass(
        staff_id=staff.id,
        patient_id=patient.id,
        reason=said,
        began_at=now,
        ends_at=now + GLASS_LASTS,
    )
    db.session.add(row)
    db.session.flush()
    audit.append(
        "glass.broken",
        f"person {patient.id}",
        {"glass": row.id, "until": row.ends_at.isoformat()},
        by=staff.key,
        now=now,
    )
    tasks.raise_task(
        FOR_AUDITOR,
        f"{FOR_AUDITOR}:{row.id}",
        f"{staff.name} opened the pages of a patient beyond their own: {said}",
        about_id=patient.id,
        now=now,
    )
    return row


def glass_is_broken(staff: Person, patient_id: str, *, now: datetime) -> bool:
    """True if this member of staff gave a reason for this patient within the hour."""
    wanted = select(BrokenGlass.id).where(
        BrokenGlass.staff_id == staff.id,
        BrokenGlass.patient_id == patient_id,
        BrokenGlass.began_at <= now,
        BrokenGlass.ends_at > now,
    )
    return db.session.scalars(wanted.limit(1)).first() is not None
