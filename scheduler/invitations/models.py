"""What each relative was told, under which calendar name, and what they answered."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person


class Answer(StrEnum):
    """What a relative says to an invitation, in iCalendar's words."""

    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    TENTATIVE = "TENTATIVE"


class Invitation(Base):
    """What one person was last told under one UID; `told` is that state, None after a cancellation.

    `sequence` only rises (RFC 5546 2.1.4). `token_hash` is the secret of the personal page `/i/TOKEN`.
    """

    __tablename__ = "invitations"

    uid: Mapped[str] = mapped_column(ForeignKey("calendar_names.uid"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    series: Mapped[str] = mapped_column(String(255), index=True)
    grant_id: Mapped[str] = mapped_column(ForeignKey("grants.id"))
    """The grant of the last thing told."""
    sequence: Mapped[int] = mapped_column(default=0)
    told: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    address: Mapped[str]
    """Where the last letter went."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class AnswerGiven(Base):
    """One answer, by mail or page, to a series (`recurrence` None) or one date of it; the newest counts."""

    __tablename__ = "answers"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    uid: Mapped[str] = mapped_column(ForeignKey("invitations.uid"))
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    recurrence: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[Answer] = mapped_column(word(Answer))
    sequence: Mapped[int | None]
    stamp: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """DTSTAMP of the reply; decides between two of one sequence (RFC 5546 2.1.5)."""
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    way: Mapped[str] = mapped_column(String(8))
    """mail or page."""
    comment: Mapped[str | None]

    __table_args__ = (Index("ix_answers_uid", "uid", "recurrence", "given_at"),)
