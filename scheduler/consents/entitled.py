"""Who may sign for one patient on one day: the rules that apply to their program, age and circumstances."""

from datetime import date

from sqlalchemy import select

from scheduler.consents.models import Circumstance, Finding, Licence, ProgramLicence, Signer, SigningRule
from scheduler.consents.signers import RULES, Rule, who_may_sign
from scheduler.kernel.database import db
from scheduler.people.models import Patient, Person
from scheduler.programs.models import Cohort, Enrolment


def entitled(patient: Person, day: date) -> frozenset[Signer]:
    """Give who may sign a consent of `patient` on `day`."""
    licence = licence_of(patient.id)
    born = db.session.scalar(select(Patient.born).where(Patient.person_id == patient.id))
    return who_may_sign(licence, born, day, circumstances(patient.id, day), rules_for(licence))


def licence_of(patient_id: str) -> Licence:
    """Give under what the program works in which this patient is enrolled."""
    said = (
        select(ProgramLicence.licence)
        .join(Cohort, Cohort.program_id == ProgramLicence.program_id)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(Enrolment.patient_id == patient_id)
    )
    return db.session.scalar(said) or Licence.UNSAID


def circumstances(patient_id: str, day: date) -> frozenset[Circumstance]:
    """Give what was found of this patient and stands on `day`."""
    rows = db.session.scalars(select(Finding).where(Finding.patient_id == patient_id, Finding.first <= day))
    return frozenset(row.circumstance for row in rows if row.last is None or row.last >= day)


def rules_for(licence: Licence) -> tuple[Rule, ...]:
    """Give the rules for one licence: the practice's own, or the house's."""
    rows = db.session.scalars(select(SigningRule).where(SigningRule.licence == licence).order_by(SigningRule.id))
    own = tuple(
        Rule(row.licence, row.youngest, row.oldest, row.circumstance, frozenset(map(Signer, row.signers.split(","))))
        for row in rows
    )
    return own or tuple(one for one in RULES if one.licence is licence)
