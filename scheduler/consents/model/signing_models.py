"""Who may sign: authorities and findings with dates and evidence, a practice's own rules, a
program's licence.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id


class Signer(StrEnum):
    """Who signed (45 CFR 164.508(c)(1)(vi))."""

    PATIENT = "patient"
    GUARDIAN = "guardian"
    PROXY = "proxy"
    BOTH = "both"
    """A minor and the parent or guardian, where the law asks for both (42 CFR 2.14(b))."""


class Circumstance(StrEnum):
    """What changes who may sign for a patient, once somebody entitled to it has found it in
    writing.
    """

    DEPENDENCE_FOUND = "dependence_found"
    """Two physicians found a minor of 12 or older drug dependent (M.G.L. c.112 s.12E)."""
    MAINTENANCE = "maintenance"
    """Methadone maintenance: there the two physicians' finding lets no minor sign alone (M.G.L.
    c.112 s.12E).
    """
    EMANCIPATED = "emancipated"
    """A minor who may consent alone: married, a parent, in the armed forces, pregnant, living apart
    and self-supporting (M.G.L. c.112 s.12F).
    """
    MATURE = "mature"
    """A minor found mature enough to decide (Baird v. Attorney General, 371 Mass. 741)."""
    APPLIED_ALONE = "applied_alone"
    """A minor of 16 or older who was admitted on their own application (M.G.L. c.123 s.10)."""
    ADJUDICATED = "adjudicated"
    """An adult whom a court found incapable (42 CFR 2.15(a))."""
    INCAPABLE = "incapable"
    """A physician's written determination that invokes a health care proxy (M.G.L. c.201D s.6)."""
    OBJECTED = "objected"
    """The patient objects to the proxy, who then has no authority unless a court says so (M.G.L.
    c.201D s.6).
    """
    STATE_CUSTODY = "state_custody"
    """A minor in the custody of the state's department: the department signs, no parent."""
    SHARED_CUSTODY = "shared_custody"
    """Parents living apart who share legal custody by a court's paper: both sign."""


class Licence(StrEnum):
    """Under what a program works, which decides who signs for a minor."""

    UNSAID = "unsaid"
    """Not said yet: who signed is taken from the paper."""
    SUBSTANCE_USE = "substance_use"
    """A substance use program of a state that wants a parent's consent (42 CFR 2.14(b))."""
    MINOR_ALONE = "minor_alone"
    """A substance use program of a state that lets a minor consent alone (42 CFR 2.14(a))."""
    MENTAL_HEALTH = "mental_health"


class Authority(Base):
    """Somebody's right to sign for a patient: in what capacity, from when until when, by what
    evidence.
    """

    __tablename__ = "authorities"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    name: Mapped[str]
    capacity: Mapped[Signer] = mapped_column(word(Signer))
    first: Mapped[date]
    """The first day it counts; of a proxy the day it was invoked."""
    last: Mapped[date | None]
    evidence: Mapped[str]
    """The court's paper, or the physician's determination, as it can be found again."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(64))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it ended before its last day: an objection, another order. It is final."""
    ended_by: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("capacity IN ('guardian', 'proxy')", name="capacity"),
        CheckConstraint("trim(name) <> '' AND trim(evidence) <> ''", name="filled"),
        CheckConstraint("last IS NULL OR last >= first", name="ends_after_begin"),
    )


class Finding(Base):
    """One circumstance of one patient, from when until when, by what evidence."""

    __tablename__ = "findings"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    circumstance: Mapped[Circumstance] = mapped_column(word(Circumstance))
    first: Mapped[date]
    last: Mapped[date | None]
    evidence: Mapped[str]
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("trim(evidence) <> ''", name="filled"),
        CheckConstraint("last IS NULL OR last >= first", name="ends_after_begin"),
    )


class SigningRule(Base):
    """A practice's own word on who signs: with one for a licence, the house rules for that licence
    are not read.
    """

    __tablename__ = "signing_rules"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    licence: Mapped[Licence] = mapped_column(word(Licence), index=True)
    youngest: Mapped[int]
    """Years, from this birthday on."""
    oldest: Mapped[int | None]
    """Years, until this birthday; None: for good."""
    circumstance: Mapped[Circumstance | None] = mapped_column(word(Circumstance))
    signers: Mapped[str] = mapped_column(String(64))
    """Words of `Signer` with commas between: any one of them will do."""
    parents: Mapped[int] = mapped_column(default=1, server_default="1")
    """How many parents must sign where one of them does."""

    __table_args__ = (
        CheckConstraint("youngest >= 0 AND (oldest IS NULL OR oldest > youngest)", name="ages"),
        CheckConstraint("signers <> ''", name="filled"),
    )


class CoSignature(Base):
    """The second of two parents who signed one statement, by an authority of their own; written
    once, for good.
    """

    __tablename__ = "co_signatures"

    statement_id: Mapped[str] = mapped_column(ForeignKey("statements.id"), primary_key=True)
    authority_id: Mapped[str] = mapped_column(ForeignKey("authorities.id"), index=True)

    authority: Mapped[Authority] = relationship()


class ProgramLicence(Base):
    """Under what one program works."""

    __tablename__ = "program_licences"

    program_id: Mapped[str] = mapped_column(ForeignKey("programs.id"), primary_key=True)
    licence: Mapped[Licence] = mapped_column(word(Licence))
