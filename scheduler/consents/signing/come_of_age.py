"""The 18th birthday: what somebody else signed for a minor is no basis any more, until the patient
signs.
"""

from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.consents.model.models import Statement
from scheduler.consents.model.validity import FOR_MINORS, birthday
from scheduler.consents.signing.recompute_validity import recompute_validity
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Patient


def come_of_age(*, by: str, now: datetime) -> int:
    """Note which statements ended with the patient's 18th birthday (practice's zone); give how
    many. Safe to repeat.

    Their grants have ended by the clock alone; this writes it down and derives them again where the
    birth date changed.
    """
    rows = db.session.execute(
        select(Statement, Patient.born)
        .join(Patient, Patient.person_id == Statement.patient_id)
        .where(
            Statement.suspended_at.is_(None),
            Statement.capacity.in_(FOR_MINORS),
            Patient.born.is_not(None),
        )
    ).all()
    if not rows:
        return 0
    today = practice().day_at(now)
    grown = [row for row, born in rows if born and row.signed < birthday(born) <= today]
    for row in grown:
        row.suspended_at = now
        audit.append(
            "consent.came_of_age",
            f"statement {row.id}",
            {},
            by=by,
            now=now,
        )
    db.session.flush()
    if grown:
        recompute_validity(
            by=by,
            now=now,
            patients={row.patient_id for row in grown},
        )
    return len(grown)
