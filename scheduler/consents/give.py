"""Recording what was signed, and deriving again what it means when a stay, a birth date or the zone changed."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.consents.models import Ending, Grant, Signer
from scheduler.consents.queries import standing_grants
from scheduler.consents.validity import Paper, Stay, birthday, span
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.people import practice
from scheduler.people.models import Patient, Person
from scheduler.programs import FAMILY_KINDS, Kind, last_day
from scheduler.programs.models import Enrolment


def give(
    *,
    person: Person,
    patient: Person,
    purposes: Collection[Kind],
    signed: date,
    expires: date | None = None,
    expires_on: Ending | None = None,
    signed_by: Signer = Signer.PATIENT,
    others: bool = False,
    by: str,
    now: datetime,
) -> list[Grant]:
    """Record one signed paper as a grant for each purpose; one that stands already in the same words is kept.

    Raises InputError for what no consent can say: another's relative, a purpose not of families, no one ending.
    """
    paper = Paper(signed, expires, expires_on, signed_by)
    _refuse_nonsense(paper, person, patient, purposes)
    known = {
        each.purpose
        for each in standing_grants(person, patient, purposes)
        if (_paper_of(each), each.others) == (paper, others)
    }
    grants = _grants(paper, person, patient, set(purposes) - known)
    for grant in grants:
        grant.others, grant.given_at, grant.given_by = others, now, by
    db.session.add_all(grants)
    db.session.flush()
    for grant in grants:
        audit.append("consent.given", f"grant {grant.id}", {"purpose": grant.purpose.value}, by=by, now=now)
    return grants


def rederive(*, by: str, now: datetime, patients: Collection[str] | None = None) -> int:
    """Compute again from when until when each standing grant may hold; give how many changed.

    To be called after an enrolment, a birth date or the practice's zone changed; `patients` are ids, None all.
    """
    zone, changed = practice().zone, 0
    rows = select(Grant).where(Grant.revoked_at.is_(None)).order_by(Grant.id)
    if patients is not None:
        rows = rows.where(Grant.patient_id.in_(patients))
    found = list(db.session.scalars(rows))
    about = {each: (_born(each), _stay(each)) for each in {grant.patient_id for grant in found}}
    for grant in found:
        born, stay = about[grant.patient_id]
        begin, end = span(_paper_of(grant), zone=zone, born=born, stay=stay)
        if (grant.valid_from, grant.valid_until) != (begin, end):
            grant.valid_from, grant.valid_until = begin, end
            audit.append("consent.rederived", f"grant {grant.id}", {"until": end.isoformat()}, by=by, now=now)
            changed += 1
    db.session.flush()
    return changed


def _grants(paper: Paper, person: Person, patient: Person, purposes: Collection[Kind]) -> list[Grant]:
    begin, end = span(paper, zone=practice().zone, born=_born(patient.id), stay=_stay(patient.id))
    statement = new_id()
    return [
        Grant(
            id=new_id(), statement=statement, person_id=person.id, patient_id=patient.id, purpose=purpose,
            signed=paper.signed, expires=paper.expires, expires_on=paper.expires_on, signed_by=paper.signed_by,
            valid_from=begin, valid_until=end,
        )
        for purpose in sorted(purposes)
    ]  # fmt: skip


def _paper_of(grant: Grant) -> Paper:
    return Paper(grant.signed, grant.expires, grant.expires_on, grant.signed_by)


def _refuse_nonsense(paper: Paper, person: Person, patient: Person, purposes: Collection[Kind]) -> None:
    if person.relative is None or person.relative.patient_id != patient.id:
        raise InputError(f"{person.key} is no relative of {patient.key}")
    if not purposes or set(purposes) - FAMILY_KINDS:
        raise InputError("a consent names purposes that relatives can be invited to")
    if (paper.expires is None) == (paper.expires_on is None):
        raise InputError("a consent ends on a date, or with discharge or the program: one of these")
    if paper.expires is not None and paper.expires < paper.signed:
        raise InputError("a consent cannot end before it is signed")
    born = _born(patient.id)
    if paper.signed_by is Signer.GUARDIAN and born is not None and paper.signed >= birthday(born):
        raise InputError("a guardian cannot sign for an adult")


def _born(patient_id: str) -> date | None:
    return db.session.scalar(select(Patient.born).where(Patient.person_id == patient_id))


def _stay(patient_id: str) -> Stay | None:
    enrolment = db.session.scalar(select(Enrolment).where(Enrolment.patient_id == patient_id))
    if enrolment is None:
        return None
    cohort = enrolment.cohort
    end = last_day(cohort.starts, cohort.program.template.weeks)
    return Stay(enrolment.last or end, end)
