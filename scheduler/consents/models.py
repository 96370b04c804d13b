"""Grants: what a patient lets one named person know, for one purpose, from when until when."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.outbox.models import Letter
from scheduler.people.models import Person
from scheduler.programs import Kind


class Signer(StrEnum):
    """Who signed (45 CFR 164.508(c)(1)(vi))."""

    PATIENT = "patient"
    GUARDIAN = "guardian"
    PROXY = "proxy"


class Ending(StrEnum):
    """An event that ends a grant instead of a date (42 CFR 2.31(a)(7))."""

    DISCHARGE = "discharge"
    PROGRAM_END = "program_end"


class Grant(Base):
    """One person, one purpose (42 CFR 2.31(a)(4)-(5)): append-only but for its revocation, which is final.

    Whether it holds is always computed for a moment; `valid_from` and `valid_until` are the instants (whole days of
    the practice's zone) between which it may, kept beside what was signed so that the database can judge too.
    """

    __tablename__ = "grants"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    statement: Mapped[str] = mapped_column(String(32), index=True)
    """The signed paper it stands on: one statement may hold several purposes."""
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
