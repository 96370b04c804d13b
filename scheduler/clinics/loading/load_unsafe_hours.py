"""Marking the hours that a clinic file names, in which nothing may arrive at somebody.

A file marks and never takes away. Hours that somebody ended since stay ended, unless the file's
word is asked for.
"""

from collections.abc import Iterator, Mapping

from scheduler.clinics.loading.upsert_record import RecordWriter, Take
from scheduler.clinics.values import ClinicFile, Patient, Relative
from scheduler.kernel.errors import InputError
from scheduler.people import Marking, ended_markings, mark_hours, standing_markings
from scheduler.people.models import Person

WHAT = "marked hours"


def load_unsafe_hours(file: ClinicFile, people: Mapping[str, Person], writer: RecordWriter) -> None:
    """Mark what the file names and does not stand."""
    saying = [said for said in _everybody(file) if said.unsafe_hours]
    owners = [people[said.key] for said in saying]
    standing = standing_markings(owners)
    ended = ended_markings(owners)
    for said in saying:
        person = people[said.key]
        for marking in said.unsafe_hours:
            if marking in standing[person.id]:
                continue
            if writer.take is Take.DESK and marking in ended[person.id]:
                writer.keep(WHAT, said.key, "ended since")
                continue
            _mark(person, marking, writer)


def _mark(person: Person, marking: Marking, writer: RecordWriter) -> None:
    try:
        mark_hours(person, marking, by=writer.by, now=writer.now)
    except InputError as error:
        writer.refuse(WHAT, person.key, str(error))
        return
    writer.tell(WHAT, person.key, "added")


def _everybody(file: ClinicFile) -> Iterator[Patient | Relative]:
    for patient in file.patients:
        yield patient
        yield from patient.family
