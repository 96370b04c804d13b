"""Recording what was signed: a complete statement about one named person, and a grant for each
purpose.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.consents.model.models import (
    Authority,
    CoSignature,
    Ending,
    Grant,
    Method,
    Signer,
    Statement,
)
from scheduler.consents.model.purposes import Information, usual_information
from scheduler.consents.model.validity import Paper, span
from scheduler.consents.recipients.standing_grants import standing_grants
from scheduler.consents.signing.check_signature import refuse_unauthorised_signer
from scheduler.consents.signing.consent_elements import missing_elements
from scheduler.consents.signing.recompute_validity import paper_of, reach, stay_of
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.programs import FAMILY_KINDS, Kind

ON_PAPER = "paper"
"""The wording of a statement that was signed elsewhere and is kept on paper."""


@dataclass(frozen=True, slots=True)
class Signature:
    """How it was signed; as it stands, what can honestly be told of a paper that staff record."""

    method: Method = Method.PAPER
    name: str = ""
    """As signed; left out: the patient's own, or "as named on the paper"."""
    proof: str | None = None
    wording: str = ON_PAPER
    language: str = "en"
    information: frozenset[Information] | None = None
    """What may be told; None: all that the purposes carry."""
    authority: Authority | None = None
    second: Authority | None = None
    """The other parent's authority, where both sign."""
    copy_given_at: datetime | None = None


RECORDED = Signature()


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
    signature: Signature = RECORDED,
    by: str,
    now: datetime,
) -> list[Grant]:
    """Record one signed paper as a grant for each purpose; one that stands already in the same
    words is kept.

    Raises InputError for what no consent can say: another's relative, a purpose not of families, no
    one ending, an element missing, somebody who may not sign (42 CFR 2.14, 2.15).
    """
    paper = Paper(
        signed,
        expires,
        expires_on,
        signed_by,
        *reach(signature.authority, signature.second),
    )
    if person.joined_into_id is not None:
        raise InputError(f"{person.key} is a record of before: give it to who was entered twice")
    _refuse_nonsense(paper, person, patient, purposes)
    refuse_unauthorised_signer(paper, patient, signature.authority, signature.second)
    known = {
        grant.purpose
        for grant in standing_grants(person, patient, purposes)
        if (paper_of(grant), grant.others) == (paper, others)
    }
    new = set(purposes) - known
    if new:
        return _write(paper, person, patient, new, others, signature, by, now)
    return []


def _write(
    paper: Paper,
    person: Person,
    patient: Person,
    purposes: Collection[Kind],
    others: bool,
    signature: Signature,
    by: str,
    now: datetime,
) -> list[Grant]:
    statement = _statement(paper, person, patient, purposes, signature, by, now)
    db.session.add(statement)
    db.session.flush()
    if signature.second is not None:
        db.session.add(CoSignature(statement_id=statement.id, authority_id=signature.second.id))
    begin, end = span(
        paper,
        zone=practice().zone,
        born=patient.patient.born if patient.patient else None,
        stay=stay_of(patient.id, paper.signed),
    )
    grants = [
        Grant(
            id=new_id(),
            statement=statement.id,
            person_id=person.id,
            patient_id=patient.id,
            purpose=purpose,
            others=others,
            signed=paper.signed,
            expires=paper.expires,
            expires_on=paper.expires_on,
            signed_by=paper.signed_by,
            valid_from=begin,
            valid_until=end,
            given_at=now,
            given_by=by,
        )
        for purpose in sorted(purposes)
    ]
    db.session.add_all(grants)
    db.session.flush()
    lines = [_line(grant, statement) for grant in grants]
    audit.append_all(lines, by=by, now=now)
    return grants


def _line(grant: Grant, statement: Statement) -> audit.Line:
    about = {
        "purpose": grant.purpose.value,
        "statement": statement.id,
        "method": statement.method.value,
    }
    return audit.Line("consent.given", f"grant {grant.id}", about)


def _statement(
    paper: Paper,
    person: Person,
    patient: Person,
    purposes: Collection[Kind],
    signature: Signature,
    by: str,
    now: datetime,
) -> Statement:
    said = (
        signature.information if signature.information is not None else usual_information(purposes)
    )
    authority = signature.authority
    named = " and ".join(signer.name for signer in (authority, signature.second) if signer)
    if paper.signed_by is Signer.PATIENT:
        own = patient.name
    else:
        own = named or "as named on the paper"
    row = Statement(
        id=new_id(),
        patient_id=patient.id,
        patient_name=patient.name,
        discloser=practice().name,
        information=",".join(sorted(said)),
        person_id=person.id,
        person_name=person.name,
        wording=signature.wording,
        language=signature.language,
        signer_name=signature.name or own,
        capacity=paper.signed_by,
        authority_id=authority.id if authority else None,
        method=signature.method,
        proof=signature.proof,
        signed=paper.signed,
        copy_given_at=signature.copy_given_at,
        recorded_at=now,
        recorded_by=by,
    )
    lacking = missing_elements(
        row,
        signed=paper.signed,
        expires=paper.expires,
        ending=paper.expires_on,
    )
    if lacking:
        raise InputError(
            f"this consent is not filled out completely: {', '.join(lacking)} is missing"
        )
    return row


def _refuse_nonsense(
    paper: Paper, person: Person, patient: Person, purposes: Collection[Kind]
) -> None:
    if person.relative is None or person.relative.patient_id != patient.id:
        raise InputError(f"{person.key} is no relative of {patient.key}")
    if not purposes or set(purposes) - FAMILY_KINDS:
        raise InputError("a consent names purposes that relatives can be invited to")
    if (paper.expires is None) == (paper.expires_on is None):
        raise InputError("a consent ends on a date, or with discharge or the program: one of these")
    if paper.expires is not None and paper.expires < paper.signed:
        raise InputError("a consent cannot end before it is signed")


def copy_given(statement_id: str, *, by: str, now: datetime) -> bool:
    """Note that the patient got their copy (45 CFR 164.508(c)(4)); False when it was noted
    before.
    """
    row = db.session.scalar(select(Statement).where(Statement.id == statement_id))
    if row is None or row.copy_given_at is not None:
        return False
    row.copy_given_at = now
    audit.append(
        "consent.copied",
        f"statement {row.id}",
        {},
        by=by,
        now=now,
    )
    return True
