"""Deriving again what a paper means when a stay, a birth date, the zone or the signer's authority
changed.
"""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.consents.model.models import Authority, Grant
from scheduler.consents.model.validity import Paper, Stay, span
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Patient
from scheduler.programs import last_day
from scheduler.programs.models import Enrolment, FurtherStay


def recompute_validity(*, by: str, now: datetime, patients: Collection[str] | None = None) -> int:
    """Compute again from when until when each standing grant may hold; return how many changed.

    To be called after an enrolment, a birth date, an authority or the practice's zone changed;
    `patients` are ids, None all.
    """
    zone = practice().zone
    changed = 0
    rows = select(Grant).where(Grant.revoked_at.is_(None)).order_by(Grant.id)
    if patients is not None:
        rows = rows.where(Grant.patient_id.in_(patients))
    grants = list(db.session.scalars(rows))
    born = _births(patients) if grants else {}
    for grant in grants:
        stay = None
        if grant.expires is None:
            stay = stay_of(
                grant.patient_id,
                grant.signed,
            )
        begin, end = span(
            paper_of(grant),
            zone=zone,
            born=born[grant.patient_id],
            stay=stay,
        )
        if (grant.valid_from, grant.valid_until) == (begin, end):
            continue
        grant.valid_from = begin
        grant.valid_until = end
        details = {"until": end.isoformat()}
        audit.append("consent.rederived", f"grant {grant.id}", details, by=by, now=now)
        changed += 1
    db.session.flush()
    return changed


def paper_of(grant: Grant) -> Paper:
    """Return what was signed for this grant, and until when the signer's authority goes."""
    first = grant.paper.authority if grant.paper else None
    second = grant.paper.second if grant.paper and first else None
    until, ended = reach(first, second.authority if second else None)
    return Paper(
        grant.signed,
        grant.expires,
        grant.expires_on,
        grant.signed_by,
        until,
        ended,
    )


def reach(*authorities: Authority | None) -> tuple[date | None, datetime | None]:
    """Return the last day of all that signed by an authority, and when the first of these ended
    early.
    """
    held = [authority for authority in authorities if authority is not None]
    until = min((authority.last for authority in held if authority.last), default=None)
    return until, min(
        (authority.ended_at for authority in held if authority.ended_at), default=None
    )


def _births(patients: Collection[str] | None) -> dict[str, date | None]:
    """Return birth dates by patient (id), of these or of all."""
    wanted = select(Patient.person_id, Patient.born)
    if patients is not None:
        wanted = wanted.where(Patient.person_id.in_(patients))
    found = {}
    for patient_id, born in db.session.execute(wanted):
        found[patient_id] = born
    return found


def born_on(patient_id: str) -> date | None:
    """Return a patient's birth date, None when it is unknown."""
    return db.session.scalar(select(Patient.born).where(Patient.person_id == patient_id))


def stay_of(patient_id: str, signed: date) -> Stay | None:
    """Return the days that an ending by event means on a paper of this patient; None: not enrolled.

    It is the first stay that was not over when the paper was signed, and never one after the
    current stay: for what comes later, a paper is signed anew.
    """
    here = Enrolment.patient_id == patient_id
    enrolment = db.session.scalar(select(Enrolment).where(here))
    if enrolment is None:
        return None
    current = _ends(enrolment)
    elsewhere = FurtherStay.patient_id == patient_id
    others = db.session.scalars(select(FurtherStay).where(elsewhere))
    found = current
    for other in others:
        stay = _ends(other)
        if signed <= stay.last < found.last:
            found = stay
    end = min(
        found.program_end,
        current.program_end,
    )
    return Stay(found.last, end)


def _ends(stay: Enrolment | FurtherStay) -> Stay:
    cohort = stay.cohort
    weeks = cohort.program.template.weeks
    end = last_day(cohort.starts, weeks)
    return Stay(stay.last or end, end)
