"""Shared reads of grants and of the papers they were signed on."""

from sqlalchemy import select

from scheduler.consents.model.models import Grant, Statement
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.programs import Kind


def grants_about(patient: Person) -> dict[str, list[Grant]]:
    """Return what everybody was ever let know of a patient, by their ids: withdrawn and ended
    grants, too.
    """
    wanted = (
        select(Grant)
        .where(Grant.patient_id == patient.id)
        .order_by(
            Grant.purpose,
            Grant.signed,
        )
    )
    found: dict[str, list[Grant]] = {}
    for grant in db.session.scalars(wanted):
        found.setdefault(grant.person_id, []).append(grant)
    return found


def papers_of(patient: Person) -> list[Statement]:
    """Return what a patient signed, the newest first."""
    wanted = (
        select(Statement)
        .where(Statement.patient_id == patient.id)
        .order_by(Statement.recorded_at.desc())
    )
    return list(db.session.scalars(wanted))


def grants_on(paper: Statement) -> list[Grant]:
    """Return the grants that one paper holds, by purpose."""
    wanted = select(Grant).where(Grant.statement == paper.id).order_by(Grant.purpose)
    return list(db.session.scalars(wanted))


def newest_paper_of(patient: Person, relative: Person, purpose: Kind) -> str | None:
    """Return the id of the paper on which the newest grant not withdrawn stands, None without."""
    wanted = select(Grant.statement).where(
        Grant.patient_id == patient.id,
        Grant.person_id == relative.id,
        Grant.purpose == purpose,
        Grant.revoked_at.is_(None),
    )
    return db.session.scalars(wanted.order_by(Grant.given_at.desc())).first()
