"""Bringing stays up to a clinic file: who has a place in a cohort, who waits for one, and who was
or will be here at another time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from scheduler.clinics.loading.load_report import Change
from scheduler.clinics.loading.upsert_record import RecordWriter
from scheduler.clinics.values import ClinicFile, Patient, Stay
from scheduler.kernel.database import db
from scheduler.kernel.errors import InvalidFile, Problem
from scheduler.people.models import Person
from scheduler.programs import Places, kept_versions, last_day, places_by_cohort
from scheduler.programs.models import Cohort, Enrolment, FurtherStay

Line = Mapping[tuple[str, int], int]
"""The place in line of those who wait: by the patient's key and which of their stays it is."""


@dataclass(frozen=True, slots=True)
class _Said:
    """A stay of a patient (key) as a file has it: which of theirs, and where its cohort stands."""

    patient: str
    which: int
    stay: Stay
    place: str


def stand_in_line(file: ClinicFile) -> Line:
    """Return who waits for a place, by the order of the file; who has one already keeps it, and who
    waits though one is free goes on waiting: that one is given by an offer at the desk.

    Raises InvalidFile when a cohort is full and its program has no waiting list.
    """
    cohorts = _limited(file)
    if not cohorts:
        return {}
    left = _left_waiting(cohorts)
    line: dict[tuple[str, int], int] = {}
    problems = []
    for said in _in_turn(file, cohorts):
        places = cohorts[said.stay.cohort]
        is_left = places.waitlist and (said.patient, said.stay) in left
        if not is_left and places.take(said.stay.admitted, said.stay.discharged):
            continue
        if places.waitlist:
            places.waiting += 1
            line[said.patient, said.which] = places.waiting
            continue
        why = f"its program takes {places.capacity} patients at once"
        problem = Problem(
            said.place,
            f"{said.stay.cohort} is full: {why}",
        )
        problems.append(problem)
    if problems:
        raise InvalidFile(problems)
    return line


def _in_turn(file: ClinicFile, cohorts: Mapping[str, Places]) -> list[_Said]:
    """Return every stay in such a cohort, of who has a place already first."""
    held = _held(file, cohorts)
    first: list[_Said] = []
    then: list[_Said] = []
    for said in _said(file, cohorts):
        has_place = (said.patient, said.stay) in held
        ahead = first if has_place else then
        ahead.append(said)
    return first + then


def _limited(file: ClinicFile) -> dict[str, Places]:
    """Return the cohorts that hold only so many, by key."""
    programs = {program.key: program for program in file.programs}
    kept = kept_versions()
    found = {}
    for cohort in file.cohorts:
        program = programs[cohort.program]
        template = program.template
        own = kept.get(cohort.key)
        if own is not None and own.program == cohort.program:
            template = own.template
        if program.capacity is not None:
            ends = last_day(cohort.starts, template.weeks)
            found[cohort.key] = Places(program.capacity, program.waitlist, ends)
    return found


def _said(file: ClinicFile, cohorts: Mapping[str, Places]) -> Iterator[_Said]:
    """Return every stay in such a cohort."""
    for number, patient in enumerate(file.patients):
        for which, stay in enumerate(patient.every_stay):
            if stay.cohort not in cohorts:
                continue
            place = f"patients[{number}]"
            if which:
                place += f".stays[{which - 1}]"
            yield _Said(
                patient.key,
                which,
                stay,
                f"{place}.cohort",
            )


def _held(file: ClinicFile, cohorts: Mapping[str, Places]) -> set[tuple[str, Stay]]:
    """Return the stays that have a place already, and take those of patients the file does not
    name.
    """
    named = {patient.key for patient in file.patients}
    found = set()
    for table in (Enrolment, FurtherStay):
        rows = db.session.execute(
            select(Person.key, Cohort.key, table.first, table.last)
            .join(Person, Person.id == table.patient_id)
            .join(Cohort, Cohort.id == table.cohort_id)
            .where(Cohort.key.in_(cohorts), table.waits.is_(None))
        )
        for patient, cohort, first, last in rows:
            if patient in named:
                stay = Stay(
                    cohort,
                    first,
                    last,
                )
                found.add((patient, stay))
                continue
            places = cohorts[cohort]
            days = places.days(first, last)
            places.taken.append(days)
    return found


