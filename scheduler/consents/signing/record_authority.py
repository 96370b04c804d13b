"""Recording who may sign: authorities, findings, a program's licence, a practice's own rules."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete, select

from scheduler import audit
from scheduler.consents.model.models import (
    Authority,
    Circumstance,
    Finding,
    Licence,
    ProgramLicence,
    Signer,
    SigningRule,
)
from scheduler.consents.signing.recompute_validity import recompute_validity
from scheduler.consents.signing.signing_rules import Rule
from scheduler.ical import without_direction
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.programs.models import Program

ENDS = {Circumstance.OBJECTED: Signer.PROXY, Circumstance.STATE_CUSTODY: Signer.GUARDIAN}
"""Findings that end everybody's authority of a kind."""


def record_authority(
    *,
    patient: Person,
    name: str,
    capacity: Signer,
    first: date,
    last: date | None,
    evidence: str,
    by: str,
    now: datetime,
) -> Authority:
    """Record somebody's right to sign for `patient`; a proxy's from the day it was invoked. Raises
    InputError.
    """
    if capacity not in (Signer.GUARDIAN, Signer.PROXY):
        raise InputError("an authority is a guardian's or a proxy's")
    name = without_direction(name).strip()
    evidence = without_direction(evidence).strip()
    if not name or not evidence:
        raise InputError(
            "an authority needs a name and its evidence: the court's paper, the written "
            "determination"
        )
    if last is not None and last < first:
        raise InputError("an authority cannot end before it begins")
    row = Authority(
        id=new_id(),
        patient_id=patient.id,
        name=name,
        capacity=capacity,
        first=first,
        last=last,
        evidence=evidence,
        recorded_at=now,
        recorded_by=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.append(
        "authority.recorded",
        f"authority {row.id}",
        {"capacity": capacity.value},
        by=by,
        now=now,
    )
    return row


def end_authority(authority: Authority, *, by: str, now: datetime) -> int:
    """End an authority at once and for good, and with it every grant that rests on it; give how
    many ended.
    """
    if authority.ended_at is not None:
        raise InputError("this authority has ended already")
    return _end([authority], authority.patient_id, by=by, now=now)


def authorities_of(patient_id: str) -> list[Authority]:
    """Return everybody's right to sign for a patient that was not ended early, oldest first."""
    rows = select(Authority).where(
        Authority.patient_id == patient_id,
        Authority.ended_at.is_(None),
    )
    return list(db.session.scalars(rows.order_by(Authority.first, Authority.name, Authority.id)))


def findings_of(patient_id: str) -> list[Finding]:
    """Return what was found of a patient that changes who may sign, oldest first."""
    rows = select(Finding).where(Finding.patient_id == patient_id)
    return list(db.session.scalars(rows.order_by(Finding.first, Finding.id)))


def record_finding(
    *,
    patient: Person,
    circumstance: Circumstance,
    first: date,
    last: date | None = None,
    evidence: str,
    by: str,
    now: datetime,
) -> int:
    """Record what changes who may sign for `patient`, from when until when; return how many grants
    ended with it.

    An objection ends every proxy's authority, the state's custody every parent's. Raises InputError
    without evidence, and for a finding of dependence without two physicians (M.G.L. c.112 s.12E).
    """
    _refuse_unfounded(circumstance, first, last, evidence, now)
    row = Finding(
        id=new_id(),
        patient_id=patient.id,
        circumstance=circumstance,
        first=first,
        last=last,
        evidence=evidence.strip(),
        recorded_at=now,
        recorded_by=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.append(
        "finding.recorded",
        f"finding {row.id}",
        {"circumstance": circumstance.value},
        by=by,
        now=now,
    )
    over = [
        authority
        for authority in authorities_of(patient.id)
        if authority.capacity is ENDS.get(circumstance)
    ]
    return _end(over, patient.id, by=by, now=now)


def _refuse_unfounded(
    circumstance: Circumstance, first: date, last: date | None, evidence: str, now: datetime
) -> None:
    named = []
    for part in evidence.split(";"):
        if part.strip():
            named.append(part)
    if not named:
        raise InputError("a finding needs its evidence: who found it, where it is written")
    if last is not None and last < first:
        raise InputError("a finding cannot end before it begins")
    if circumstance is Circumstance.DEPENDENCE_FOUND and len(named) < 2:
        raise InputError(
            "two physicians find a minor dependent: name both, with a semicolon between"
        )
    if circumstance in ENDS and first > practice().day_at(now):
        raise InputError(
            "this ends somebody's authority at once: record it on the day it takes effect"
        )


def _end(authorities: Iterable[Authority], patient_id: str, *, by: str, now: datetime) -> int:
    """End these authorities of one patient; return how many grants ended with them."""
    ended = list(authorities)
    for authority in ended:
        authority.ended_at = now
        authority.ended_by = by
        audit.append(
            "authority.ended",
            f"authority {authority.id}",
            {},
            by=by,
            now=now,
        )
    db.session.flush()
    if ended:
        return recompute_validity(by=by, now=now, patients=[patient_id])
    return 0


def set_licence(program: Program, licence: Licence, *, by: str, now: datetime) -> None:
    """Say under what a program works; papers recorded before keep standing as they were signed."""
    row = db.session.scalar(select(ProgramLicence).where(ProgramLicence.program_id == program.id))
    if row is None:
        row = ProgramLicence(program_id=program.id, licence=licence)
        db.session.add(row)
    row.licence = licence
    db.session.flush()
    audit.append(
        "program.licensed",
        f"program {program.id}",
        {"licence": licence.value},
        by=by,
        now=now,
    )


def set_rules(licence: Licence, rules: Iterable[Rule], *, by: str, now: datetime) -> None:
    """Put the practice's own rules in place of the house's for one licence; none: back to the
    house's.
    """
    own = list(rules)
    if any(rule.licence is not licence or not rule.signers for rule in own):
        raise InputError("a rule is for this licence and names who may sign")
    if any(rule.parents not in (1, 2) or rule.youngest < 0 or not _ages(rule) for rule in own):
        raise InputError("a rule begins before it ends, and asks for one parent or two")
    db.session.execute(delete(SigningRule).where(SigningRule.licence == licence))
    db.session.add_all(
        SigningRule(
            id=new_id(),
            licence=licence,
            youngest=rule.youngest,
            oldest=rule.oldest,
            circumstance=rule.circumstance,
            signers=",".join(sorted(rule.signers)),
            parents=rule.parents,
        )
        for rule in own
    )
    db.session.flush()
    audit.append(
        "rules.set",
        f"licence {licence}",
        {"rules": len(own)},
        by=by,
        now=now,
    )


def _ages(rule: Rule) -> bool:
    return rule.oldest is None or rule.youngest < rule.oldest
