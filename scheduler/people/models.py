"""The practice and its people: patients, relatives, clinicians; how each signs in."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, event, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.columns import Document, word
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.kernel.schema.sealed_text import SealedText
from scheduler.kernel.sought import sought_line
from scheduler.people.accounts.role_names import Role as Role
from scheduler.people.availability import Absence, Licence, Window
from scheduler.people.help_line import Help, help_document, read_help


class PersonKind(StrEnum):
    """What a person is to the practice; one namespace of keys for all."""

    PATIENT = "patient"
    RELATIVE = "relative"
    CLINICIAN = "clinician"


def _plain(values: Iterable[Any]) -> list[Any]:
    return [
        {k: v.isoformat() if isinstance(v, date) else v for k, v in asdict(value).items()}
        for value in values
    ]


def _windows(rows: list[Any]) -> tuple[Window, ...]:
    found = []
    for row in rows:
        said = row.get("on")
        on = date.fromisoformat(said) if said else None
        window = Window(tuple(row["days"]), row["start"], row["end"], on)
        found.append(window)
    return tuple(found)


def _absences(rows: list[Any]) -> tuple[Absence, ...]:
    return tuple(
        Absence(date.fromisoformat(row["first"]), date.fromisoformat(row["last"])) for row in rows
    )


def _licences(rows: list[Any]) -> tuple[Licence, ...]:
    return tuple(Licence(row["state"], date.fromisoformat(row["until"])) for row in rows)


def _roles(words: list[Any]) -> tuple[Role, ...]:
    return tuple(Role(word) for word in words)


class Practice(Base):
    """The one practice of this database: its legal name never leaves the house, its outward name
    may.
    """

    __tablename__ = "practice"

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str]
    outward_name: Mapped[str]
    outward_email: Mapped[str]
    zone: Mapped[str]
    state: Mapped[str] = mapped_column(String(2))
    part2: Mapped[bool] = mapped_column(default=True)
    holidays: Mapped[str] = mapped_column(default="open")
    help: Mapped[Help | None] = mapped_column(Document(help_document, read_help))
    """Whom pages and letters say to ask; None: nobody is named."""
    second_factor_from: Mapped[date | None]
    """From when staff need a second factor, as an administrator said; None: no day."""

    __table_args__ = (
        CheckConstraint("id = 1", name="one_practice"),
        CheckConstraint("holidays IN ('open', 'closed')", name="holidays"),
    )

    def day_at(self, moment: datetime) -> date:
        """Return which day of the practice's zone an instant falls on."""
        return moment.astimezone(ZoneInfo(self.zone)).date()


class Person(Base):
    """Anybody with a key: name, address, zone and the hours they are free."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[PersonKind] = mapped_column(word(PersonKind))
    name: Mapped[str]
    email: Mapped[str]
    phone: Mapped[str | None]
    zone: Mapped[str | None]
    """IANA name; None: the practice's."""
    language: Mapped[str | None]
    free: Mapped[tuple[Window, ...] | None] = mapped_column(Document(_plain, _windows))
    """Wall time in the person's own zone; None is always, an empty tuple never. A clinician's
    hours.
    """
    body_id: Mapped[str | None] = mapped_column(String(32))
    """The id of one row of the same human being, the same in all; None: this is their only row."""
    joined_into_id: Mapped[str | None] = mapped_column(String(32))
    """Of somebody entered twice: the id of the row that counts; this one is a record of before."""
    sought: Mapped[str] = mapped_column(default="", server_default="", index=True)
    """What the search at the desk finds them by; it follows the other columns by itself."""

    patient: Mapped["Patient | None"] = relationship(
        back_populates="person", foreign_keys="Patient.person_id", lazy="joined", innerjoin=False
    )
    relative: Mapped["Relative | None"] = relationship(
        back_populates="person", foreign_keys="Relative.person_id", lazy="joined", innerjoin=False
    )
    clinician: Mapped["Clinician | None"] = relationship(
        back_populates="person", lazy="joined", innerjoin=False
    )

    __table_args__ = (
        Index("ix_people_joined_into_id", "joined_into_id"),
        Index(
            "ix_people_body_id",
            "body_id",
            postgresql_where=text("body_id IS NOT NULL"),
            sqlite_where=text("body_id IS NOT NULL"),
        ),
    )


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _keep_sought(mapper: object, connection: object, person: Person) -> None:
    person.sought = sought_line(person.name, (person.key, person.email, person.phone))


