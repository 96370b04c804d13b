"""Who may sign for one patient on one day: the rules that apply to their program, age and
circumstances.
"""

from datetime import date

from sqlalchemy import bindparam, select

from scheduler.consents.model.models import (
    Barrier,
    BarrierKind,
    Circumstance,
    Finding,
    Licence,
    ProgramLicence,
    Signer,
    SigningRule,
)
from scheduler.consents.signing.signing_rules import RULES, Rule, parents_needed, who_may_sign
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.programs import newest_id
from scheduler.programs.models import Cohort, Enrolment, Program

HAS_DIED = (
    select(Barrier.id)
    .where(Barrier.patient_id == bindparam("patient"), Barrier.kind == BarrierKind.DECEASED)
    .limit(1)
)
LICENCE = (
    select(ProgramLicence.licence)
    .join(Program, newest_id == ProgramLicence.program_id)
    .join(Cohort, Cohort.program_id == Program.id)
    .join(Enrolment, Enrolment.cohort_id == Cohort.id)
    .where(Enrolment.patient_id == bindparam("patient"))
)
FOUND = select(Finding).where(
    Finding.patient_id == bindparam("patient"),
    Finding.first <= bindparam("day"),
)
OWN_RULES = (
    select(SigningRule).where(SigningRule.licence == bindparam("licence")).order_by(SigningRule.id)
)
"""Made once: a clinic file asks them for each of its papers."""


def signers_on(patient: Person, day: date) -> frozenset[Signer]:
    """Return who may sign a consent of `patient` on `day`; nobody once the patient has died (42 CFR
    2.15(b)): there is no family to invite any more.
    """
    return signers_under(licence_of(patient.id), patient, day)


def signers_under(licence: Licence, patient: Person, day: date) -> frozenset[Signer]:
    """Return the same for a patient whose program works under `licence`."""
    if db.session.scalar(HAS_DIED, {"patient": patient.id}):
        return frozenset()
    return who_may_sign(
        licence,
        _born(patient),
        day,
        circumstances(patient.id, day),
        rules_for(licence),
    )


def parents_of(patient: Person, day: date) -> int:
    """Return how many parents must sign for `patient` on `day`, where one of them does."""
    licence = licence_of(patient.id)
    return parents_needed(
        licence,
        _born(patient),
        day,
        circumstances(patient.id, day),
        rules_for(licence),
    )


def in_state_custody_since(patient_id: str, day: date) -> date | None:
    """Return since when the state's department has had custody of a patient, as far as it has on
    `day`.
    """
    rows = db.session.scalars(
        select(Finding).where(
            Finding.patient_id == patient_id,
            Finding.circumstance == Circumstance.STATE_CUSTODY,
            Finding.first <= day,
        )
    )
    return max((row.first for row in rows if row.last is None or row.last >= day), default=None)


def _born(patient: Person) -> date | None:
    return patient.patient.born if patient.patient else None


def licence_of(patient_id: str) -> Licence:
    """Return under what the program works in which this patient is enrolled."""
    said = db.session.scalar(LICENCE, {"patient": patient_id})
    return said or Licence.UNSAID


def circumstances(patient_id: str, day: date) -> frozenset[Circumstance]:
    """Return what was found of this patient and stands on `day`."""
    rows = db.session.scalars(FOUND, {"patient": patient_id, "day": day})
    return frozenset(row.circumstance for row in rows if row.last is None or row.last >= day)


def rules_for(licence: Licence) -> tuple[Rule, ...]:
    """Return the rules for one licence: the practice's own, or the house's."""
    rows = db.session.scalars(OWN_RULES, {"licence": licence})
    own = tuple(
        Rule(
            row.licence,
            row.youngest,
            row.oldest,
            row.circumstance,
            _signers(row.signers),
            row.parents,
        )
        for row in rows
    )
    return own or tuple(rule for rule in RULES if rule.licence is licence)


def _signers(words: str) -> frozenset[Signer]:
    return frozenset(map(Signer, words.split(",")))