@dataclass(frozen=True, slots=True)
class _Waits:
    """Somebody (key) who waits for a place in a cohort."""

    patient: str
    cohort: Cohort
    first: date
    last: date | None
    number: int


def _left_waiting(cohorts: Mapping[str, Places]) -> set[tuple[str, Stay]]:
    """Return the stays that wait though their cohort has a place for them."""
    waiting = _waiting(cohorts)
    running = {row.cohort.id: row.cohort for row in waiting}
    places = places_by_cohort(running.values())
    found = set()
    for row in waiting:
        own = places.get(row.cohort.id)
        if own is not None and own.take(row.first, row.last):
            stay = Stay(row.cohort.key, row.first, row.last)
            found.add((row.patient, stay))
    return found


def _waiting(cohorts: Mapping[str, Places]) -> list[_Waits]:
    """Return who waits in these cohorts (keys), in the order of the line."""
    found = []
    for table in (Enrolment, FurtherStay):
        rows = db.session.execute(
            select(Person.key, Cohort, table.first, table.last, table.waits)
            .join(Person, Person.id == table.patient_id)
            .join(Cohort, Cohort.id == table.cohort_id)
            .where(Cohort.key.in_(cohorts), table.waits.is_not(None))
        )
        for patient, cohort, first, last, number in rows.unique():
            found.append(_Waits(patient, cohort, first, last, number or 0))
    return sorted(found, key=lambda row: row.number)


def load_stays(
    file: ClinicFile, people: Mapping[str, str], line: Line, writer: RecordWriter
) -> None:
    """Write everybody's current stay and the others; who waits is told each time."""
    cohorts = {}
    for cohort in db.session.scalars(select(Cohort)):
        cohorts[cohort.key] = cohort.id
    rows = {}
    for row in db.session.scalars(select(Enrolment)):
        rows[row.patient_id] = row
    further: dict[str, list[FurtherStay]] = {}
    for other in db.session.scalars(select(FurtherStay)):
        further.setdefault(other.patient_id, []).append(other)
    for said in file.patients:
        patient = people[said.key]
        _settle_current(
            said,
            rows.get(patient) or Enrolment(patient_id=patient),
            cohorts,
            line,
            writer,
        )
        wanted = _further(
            said,
            patient,
            cohorts,
            line,
        )
        _settle_further(
            said.key,
            further.get(patient, []),
            list(wanted),
            writer,
        )
        _tell_waiting(said, line, writer)
    db.session.flush()


def _settle_current(
    said: Patient, row: Enrolment, cohorts: Mapping[str, str], line: Line, writer: RecordWriter
) -> None:
    values = {
        "cohort_id": cohorts[said.cohort],
        "first": said.admitted,
        "last": said.discharged,
        "waits": line.get((said.key, 0)),
        "appointments": said.appointments or None,
        "without": said.without or None,
        "authorisations": said.authorisations or None,
    }
    writer.settle(
        "stay of",
        said.key,
        (row, values),
        new=row.id is None,
    )


def _further(
    said: Patient, patient: str, cohorts: Mapping[str, str], line: Line
) -> Iterator[FurtherStay]:
    for which, stay in enumerate(said.stays, start=1):
        yield FurtherStay(
            patient_id=patient,
            cohort_id=cohorts[stay.cohort],
            first=stay.admitted,
            last=stay.discharged,
            waits=line.get((said.key, which)),
        )


def _settle_further(
    key: str, rows: list[FurtherStay], wanted: list[FurtherStay], writer: RecordWriter
) -> None:
    """Let a patient have exactly the wanted stays beside the current one."""
    if sorted(map(_content, rows)) == sorted(map(_content, wanted)):
        return
    if writer.stays("other stays of", key, "stays"):
        return
    for row in rows:
        db.session.delete(row)
    db.session.add_all(wanted)
    writer.note("other stays of", key, "changed")


def _content(stay: FurtherStay) -> tuple[date, str, date, int]:
    return stay.first, stay.cohort_id, stay.last or date.max, stay.waits or 0


def _tell_waiting(said: Patient, line: Line, writer: RecordWriter) -> None:
    for which, stay in enumerate(said.every_stay):
        number = line.get((said.key, which))
        if number is not None:
            why = f"waits for a place in {stay.cohort}, number {number} in line"
            writer.changes.waiting.append(Change("stay of", said.key, why))
