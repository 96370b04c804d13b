"""What belongs to proofs of who is there: who asked for a code, guesses at codes, passkeys."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id


class CodeAsking(Base):
    """A browser that asked for a code, and the only one that may type it; known by a hash."""

    __tablename__ = "code_askings"

    code_id: Mapped[str] = mapped_column(ForeignKey("sign_in_codes.id"), primary_key=True)
    browser_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)


class CodeAsk(Base):
    """A code was asked for: known or unknown, one row of one shape, until the worker has answered
    it.
    """

    __tablename__ = "code_asks"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    address: Mapped[str] = mapped_column(String(254))
    """As it was typed."""
    person_id: Mapped[str | None] = mapped_column(String(32))
    """Whose link or page it was asked behind; None: an address was typed."""
    browser_hash: Mapped[str] = mapped_column(String(64))
    known: Mapped[bool]
    """Whether somebody of this address signed in with that browser before."""
    asked_language: Mapped[str | None] = mapped_column(String(16))
    """What the page was asked in, before all else."""
    language: Mapped[str] = mapped_column(String(16))
    """What the browser chose or accepts, for whoever has no language of their own."""
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_code_asks_asked_at", "asked_at"),)


class AddressChange(Base):
    """A mail address that a person wants their letters at, and the code that went there; it counts
    once the code is typed.
    """

    __tablename__ = "address_changes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    address: Mapped[str] = mapped_column(String(320))
    code_hash: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it waits no more: it was proved, or another one is wanted."""

    __table_args__ = (Index("ix_address_changes_person_id", "person_id"),)


class GuessRun(Base):
    """Wrong codes in a row for one person, from browsers they never used."""

    __tablename__ = "guess_runs"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
    stopped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when no code of theirs opens an unknown browser; None: it does."""


class Passkey(Base):
    """A key pair of one person's telephone or computer (WebAuthn), of which we hold the public
    half.
    """

    __tablename__ = "passkeys"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    credential: Mapped[str] = mapped_column(Text, unique=True)
    """What the device calls it, in base64url (at most 1,023 octets)."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    """COSE (RFC 9052)."""
    uses: Mapped[int] = mapped_column(BigInteger, default=0)
    """The device's own count of uses as it was last; devices that keep none say 0."""
    host: Mapped[str] = mapped_column(String(255))
    """The name of the site it was made for, and opens alone."""
    name: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (Index("ix_passkeys_person_id", "person_id"),)


class SpentChallenge(Base):
    """A challenge that a passkey has answered: it opens nothing again."""

    __tablename__ = "spent_challenges"

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When nobody could answer it any more, and it is forgotten."""

    __table_args__ = (Index("ix_spent_challenges_ends_at", "ends_at"),)
