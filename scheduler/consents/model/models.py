"""Grants: what a patient lets one named person know, for one purpose, from when until when; and
what they stand on.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.consents.model.signing_models import (
    Authority,
    Circumstance,
    CoSignature,
    Finding,
    Licence,
    ProgramLicence,
    Signer,
    SigningRule,
)
from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.outbox.models import Letter
from scheduler.people.models import Person
from scheduler.programs import Kind

__all__ = [
    "Authority",
    "Barrier",
    "BarrierKind",
    "Circumstance",
    "CoSignature",
    "Ending",
    "Finding",
    "Grant",
    "Licence",
    "Method",
    "ProgramLicence",
    "Signer",
    "SigningRule",
    "Statement",
]


class Method(StrEnum):
    """How a statement was signed (42 CFR 2.31(a)(8): electronic where no law forbids it)."""

    PAPER = "paper"
    """On paper, and recorded by staff."""
    TYPED = "typed"
    """The name typed, with a one-time code sent to the signer."""


class BarrierKind(StrEnum):
    """Why somebody is never told anything, whatever was granted."""

    NEVER_INVITE = "never_invite"
    """A court's order or a concern for safety."""
    DO_NOT_CONTACT = "do_not_contact"
    """The patient's wish, agreed to (45 CFR 164.522(a)); nobody is asked why (164.522(b)(2)(iii)).
    """
    DECEASED = "deceased"
    """The patient died (42 CFR 2.15(b)): every invitation of the family stops."""


class Ending(StrEnum):
    """An event that ends a grant instead of a date (42 CFR 2.31(a)(7))."""

    DISCHARGE = "discharge"
    PROGRAM_END = "program_end"


class Barrier(Base):
    """Nobody is told anything past it, whatever was granted; `person_id` None: the patient's whole
    family.
    """

    __tablename__ = "barriers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[BarrierKind] = mapped_column(word(BarrierKind))
    reason: Mapped[str | None]
    """For clinicians alone."""
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_by: Mapped[str] = mapped_column(String(64))
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("kind IN ('never_invite', 'do_not_contact', 'deceased')", name="kind"),
        CheckConstraint("kind <> 'do_not_contact' OR reason IS NULL", name="nobody_asks_why"),
    )


class Statement(Base):
    """One signed paper about one named person: the elements of 42 CFR 2.31(a) and 45 CFR
    164.508(c)(1).

    What is not filled out completely cannot be written. Its grants say for which purposes and until
    when.
    """

    __tablename__ = "statements"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    patient_name: Mapped[str]
    """As signed (42 CFR 2.31(a)(1))."""
    discloser: Mapped[str]
    """Who may disclose (2.31(a)(2))."""
    information: Mapped[str] = mapped_column(String(255))
    """What (2.31(a)(3)): words of `Information` with commas between."""
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    person_name: Mapped[str]
    """To whom, as signed (2.31(a)(4))."""
    wording: Mapped[str] = mapped_column(String(64))
    """Which version of the words was signed: right to revoke, redisclosure, refusal (2.31(a)(6),
    164.508(c)(2)).
    """
    language: Mapped[str] = mapped_column(String(16))
    signer_name: Mapped[str]
    capacity: Mapped[Signer] = mapped_column(word(Signer))
    """As what (2.31(a)(8), 164.508(c)(1)(vi))."""
    authority_id: Mapped[str | None] = mapped_column(ForeignKey("authorities.id"))
    method: Mapped[Method] = mapped_column(word(Method))
    proof: Mapped[str | None]
    """What shows that it was the signer: needed where nothing was signed by hand."""
    signed: Mapped[date]
    """(2.31(a)(9))"""
    copy_given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the patient got their copy (164.508(c)(4)); None: not recorded."""
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the patient came of age and somebody else's signature stopped being a basis."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by: Mapped[str] = mapped_column(String(64))

    authority: Mapped[Authority | None] = relationship()
    second: Mapped[CoSignature | None] = relationship(viewonly=True)
    """The other parent's signature, where both sign."""

    __table_args__ = (
        CheckConstraint(
            "trim(patient_name) <> '' AND trim(person_name) <> '' AND "
            "trim(discloser) <> '' AND trim(signer_name) <> ''",
            name="named",
        ),
        CheckConstraint(
            "trim(information) <> '' AND trim(wording) <> '' AND trim(language) <> '' AND "
            "trim(recorded_by) <> ''",
            name="filled",
        ),
        CheckConstraint("capacity IN ('patient', 'guardian', 'proxy', 'both')", name="capacity"),
        CheckConstraint("capacity <> 'patient' OR authority_id IS NULL", name="own_authority"),
        CheckConstraint(
            "method = 'paper' OR method = 'typed' AND trim(proof) <> '' AND proof IS NOT NULL",
            name="method",
        ),
        CheckConstraint("person_id <> patient_id", name="somebody_else"),
    )


class Grant(Base):
    """One person, one purpose (42 CFR 2.31(a)(4)-(5)): append-only but for its revocation, which is
    final.

    Whether it holds is always computed for a moment; `valid_from` and `valid_until` are the
    instants (whole days of the practice's zone) between which it may, kept beside what was signed
    so that the database can judge too.
    """

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    statement: Mapped[str] = mapped_column(String(32), index=True)
    """The `Statement` it stands on: one may hold several purposes. The database's gate knows no
    grant without.
    """
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    purpose: Mapped[Kind] = mapped_column(word(Kind))
    others: Mapped[bool] = mapped_column(default=False)
    """Whether the other participants of a multi-family group may see them there."""
    signed: Mapped[date]
    expires: Mapped[date | None]
    expires_on: Mapped[Ending | None] = mapped_column(word(Ending))
    signed_by: Mapped[Signer] = mapped_column(word(Signer))
    valid_from: Mapped[datetime] = mapped_column(UtcDateTime)
    valid_until: Mapped[datetime] = mapped_column(UtcDateTime)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_by: Mapped[str] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by: Mapped[str | None] = mapped_column(String(64))
    silent: Mapped[bool] = mapped_column(default=False)
    """At revocation: leave their calendar as it is instead of a neutral cancellation."""

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    patient: Mapped[Person] = relationship(foreign_keys=[patient_id])
    paper: Mapped[Statement | None] = relationship(
        primaryjoin="foreign(Grant.statement) == Statement.id", viewonly=True, lazy="joined"
    )

    __table_args__ = (
        UniqueConstraint("id", "patient_id", "person_id", "purpose"),
        CheckConstraint("valid_until > valid_from", name="ends_after_begin"),
        CheckConstraint("(expires IS NULL) <> (expires_on IS NULL)", name="one_ending"),
        Index("ix_grants_of", "patient_id", "person_id", "purpose"),
    )


Letter.__table__.append_constraint(  # type: ignore[attr-defined]
    ForeignKeyConstraint(
        ["grant_id", "subject_id", "recipient_id", "purpose"],
        ["grants.id", "grants.patient_id", "grants.person_id", "grants.purpose"],
        name="fk_letters_grant",
    )
)
