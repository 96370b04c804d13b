"""What each relative, and each patient who chose so, was told, under which calendar name, and what
they answered.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, false, text
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

    `sequence` only rises (RFC 5546 2.1.4). `token_hash` is the secret of the personal page
    `/i/TOKEN`.
    """

    __tablename__ = "invitations"

    uid: Mapped[str] = mapped_column(ForeignKey("calendar_names.uid"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    series: Mapped[str] = mapped_column(String(255), index=True)
    grant_id: Mapped[str | None] = mapped_column(ForeignKey("grants.id"))
    """The grant of the last thing told; None only in a patient's own invitation."""
    sequence: Mapped[int] = mapped_column(default=0)
    told: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    told_at: Mapped[datetime] = mapped_column(UtcDateTime)
    shown: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """What their calendar shows for as long as the letter that says `told` has not left; None:
    nothing.
    """
    was: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """What was told before and was then moved or cancelled, while its day lasts: the door says so
    to who comes by an older letter.
    """
    address: Mapped[str]
    """Where the last letter went."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])

    __table_args__ = (
        CheckConstraint("grant_id IS NOT NULL OR person_id = patient_id", name="granted_or_own"),
    )


class FormerLink(Base):
    """The secret that the personal page of an invitation had before the key of links was changed;
    it opens it until the time that was stated then.
    """

    __tablename__ = "former_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    uid: Mapped[str] = mapped_column(ForeignKey("invitations.uid"), index=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ShortLink(Base):
    """The secret of a text message's link, 14 letters: it opens the door of one date for one person
    and nothing else, and ends with that date's day. `begins_at` is what the message said.
    """

    __tablename__ = "short_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"))
    uid: Mapped[str | None] = mapped_column(ForeignKey("invitations.uid"))
    """The invitation it was told by; None for a patient's own calendar address."""
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    """When what was told ends."""
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class AnswerGiven(Base):
    """One answer, by mail or page, to a series (`recurrence` None) or one date of it; the newest
    counts.
    """

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
    answered_to: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """By session (id) the start and minutes that were answered to; None where that is not known."""

    __table_args__ = (Index("ix_answers_uid", "uid", "recurrence", "given_at"),)


class HeldKind(StrEnum):
    """Why a mailed answer waits for a person."""

    PROPOSAL = "proposal"
    """Another time is proposed (COUNTER)."""
    UNSURE = "unsure"
    """It is not certain that the person invited wrote it."""
    STRANGER = "stranger"
    """Somebody answers who was not invited, or sends somebody else (DELEGATED)."""
    UNREADABLE = "unreadable"
    """An answer was meant, or a report, but cannot be read."""
    WORDS = "words"
    """A person writes in words of their own (`comment`)."""


class HeldState(StrEnum):
    """What a person decided."""

    OPEN = "open"
    TAKEN = "taken"
    DECLINED = "declined"
    DISMISSED = "dismissed"


class HeldReply(Base):
    """A mailed answer that changes nothing until staff decide; `comment` and `sender` are a
    stranger's words.

    `key` is the same for the same mail and date, so that what comes twice waits once.
    """

    __tablename__ = "replies_held"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[HeldKind] = mapped_column(word(HeldKind))
    uid: Mapped[str | None] = mapped_column(ForeignKey("invitations.uid"))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    sender: Mapped[str]
    reason: Mapped[str]
    recurrence: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[Answer | None] = mapped_column(word(Answer))
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sequence: Mapped[int | None]
    stamp: Mapped[datetime | None] = mapped_column(UtcDateTime)
    comment: Mapped[str | None]
    came_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[HeldState] = mapped_column(word(HeldState), default=HeldState.OPEN)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(64))
    quoted: Mapped[str | None]
    """What their mail repeats of ours, and what stands under it."""
    letter_id: Mapped[str | None] = mapped_column(String(32))
    """The letter it answers."""

    invitation: Mapped[Invitation | None] = relationship()
    person: Mapped[Person | None] = relationship()

    __table_args__ = (Index("ix_replies_held_state", "state", "came_at"),)


class Pause(Base):
    """A change that one person is not told yet, because more may follow within minutes; `since` is
    the first one's.
    """

    __tablename__ = "pauses"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class ChangeNotice(Base):
    """What one person who is not invited knows of a session that changed; without a start they know
    it off their calendar.

    `pending`: what stands may be something else, since `since`. `pressed_at` is when they were told
    once more because their calendar address had not been fetched.
    """

    __tablename__ = "change_notices"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    session_id: Mapped[str] = mapped_column(ForeignKey("sessions.id"), primary_key=True)
    starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    pending: Mapped[bool]
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    told_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    was_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The start they knew before they were told last; None: none."""
    was_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The end of it."""
    letter_id: Mapped[str | None] = mapped_column(String(32))
    """The letter that told it last; taken back while nothing of it has left."""
    is_fewer: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether somebody has left it since, which whoever leads it does not know."""
    was_fewer: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether they were told that last."""
    pressed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_change_notices_letter", "letter_id"),
        Index("ix_change_notices_session", "session_id"),
        Index(
            "ix_change_notices_pending",
            "person_id",
            postgresql_where=text("pending"),
            sqlite_where=text("pending = 1"),
        ),
    )


class MailboxWatch(Base):
    """How far the mailbox for answers has been read, and whether it is watched at this moment.

    `id` is the digest of its address; every mail up to `last_uid` has been dealt with, as long as
    the server's UIDVALIDITY is `validity` (RFC 3501 2.3.1.1).
    """

    __tablename__ = "mailbox_watches"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    validity: Mapped[str | None] = mapped_column(String(32))
    last_uid: Mapped[int] = mapped_column(BigInteger, default=0)
    looked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    away_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when no look has come to its end, None while they do."""
    trouble: Mapped[str | None]
