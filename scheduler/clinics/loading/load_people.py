"""Bringing clinicians, patients and relatives up to a clinic file, each by key."""

from collections.abc import Iterator
from typing import NoReturn

from sqlalchemy import select

from scheduler.clinics.loading.upsert_record import RecordWriter
from scheduler.clinics.values import ClinicFile
from scheduler.clinics.values import Clinician as SaidClinician
from scheduler.clinics.values import Patient as SaidPatient
from scheduler.clinics.values import Relative as SaidRelative
from scheduler.kernel.database import db
from scheduler.kernel.errors import InvalidFile, Problem
from scheduler.kernel.ids import new_id
from scheduler.people import administrators_in_turn, with_dates_of
from scheduler.people.models import Clinician, Patient, Person, PersonKind, Relative
from scheduler.sessions import engage_anew

Said = SaidClinician | SaidPatient | SaidRelative
People = dict[str, Person]


def known_people(file: ClinicFile) -> People:
    """Return all of the database's people by key. Raises InvalidFile when the file takes a key for
    somebody else.
    """
    people = {person.key: person for person in db.session.scalars(select(Person)).unique()}
    _refuse_taken_keys(file, people)
    return people


def everybody() -> set[str]:
    """Return the ids of everybody in the house: whoever a clinic file may concern."""
    return set(db.session.scalars(select(Person.id)))


def load_people(file: ClinicFile, people: People, writer: RecordWriter) -> None:
    """Add or change everybody the file names; who is new joins `people`. Raises InvalidFile where
    nobody would be administrator any more.
    """
    known = set(people)
    administrators = administrators_in_turn()
    for clinician in file.clinicians:
        _clinician(clinician, people, writer)
    db.session.flush()
    if administrators and not administrators_in_turn():
        _refuse_nobody_left(file, people, administrators)
    for patient in file.patients:
        _patient(patient, people, writer)
    db.session.flush()
    for patient in file.patients:
        for relative in patient.family:
            _relative(relative, people[patient.key], people, writer)
    db.session.flush()
    _one_human(file, people, known, writer)


def _refuse_nobody_left(file: ClinicFile, people: People, before: frozenset[str]) -> NoReturn:
    problems = []
    for n, said in enumerate(file.clinicians):
        if people[said.key].id in before:
            message = "nobody would be administrator any more: make another one first"
            problems.append(Problem(f"clinicians[{n}].roles", message))
    raise InvalidFile(problems)


def _one_human(file: ClinicFile, people: People, known: set[str], writer: RecordWriter) -> None:
    """Give all rows of one human the same body. The record says that it changed, never whose."""
    bodies = _bodies(file)
    bodies |= _kept_bodies(file, bodies, people, known, writer)
    changed = []
    for _, said, kind in _everybody(file):
        person = people[said.key]
        body = bodies.get(said.key)
        body_id = people[body].id if body is not None else None
        if person.body_id == body_id:
            continue
        # Who is named by others has no such field of their own.
        was_said = person.body_id not in (None, person.id)
        is_said = body_id not in (None, person.id)
        person.body_id = body_id
        changed.append(person.id)
        if said.key in known and (was_said or is_said):
            writer.note(kind.value, said.key, "changed", "same_as")
    if changed:
        db.session.flush()
        engage_anew(changed, now=writer.now)


def _bodies(file: ClinicFile) -> dict[str, str]:
    """Return by key whom everybody with several rows is named after, that one too."""
    found = {}
    for _, said, _ in _everybody(file):
        other = None if isinstance(said, SaidClinician) else said.same_as
        if other is not None:
            found[said.key] = other
            found[other] = other
    return found


