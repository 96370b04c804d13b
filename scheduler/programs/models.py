"""Programs, dated cohorts of them, who is enrolled from when, rooms and closed days."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from scheduler.kernel.columns import Document
from scheduler.kernel.database import Base, UtcDateTime
from scheduler.kernel.ids import new_id
from scheduler.people import Window
from scheduler.programs.authorisation import Authorisation
from scheduler.programs.kinds import Kind, Seats
from scheduler.programs.room_service import RoomService
from scheduler.programs.school_terms import School, Term
from scheduler.programs.template import (
    Appointment,
    AttendanceRule,
    FixedSlot,
    HourCounts,
    Milestones,
    Phase,
    Rules,
    Template,
)


def _write_template(template: Template) -> dict[str, Any]:
    row = asdict(template)
    school = template.rules.school
    if school:
        terms = [[str(term.first), str(term.last)] for term in school.terms]
        row["rules"]["school"]["terms"] = terms
    return row


def _read_template(row: dict[str, Any]) -> Template:
    rules = row["rules"] | _rule_values(row["rules"])
    slots = []
    for slot in row["slots"]:
        values = slot | _slot_values(slot)
        slots.append(FixedSlot(**values))
    phases = [Phase(**phase) for phase in row.get("phases", ())]
    return Template(
        weeks=row["weeks"],
        rules=Rules(**rules),
        slots=tuple(slots),
        appointments=_read_appointments(row["appointments"]),
        phases=tuple(phases),
    )


def _read_appointments(rows: list[dict[str, Any]]) -> tuple[Appointment, ...]:
    appointments = []
    for row in rows:
        values = row | _appointment_values(row)
        appointments.append(Appointment(**values))
    return tuple(appointments)


def _write_all(values: tuple[Any, ...]) -> list[dict[str, Any]]:
    return [asdict(value) for value in values]


def _write_authorisations(values: tuple[Authorisation, ...]) -> list[list[Any]]:
    return [[str(value.first), str(value.last), value.units] for value in values]


def _read_authorisations(rows: list[list[Any]]) -> tuple[Authorisation, ...]:
    found = []
    for begin, end, units in rows:
        first = date.fromisoformat(begin)
        last = date.fromisoformat(end)
        found.append(Authorisation(first, last, units))
    return tuple(found)


def _rule_values(rules: dict[str, Any]) -> dict[str, Any]:
    """Read what is no plain value; templates written before a rule existed have it not."""
    school = rules.get("school")
    attendance = rules.get("attendance")
    milestones = rules.get("milestones")
    return {
        "hour_counts": HourCounts(rules["hour_counts"]),
        "once_a_day": tuple(Kind(word) for word in rules.get("once_a_day", ())),
        "school": _read_school(school) if school else None,
        "attendance": AttendanceRule(**attendance) if attendance else None,
        "milestones": Milestones(**milestones) if milestones else None,
    }


def _read_school(row: dict[str, Any]) -> School:
    windows = []
    for hours in row["hours"]:
        days = tuple(hours["days"])
        window = Window(days, hours["start"], hours["end"])
        windows.append(window)
    terms = []
    for begin, end in row["terms"]:
        first = date.fromisoformat(begin)
        last = date.fromisoformat(end)
        terms.append(Term(first, last))
    return School(tuple(windows), tuple(terms))


def _slot_values(slot: dict[str, Any]) -> dict[str, Any]:
    said = slot["seats_said"]
    return {
        "kind": Kind(slot["kind"]),
        "days": tuple(slot["days"]),
        "topics": tuple(slot["topics"]),
        "seats_said": Seats(said) if said else None,
    }


def _appointment_values(appointment: dict[str, Any]) -> dict[str, Any]:
    return {
        "kind": Kind(appointment["kind"]),
        "in_weeks": tuple(appointment["in_weeks"]),
    }


def _leads(row: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {slot: tuple(keys) for slot, keys in row.items()}


class VideoRoom(Base):
    """A place to meet: its address never leaves the house but through a personal link."""

    __tablename__ = "video_rooms"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    url: Mapped[str]
    """The one address of a fixed room; of a service, where it is and what it names rooms by."""
    dial_in: Mapped[str | None]
    service: Mapped[RoomService] = mapped_column(
        String(16), default=RoomService.FIXED, server_default=RoomService.FIXED.value
    )
    app_id: Mapped[str | None]
    secret_file: Mapped[str | None]
    """Where the secret shared with the service is; what it holds is never stored."""
    shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the clinic knows that all sessions of a fixed room share its address."""
    in_use: Mapped[bool] = mapped_column(default=True, server_default=true())
    """Whether sessions may still be planned there; one that the clinic gave up stays with its past.
    """


