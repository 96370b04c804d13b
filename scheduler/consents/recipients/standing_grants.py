"""Reads of the grants that one relative has: which stand, and what was withdrawn."""

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.people import practice, relatives_of
from scheduler.people.models import Person
from scheduler.programs import Kind


def standing_grants(
    person: Person, patient: Person, purposes: Collection[Kind] | None = None
) -> list[Grant]:
    """Return the grants not withdrawn that let `person` know of `patient`, all or those for
    `purposes`.
    """
    of_them = (
        Grant.person_id == person.id,
        Grant.patient_id == patient.id,
        Grant.revoked_at.is_(None),
    )
    rows = db.session.scalars(select(Grant).where(*of_them).order_by(Grant.given_at, Grant.id))
    return [row for row in rows if purposes is None or row.purpose in purposes]


def withdrawn_since(
    person: Person, patient: Person, purposes: Collection[Kind], signed: date
) -> date | None:
    """Return the day, in the practice's zone, on which what a paper `signed` before says was
    withdrawn; else None.

    Withdrawn is a purpose of the paper, or all that `person` might know: an older paper is no new
    consent (42 CFR 2.31(a)(6)).
    """
    stands = bool(standing_grants(person, patient))
    of_them = (
        Grant.person_id == person.id,
        Grant.patient_id == patient.id,
        Grant.revoked_at.is_not(None),
    )
    rows = db.session.execute(select(Grant.purpose, Grant.revoked_at).where(*of_them)).all()
    zone = ZoneInfo(practice().zone)
    days = [
        at.astimezone(zone).date()
        for purpose, at in rows
        if at and (purpose in purposes or not stands)
    ]
    return max((day for day in days if day > signed), default=None)


def told_family(patient: Person, purposes: Collection[Kind] | None = None) -> list[Person]:
    """Return the relatives who have a grant that is not withdrawn, all or one of `purposes`, by
    name.
    """
    family = relatives_of(patient)
    return [relative for relative in family if standing_grants(relative, patient, purposes)]


def consented_then(patient_ids: Collection[str], purpose: Kind, moment: datetime) -> list[Person]:
    """Return the relatives whose consent for `purpose` held at a moment of the past, withdrawn
    since or not, by their key.
    """
    question = (
        select(Person)
        .join(Grant, Grant.person_id == Person.id)
        .where(
            Grant.patient_id.in_(patient_ids),
            Grant.purpose == purpose,
            Grant.valid_from <= moment,
            Grant.valid_until > moment,
            or_(Grant.revoked_at.is_(None), Grant.revoked_at > moment),
        )
        .order_by(Person.key)
    )
    return list(db.session.scalars(question).unique())
