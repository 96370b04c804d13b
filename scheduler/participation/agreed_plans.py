"""Agreeing on a plan of participation, and reading what was agreed."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler import audit
from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.participation.models import ParticipationPlan
from scheduler.participation.participation_rules import PARTS, Part
from scheduler.people import practice, relatives_of
from scheduler.people.models import Person

MOST_WEEKS = 52
LONGEST_WORDS = 2000
"""Characters of what else was agreed."""


def agree_plan(
    patient: Person,
    parts: Sequence[Part],
    *,
    agreed_on: date,
    agreed_with: str,
    words: str | None = None,
    by: str,
    now: datetime,
) -> ParticipationPlan:
    """Write down what was agreed with a patient and the family; it takes the place of what was
    agreed before. Raises InputError.
    """
    _refuse_what_cannot_be(patient, parts)
    if not agreed_with.strip():
        raise InputError(N_("say with whom it was agreed"))
    if agreed_on > now.astimezone(ZoneInfo(practice().zone)).date():
        raise InputError(N_("it cannot have been agreed later than today"))
    if len(words or "") > LONGEST_WORDS:
        raise InputError(f"what else was agreed is longer than {LONGEST_WORDS} characters")
    before = plan_of(patient)
    row = ParticipationPlan(
        patient_id=patient.id,
        turn=before.turn + 1 if before else 1,
        parts=tuple(parts),
        agreed_on=agreed_on,
        agreed_with=agreed_with.strip(),
        words=(words or "").strip() or None,
        by=by,
        at=now,
    )
    db.session.add(row)
    db.session.flush()
    details = {"turn": row.turn}
    audit.append(
        "participation.agree",
        f"person {patient.id}",
        details,
        by=by,
        now=now,
    )
    return row


def _refuse_what_cannot_be(patient: Person, parts: Sequence[Part]) -> None:
    """Refuse a plan that names a kind twice or none of theirs, or somebody of another family.
    Raises InputError.
    """
    family = {relative.id for relative in relatives_of(patient)}
    seen = set()
    for part in parts:
        if part.kind not in PARTS or part.kind in seen:
            raise InputError(f"{part.kind.value} cannot be agreed on, or stands there twice")
        seen.add(part.kind)
        if not family.issuperset(part.people):
            raise InputError(f"{part.kind.value}: somebody is not of this family")
        if part.every_weeks is not None and not 1 <= part.every_weeks <= MOST_WEEKS:
            raise InputError(f"{part.kind.value}: every 1 to {MOST_WEEKS} weeks")


def plan_of(patient: Person) -> ParticipationPlan | None:
    """Return what was agreed last with a patient and the family."""
    found = plans_before(patient)
    return found[0] if found else None


def plans_before(patient: Person) -> list[ParticipationPlan]:
    """Return all that was agreed with a patient and the family, the newest first."""
    theirs = select(ParticipationPlan).where(ParticipationPlan.patient_id == patient.id)
    return list(db.session.scalars(theirs.order_by(ParticipationPlan.turn.desc())))


def plans_of(patient_ids: Collection[str]) -> dict[str, tuple[Part, ...]]:
    """Return by patient (id) what was agreed last; those without a plan are left out."""
    theirs = select(ParticipationPlan).where(ParticipationPlan.patient_id.in_(patient_ids))
    found = {}
    for row in db.session.scalars(theirs.order_by(ParticipationPlan.turn)):
        found[row.patient_id] = row.parts
    return found