class Closure(Base):
    """Days on which the practice is closed beside public holidays, both ends included."""

    __tablename__ = "closures"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    first: Mapped[date]
    last: Mapped[date]
    note: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)
    """Its place in the clinic file."""


class Program(Base):
    """A template of N weeks; `version` rises with each change of it. Earlier versions are rows of
    their own, for the cohorts that stayed with them; their keys are no keys of a clinic file.
    """

    __tablename__ = "programs"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str]
    outward_title: Mapped[str]
    template: Mapped[Template] = mapped_column(Document(_write_template, _read_template))
    version: Mapped[int] = mapped_column(default=1)
    capacity: Mapped[int | None]
    """How many patients a cohort holds at once; None: any number."""
    waitlist: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether those for whom a full cohort has no place wait for one."""
    of_id: Mapped[str | None] = mapped_column(String(32), index=True)
    """Of an earlier version: the program it was of, which has the newest."""
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    replaced_by: Mapped[str | None] = mapped_column(String(64))

    newest: Mapped["Program | None"] = relationship(
        primaryjoin="foreign(Program.of_id) == remote(Program.id)", viewonly=True
    )

    @property
    def root(self) -> "Program":
        """The program itself: of an earlier version, what it is a version of."""
        return self.newest or self


class Cohort(Base):
    """One dated run of a program; week 1 is the Monday-to-Sunday week that holds `starts`."""

    __tablename__ = "cohorts"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    program_id: Mapped[str] = mapped_column(ForeignKey("programs.id"))
    starts: Mapped[date]
    zone: Mapped[str | None]
    """IANA name; None: the practice's."""
    leads: Mapped[dict[str, tuple[str, ...]]] = mapped_column(Document(dict, _leads))
    """Clinician keys by the key of the fixed slot."""

    program: Mapped[Program] = relationship(lazy="joined")


class Enrolment(Base):
    """A patient's current stay in a cohort, whole days, both ends included; `last` None: to the
    cohort's end. What is the patient's own in every stay stands here, too.
    """

    __tablename__ = "enrolments"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"), unique=True)
    cohort_id: Mapped[str] = mapped_column(ForeignKey("cohorts.id"), index=True)
    first: Mapped[date]
    last: Mapped[date | None]
    waits: Mapped[int | None]
    """The place in the cohort's line; None: the patient has a seat in the cohort."""
    appointments: Mapped[tuple[Appointment, ...] | None] = mapped_column(
        Document(_write_all, _read_appointments)
    )
    """What this patient alone is due beside the program's appointments."""
    without: Mapped[tuple[str, ...] | None] = mapped_column(Document(list, tuple))
    """Keys of the program's appointments that are not due for this patient."""
    authorisations: Mapped[tuple[Authorisation, ...] | None] = mapped_column(
        Document(_write_authorisations, _read_authorisations)
    )
    """The days a payer agreed to; None: nobody asks for them."""

    cohort: Mapped[Cohort] = relationship(lazy="joined")


class FurtherStay(Base):
    """An earlier or a later stay of a patient beside the current one, in any cohort; days as
    there.
    """

    __tablename__ = "further_stays"

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    patient_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    cohort_id: Mapped[str] = mapped_column(ForeignKey("cohorts.id"), index=True)
    first: Mapped[date]
    last: Mapped[date | None]
    waits: Mapped[int | None]

    cohort: Mapped[Cohort] = relationship(lazy="joined")
