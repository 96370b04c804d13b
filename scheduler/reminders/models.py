"""Reminders: batches of those to remind, one row for each of them when it is due so that it comes
once, and policies.
"""

from dataclasses import asdict
from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    bindparam,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import Document, word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.reminders.policy import Audience, Lead, Policy, read_policy


class ReminderState(StrEnum):
    """Waiting for its time, handed to the outbox, too late, or no longer wanted."""

    WAITING = "waiting"
    QUEUED = "queued"
    EXPIRED = "expired"
    DROPPED = "dropped"


class ReminderBatch(Base):
    """For whom one reminder of one session is at one moment: by name, put in place ahead, called
    when it is due.

    All who are reminded alike stand on one; who comes later stands on another. `id` is the digest
    of what it says, so that two sweeps at once write it once. The start is in it: a moved session
    gets new ones.
    """

    __tablename__ = "reminder_rolls"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    lead: Mapped[Lead] = mapped_column(word(Lead))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    people: Mapped[str] = mapped_column(Text)
    """Their ids, by commas."""
    many: Mapped[int]
    """How many they are."""
    called_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when each has a row of their own."""

    __table_args__ = (
        Index(
            "ix_reminder_rolls_due",
            "due_at",
            "id",
            postgresql_where=text("called_at IS NULL"),
            sqlite_where=text("called_at IS NULL"),
        ),
    )


class Reminder(Base):
    """That one person is to be reminded of one session, since it is due, and what became of it."""

    __tablename__ = "reminders"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    lead: Mapped[Lead] = mapped_column(word(Lead))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ReminderState] = mapped_column(word(ReminderState), default=ReminderState.WAITING)
    reason: Mapped[str | None]
    letter_id: Mapped[str | None] = mapped_column(ForeignKey("letters.id"))

    __table_args__ = (
        UniqueConstraint("session_id", "person_id", "lead", "starts_at"),
        CheckConstraint("state IN ('waiting', 'queued', 'expired', 'dropped')", name="state"),
        Index(
            "ix_reminders_due",
            "due_at",
            "id",
            postgresql_where=text("state = 'waiting'"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )


WAITING = bindparam(
    "waiting", ReminderState.WAITING, type_=Reminder.state.type, literal_execute=True
)
"""As a word of the statement: an index over some states is taken only where the state can be read
there.
"""


class ReminderPolicy(Base):
    """What staff decided for one program and audience; without a row the usual holds."""

    __tablename__ = "reminder_policies"

    program_id: Mapped[str] = mapped_column(ForeignKey("programs.id"), primary_key=True)
    audience: Mapped[Audience] = mapped_column(word(Audience), primary_key=True)
    policy: Mapped[Policy] = mapped_column(Document(asdict, read_policy))
