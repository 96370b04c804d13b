"""Appointments that somebody typed for one patient, read as a clinic file's are. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from scheduler.clinics.reading.entry_fields import Entry
from scheduler.clinics.reading.file_problems import Problems
from scheduler.clinics.reading.key_index import KeyIndex
from scheduler.clinics.reading.read_programs import read_appointments
from scheduler.clinics.reading.yaml_tree import Tree
from scheduler.kernel.errors import InvalidFile, Problem
from scheduler.programs import Appointment

CLINICIAN = "clinician"


def typed_appointments(
    rows: Sequence[Mapping[str, Any]], *, weeks: int, clinicians: Collection[str]
) -> tuple[Appointment, ...]:
    """Return the rows of a form as the appointments of a patient whose program has `weeks` weeks;
    `clinicians` are the keys of those who may hold them.

    Raises InvalidFile with places as `appointments[0].minutes`.
    """
    problems = Problems()
    said: list[Tree] = [dict(row) for row in rows]
    owner = Entry("", problems, {"appointments": said})
    keys = KeyIndex()
    keys.doubt(CLINICIAN)
    found = read_appointments(owner, weeks, keys, "appointment")
    appointments = tuple(found)
    unknown = _unknown(rows, clinicians)
    wrong = [*problems, *unknown]
    if wrong:
        raise InvalidFile(wrong)
    return appointments


def _unknown(rows: Sequence[Mapping[str, Any]], clinicians: Collection[str]) -> list[Problem]:
    """Name each row that is held by nobody there is."""
    found = []
    for number, row in enumerate(rows):
        holder = row.get("by")
        if holder is None or holder in clinicians:
            continue
        place = f"appointments[{number}].by"
        problem = Problem(place, "there is no clinician with this key")
        found.append(problem)
    return found