def _kept_bodies(
    file: ClinicFile,
    bodies: dict[str, str],
    people: People,
    known: set[str],
    writer: RecordWriter,
) -> dict[str, str]:
    """Return in the same way whom the desk named, where the file says otherwise and that stays."""
    keys = {person.id: key for key, person in people.items()}
    found: dict[str, str] = {}
    for _, said, kind in _everybody(file):
        own = people[said.key]
        if said.key not in known or own.body_id in (None, own.id):
            continue
        other = keys[own.body_id]
        if bodies.get(said.key) == other:
            continue
        # A file that names this one, or names the other after a third, has the newer word.
        is_free = bodies.get(other, other) == other and said.key not in bodies.values()
        if is_free and writer.stays(kind.value, said.key, "same_as"):
            found |= {said.key: other, other: other}
    return found


def _refuse_taken_keys(file: ClinicFile, people: People) -> None:
    """A key is one person for ever: consents and letters hang on it."""
    problems = []
    for place, said, kind in _everybody(file):
        known = people.get(said.key)
        if known is not None and known.kind != kind:
            problems.append(
                Problem(f"{place}.key", f"'{said.key}' is a {known.kind.value} already")
            )
    for n, patient in enumerate(file.patients):
        for m, relative in enumerate(patient.family):
            known = people.get(relative.key)
            if known and known.relative and known.relative.patient.key != patient.key:
                whose = known.relative.patient.key
                place = f"patients[{n}].family[{m}].key"
                problems.append(
                    Problem(place, f"'{relative.key}' is a relative of {whose} already")
                )
    if problems:
        raise InvalidFile(problems)


def _everybody(file: ClinicFile) -> Iterator[tuple[str, Said, PersonKind]]:
    for n, clinician in enumerate(file.clinicians):
        yield f"clinicians[{n}]", clinician, PersonKind.CLINICIAN
    for n, patient in enumerate(file.patients):
        yield f"patients[{n}]", patient, PersonKind.PATIENT
        for m, relative in enumerate(patient.family):
            yield f"patients[{n}].family[{m}]", relative, PersonKind.RELATIVE


def _clinician(said: SaidClinician, people: People, writer: RecordWriter) -> None:
    person, new = _person(said.key, PersonKind.CLINICIAN, people)
    own = person.clinician or Clinician(person=person)
    values = {"name": said.name, "email": said.email, "free": said.hours}
    specific = {
        "roles": said.roles,
        "licences": said.licences,
        "buffer": said.buffer,
        "away": said.away,
    }
    writer.settle(
        "clinician",
        said.key,
        (person, values),
        (own, specific),
        new=new,
    )


def _patient(said: SaidPatient, people: People, writer: RecordWriter) -> None:
    person, new = _person(said.key, PersonKind.PATIENT, people)
    own = person.patient or Patient(person=person)
    specific = {
        "state": said.state,
        "born": said.born,
        "clinician_id": people[said.clinician].id,
    }
    writer.settle(
        "patient",
        said.key,
        (person, _common(said, person)),
        (own, specific),
        new=new,
    )


def _relative(said: SaidRelative, patient: Person, people: People, writer: RecordWriter) -> None:
    person, new = _person(said.key, PersonKind.RELATIVE, people)
    own = person.relative or Relative(person=person)
    specific = {
        "patient_id": patient.id,
        "relationship_word": said.relationship,
        "ready": said.ready,
    }
    before = own.ready
    writer.settle(
        "relative",
        said.key,
        (person, _common(said, person)),
        (own, specific),
        new=new,
    )
    if own.ready != before:
        own.ready_until = None  # the file decides without an end


def _person(key: str, kind: PersonKind, people: People) -> tuple[Person, bool]:
    known = people.get(key)
    if known is not None:
        return known, False
    people[key] = Person(id=new_id(), key=key, kind=kind)
    return people[key], True


def _common(said: SaidPatient | SaidRelative, person: Person) -> dict[str, object]:
    """Return what is said of anybody; a date that they named themselves stays free."""
    return {
        "name": said.name,
        "email": said.email,
        "phone": said.phone,
        "zone": said.zone,
        "language": said.language,
        "free": with_dates_of(said.free, person.free),
    }
