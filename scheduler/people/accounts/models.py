"""What belongs to an account of staff: cover, the broken glass, links, the second factor,
tokens of the HTTP API.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import Document, word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.kernel.schema.sealed_text import SealedText
from scheduler.people.accounts.role_names import Role
from scheduler.people.accounts.token_scopes import Scope


class Cover(Base):
    """A colleague stands in for a clinician, whole days, both ends included."""

    __tablename__ = "covers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    away_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    """Whose patients they are."""
    covering_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    first: Mapped[date]
    last: Mapped[date]

    __table_args__ = (CheckConstraint("first <= last", name="days"),)


class RoleTerm(Base):
    """A role that somebody of staff has for a time beside their own, whole days, both ends
    included.
    """

    __tablename__ = "role_terms"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    role: Mapped[Role] = mapped_column(word(Role))
    first: Mapped[date]
    last: Mapped[date]

    __table_args__ = (CheckConstraint("first <= last", name="days"),)


class BrokenGlass(Base):
    """Somebody of staff reached beyond their own patients, with a reason, for a while."""

    __tablename__ = "broken_glass"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    staff_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str]
    """For the auditor alone."""
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_broken_glass_who", "staff_id", "patient_id", "ends_at"),)


class PasswordLink(Base):
    """A one-time address at which a member of staff chooses a password; known by its hash."""

    __tablename__ = "password_links"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SecondFactor(Base):
    """The secret that a member of staff shares with the program on their telephone."""

    __tablename__ = "second_factors"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    plain: Mapped[str] = mapped_column("secret", String(64), default="")
    """Empty; a secret made before secrets were sealed stands here until it is sealed."""
    sealed: Mapped[str | None] = mapped_column(SealedText)
    last_step: Mapped[int] = mapped_column(default=0)
    """The newest step of 30 seconds whose code was taken; none up to it counts again."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a first code showed that the telephone knows it; None: it does not count yet."""

    @property
    def secret(self) -> str:
        """Return what the telephone knows, in base 32."""
        return self.sealed or self.plain


class RecoveryCode(Base):
    """A code that stands once for a lost telephone; known by its hash."""

    __tablename__ = "recovery_codes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FactorLoss(Base):
    """Somebody's telephone is lost: one colleague asks for them, another one confirms.

    Who asks from a shell has no account: the row names the person themselves, which nobody can do
    at the desk, and the record says who it was.
    """

    __tablename__ = "factor_losses"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    asked_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def is_from_shell(self) -> bool:
        """True if it was asked by command."""
        return self.asked_by_id == self.person_id

    __table_args__ = (
        CheckConstraint(
            "confirmed_by_id IS NULL OR (confirmed_by_id <> asked_by_id "
            "AND confirmed_by_id <> person_id)",
            name="two_people",
        ),
    )


class PasswordAsk(Base):
    """An address was typed by somebody who forgot a password: known or unknown, one row; the
    worker writes the letter where there is somebody.
    """

    __tablename__ = "password_asks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    address: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index(
            "ix_password_asks_waiting",
            "asked_at",
            postgresql_where=text("done_at IS NULL"),
            sqlite_where=text("done_at IS NULL"),
        ),
    )


def _scopes(words: list[Any]) -> tuple[Scope, ...]:
    return tuple(Scope(word) for word in words)


class StatedReason(Base):
    """Why somebody of staff did something, in their own words, for who may see the record."""

    __tablename__ = "stated_reasons"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    about: Mapped[str] = mapped_column(String(255), index=True)
    """What the record of deeds calls it."""
    reason: Mapped[str]
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stated_by: Mapped[str] = mapped_column(String(64))


class ApiToken(Base):
    """A program's leave to act as one member of staff: scoped, ending, known by its hash."""

    __tablename__ = "api_tokens"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    scopes: Mapped[tuple[Scope, ...]] = mapped_column(Document(list, _scopes))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was revoked; None: it was not."""
    minute: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The minute it was used in last, whose calls are counted."""
    calls: Mapped[int] = mapped_column(default=0)


class ApiAnswer(Base):
    """What a call with an Idempotency-Key was answered, so that the same call is done once."""

    __tablename__ = "api_answers"

    token_id: Mapped[str] = mapped_column(ForeignKey("api_tokens.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    call_hash: Mapped[str] = mapped_column(String(64))
    """What tells the very same call from another with its key."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    answer: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    """Status, headers and document; None: it is being done, or broke off after it was kept."""
