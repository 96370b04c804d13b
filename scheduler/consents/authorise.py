"""Recording who may sign: authorities, findings, a program's licence, a practice's own rules."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import delete, select

from scheduler import audit
from scheduler.consents.models import (
    Authority,
    Circumstance,
    Finding,
    Licence,
    ProgramLicence,
    Signer,
    SigningRule,
)
from scheduler.consents.rederive import rederive
from scheduler.consents.signers import Rule
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person
from scheduler.programs.models import Program


def record_authority(
    *, patient: Person, name: str, capacity: Signer, first: date, last: date | None, evidence: str, by: str,
    now: datetime,
) -> Authority:  # fmt: skip
    """Record somebody's right to sign for `patient`; a proxy's from the day it was invoked. Raises InputError."""
    if capacity not in (Signer.GUARDIAN, Signer.PROXY):
        raise InputError("an authority is a guardian's or a proxy's")
    if not name.strip() or not evidence.strip():
        raise InputError("an authority needs a name and its evidence: the court's paper, the written determination")
    if last is not None and last < first:
        raise InputError("an authority cannot end before it begins")
    row = Authority(
        id=new_id(), patient_id=patient.id, name=name.strip(), capacity=capacity, first=first, last=last,
        evidence=evidence.strip(), recorded_at=now, recorded_by=by,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.append("authority.recorded", f"authority {row.id}", {"capacity": capacity.value}, by=by, now=now)
    return row


def end_authority(authority: Authority, *, by: str, now: datetime) -> int:
    """End an authority at once and for good, and with it every grant that rests on it; give how many ended."""
    if authority.ended_at is not None:
        raise InputError("this authority has ended already")
    authority.ended_at, authority.ended_by = now, by
    db.session.flush()
    audit.append("authority.ended", f"authority {authority.id}", {}, by=by, now=now)
    return rederive(by=by, now=now, patients=[authority.patient_id])


def record_finding(
    *, patient: Person, circumstance: Circumstance, first: date, last: date | None = None, evidence: str, by: str,
    now: datetime,
) -> Finding:  # fmt: skip
    """Record what changes who may sign for `patient`, from when until when. Raises InputError without evidence."""
    if not evidence.strip():
        raise InputError("a finding needs its evidence: who found it, where it is written")
    if last is not None and last < first:
        raise InputError("a finding cannot end before it begins")
    row = Finding(
        id=new_id(), patient_id=patient.id, circumstance=circumstance, first=first, last=last,
        evidence=evidence.strip(), recorded_at=now, recorded_by=by,
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    audit.append("finding.recorded", f"finding {row.id}", {"circumstance": circumstance.value}, by=by, now=now)
    return row


def set_licence(program: Program, licence: Licence, *, by: str, now: datetime) -> None:
    """Say under what a program works; papers recorded before keep standing as they were signed."""
    row = db.session.scalar(select(ProgramLicence).where(ProgramLicence.program_id == program.id))
    if row is None:
        row = ProgramLicence(program_id=program.id, licence=licence)
        db.session.add(row)
    row.licence = licence
    db.session.flush()
    audit.append("program.licensed", f"program {program.id}", {"licence": licence.value}, by=by, now=now)


def set_rules(licence: Licence, rules: Iterable[Rule], *, by: str, now: datetime) -> None:
    """Put the practice's own rules in place of the house's for one licence; none: back to the house's."""
    own = list(rules)
    if any(one.licence is not licence or not one.signers for one in own):
        raise InputError("a rule is for this licence and names who may sign")
    db.session.execute(delete(SigningRule).where(SigningRule.licence == licence))
    db.session.add_all(
        SigningRule(
            id=new_id(), licence=licence, youngest=one.youngest, oldest=one.oldest, circumstance=one.circumstance,
            signers=",".join(sorted(one.signers)),
        )
        for one in own
    )  # fmt: skip
    db.session.flush()
    audit.append("rules.set", f"licence {licence}", {"rules": len(own)}, by=by, now=now)