class Patient(Base):
    """What is only a patient's: where they sit during sessions, birth, their clinician."""

    __tablename__ = "patients"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    state: Mapped[str | None] = mapped_column(String(2))
    born: Mapped[date | None]
    clinician_id: Mapped[str] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(back_populates="patient", foreign_keys=[person_id])
    treating: Mapped[Person] = relationship(foreign_keys=[clinician_id])


class Relative(Base):
    """What is only a relative's: whose, how related, and the clinician's readiness decision."""

    __tablename__ = "relatives"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    relationship_word: Mapped[str] = mapped_column("relationship")
    ready: Mapped[bool] = mapped_column(default=False)
    ready_until: Mapped[date | None]
    """The last day it counts, in the practice's zone; None: until further notice."""
    letters_from: Mapped[str | None] = mapped_column(String(40))
    """The words that their letters come under, as the patient agreed with them; None: the
    practice's outward name.
    """

    person: Mapped[Person] = relationship(back_populates="relative", foreign_keys=[person_id])
    patient: Mapped[Person] = relationship(foreign_keys=[patient_id])

    def is_ready(self, day: date) -> bool:
        """True if they are found ready for family sessions on a day of the practice's zone."""
        return self.ready and (self.ready_until is None or day <= self.ready_until)


class ReadinessDecision(Base):
    """One decision whether a relative is ready, kept for good; the newest is the one that counts,
    unless a clinic file said otherwise since.
    """

    __tablename__ = "readiness_decisions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    ready: Mapped[bool]
    until: Mapped[date | None]
    reason: Mapped[str]
    """For staff alone."""
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(64))


class Clinician(Base):
    """What is only staff's: roles, licences, buffer in minutes kept free after each session, days
    away.
    """

    __tablename__ = "clinicians"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    roles: Mapped[tuple[Role, ...]] = mapped_column(Document(list, _roles))
    licences: Mapped[tuple[Licence, ...]] = mapped_column(Document(_plain, _licences))
    buffer: Mapped[int] = mapped_column(default=10)
    away: Mapped[tuple[Absence, ...]] = mapped_column(Document(_plain, _absences))
    password_hash: Mapped[str | None]
    """Argon2; None: cannot sign in with a password yet."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when the account is shut; None: it is open."""

    person: Mapped[Person] = relationship(back_populates="clinician")


class Way(StrEnum):
    """How somebody's sessions come into their own calendar."""

    FEED = "feed"
    """The calendar address alone: no letters."""
    INVITATIONS = "invitations"
    """All of them as invitations by mail."""
    BOTH = "both"
    """Appointments of their own as invitations, what is for many in the calendar address."""


class CalendarChoice(Base):
    """What somebody chose for their own calendar; without a row: patients and staff
    have the calendar address, relatives are invited.
    """

    __tablename__ = "calendar_choices"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    way: Mapped[Way] = mapped_column(word(Way), default=Way.FEED)
    first_names: Mapped[bool] = mapped_column(default=False)
    """Whether titles in their calendar address say the first names of those who lead."""
    kept: Mapped[str] = mapped_column(Text, default="", server_default="")
    """UIDs, by commas, of entries that stay as they came before the choice was changed last."""
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)

    __table_args__ = (CheckConstraint("way IN ('feed', 'invitations', 'both')", name="way"),)


class SignIn(Base):
    """A signed-in browser: its secret is known only by its hash; ending it is a row change."""

    __tablename__ = "sign_ins"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When a password or code last showed who it is."""
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class KeptDevice(Base):
    """A browser that stays known to one person until their program ends ("this is my phone"); the
    secret of its cookie is known only by its hash. It proves nothing where a code is asked again.
    """

    __tablename__ = "kept_devices"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    what: Mapped[str] = mapped_column(String(32))
    """What it calls itself, from a short list: "iPhone", "Windows"; empty when it is none of
    these.
    """
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SignInCode(Base):
    """A one-time code mailed to a patient or relative; six digits, stored as a hash, ten minutes;
    its askings say in which browsers it opens.
    """

    __tablename__ = "sign_in_codes"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    """Counted no more: each browser that asked has its own."""
    sealed: Mapped[str | None] = mapped_column(SealedText, deferred=True)
    """The digits, for whoever asks again at once; None once used."""


class Attempt(Base):
    """One try to sign in, counted per account and per address so that a flood is refused before any
    hashing.
    """

    __tablename__ = "sign_in_attempts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    account_hash: Mapped[str] = mapped_column(String(64))
    address_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    succeeded: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        Index("ix_sign_in_attempts_account", "account_hash", "at"),
        Index("ix_sign_in_attempts_address", "address_hash", "at"),
        Index("ix_sign_in_attempts_pair", "account_hash", "address_hash", "at"),
        Index("ix_sign_in_attempts_at", "at"),
    )
