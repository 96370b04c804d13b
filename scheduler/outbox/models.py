"""Finished letters on their way out, and the workers that carry them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.columns import word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id


class LetterState(StrEnum):
    """Where a letter is: the first three will go on, the others have ended."""

    WAITING = "waiting"
    RETRY = "retry"
    SENDING = "sending"
    SENT = "sent"
    SET_ASIDE = "set_aside"
    EXPIRED = "expired"
    SUPPRESSED = "suppressed"


class Phase(StrEnum):
    """Within sending: claimed may be taken back safely, handing may have been delivered."""

    CLAIMED = "claimed"
    HANDING = "handing"


class Basis(StrEnum):
    """Why this person may get this letter: it is their own affair, a patient's grant, or a
    cancellation of something that was sent under a grant before.
    """

    SELF = "self"
    GRANT = "grant"
    RETRACTION = "retraction"


class Channel(StrEnum):
    """How a letter goes: by mail, or as a text message (then `address` is a telephone number)."""

    MAIL = "mail"
    TEXT = "text"


class Letter(Base):
    """One finished letter to one person: bytes frozen before the first attempt, so that every retry
    is identical.

    The outbox knows no patient and no session: `subject_id`, `purpose` and `grant_id` are opaque to
    it, and the database itself (see consents.gate) refuses a letter whose basis does not hold, at
    insert and at claim. `dedupe_key` is nominal (kind, uid, sequence, recipient, nominal time),
    never "now".
    """

    __tablename__ = "letters"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    dedupe_key: Mapped[str] = mapped_column(String(400), unique=True)
    kind: Mapped[str] = mapped_column(String(32))
    """invitation, update, cancellation, reminder, code …"""
    recipient_id: Mapped[str] = mapped_column(String(32))
    channel: Mapped[Channel] = mapped_column(
        word(Channel), default=Channel.MAIL, server_default="mail"
    )
    address: Mapped[str]
    basis: Mapped[Basis] = mapped_column(word(Basis))
    grant_id: Mapped[str | None] = mapped_column(String(32), index=True)
    subject_id: Mapped[str | None] = mapped_column(String(32))
    purpose: Mapped[str | None] = mapped_column(String(32))
    covers_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The end of the session it tells of: a grant must hold then too."""
    uid: Mapped[str | None] = mapped_column(String(255))
    sequence: Mapped[int | None]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    not_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Worthless after this moment (reminders): then it expires, visibly."""
    needed_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the first thing it tells of begins: a letter held up for longer is told otherwise."""
    safe_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When hours begin in which it may not arrive, as known at the claim."""
    mime: Mapped[bytes] = mapped_column(LargeBinary)
    message_id: Mapped[str] = mapped_column(String(255))
    follows: Mapped[str | None] = mapped_column(String(32))
    """The id of the letter that must be done with first: the one that tells what this one belongs
    to.
    """
    state: Mapped[LetterState] = mapped_column(word(LetterState), default=LetterState.WAITING)
    phase: Mapped[Phase | None] = mapped_column(word(Phase))
    attempts: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str | None] = mapped_column(String(64))
    fence: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reply: Mapped[str | None]
    """What the mail server said last."""
    reason: Mapped[str | None]
    """Why it was set aside, expired or suppressed, in words for staff."""
    ambiguous: Mapped[int] = mapped_column(default=0)
    """How often it may have been delivered without our knowing."""

    __table_args__ = (
        CheckConstraint("(state = 'sending') = (lease_until IS NOT NULL)", name="lease"),
        CheckConstraint("(state = 'sending') = (phase IS NOT NULL)", name="phase"),
        CheckConstraint(
            "state IN ('waiting','retry','sending','sent','set_aside','expired','suppressed')",
            name="state",
        ),
        CheckConstraint("basis IN ('self', 'grant', 'retraction')", name="basis"),
        CheckConstraint(
            "basis = 'self' OR (grant_id IS NOT NULL AND subject_id IS NOT NULL AND purpose IS "
            "NOT NULL)",
            name="basis_named",
        ),
        Index(
            "ix_letters_due",
            "due_at",
            "sequence",
            "id",
            postgresql_where=text("state IN ('waiting','retry')"),
            sqlite_where=text("state IN ('waiting','retry')"),
        ),
        Index("ix_letters_entry", "recipient_id", "uid", "sequence"),
        Index(
            "ix_letters_leased",
            "lease_until",
            postgresql_where=text("state = 'sending'"),
            sqlite_where=text("state = 'sending'"),
        ),
        Index(
            "ix_letters_unanswered",
            "id",
            postgresql_where=text("state = 'sent' AND reply IS NULL"),
            sqlite_where=text("state = 'sent' AND reply IS NULL"),
        ),
        Index(
            "ix_letters_kept",
            "address",
            postgresql_where=text("state = 'set_aside'"),
            sqlite_where=text("state = 'set_aside'"),
        ),
        Index(
            "ix_letters_texts",
            "address",
            postgresql_where=text("channel = 'text'"),
            sqlite_where=text("channel = 'text'"),
        ),
        Index(
            "uq_letters_in_flight",
            "recipient_id",
            "uid",
            unique=True,
            postgresql_where=text("state = 'sending' AND uid IS NOT NULL"),
            sqlite_where=text("state = 'sending' AND uid IS NOT NULL"),
        ),
    )


class Heartbeat(Base):
    """One worker process and its last finished tick."""

    __tablename__ = "heartbeats"

    node: Mapped[str] = mapped_column(String(64), primary_key=True)
    boot: Mapped[str] = mapped_column(String(32))
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ticked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    plans: Mapped[bool] = mapped_column(default=False)
    """It has a solver, and makes the plans that nodes without one ask for."""


class Hold(Base):
    """That nothing may leave until a person says so: after a restore."""

    __tablename__ = "outbox_holds"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str]
    released_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    released_by: Mapped[str | None] = mapped_column(String(64))


class ClosedAddress(Base):
    """An address that nothing is sent to until it is opened again: it failed for good, or is
    somebody else's.
    """

    __tablename__ = "closed_addresses"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    address: Mapped[str]
    """In the form in which all its spellings are equal."""
    reason: Mapped[str]
    """Why, in words for staff."""
    closed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_by: Mapped[str] = mapped_column(String(64))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opened_by: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        Index(
            "ix_closed_addresses_standing",
            "address",
            postgresql_where=text("opened_at IS NULL"),
            sqlite_where=text("opened_at IS NULL"),
        ),
    )
