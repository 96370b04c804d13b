"""When a patient under 18 is at school (`Rules.school`), as minutes of a week and as stretches.
Pure.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from scheduler.consents import birthday
from scheduler.planning.problem.minute_sets import MinuteSet, stretch_minutes
from scheduler.planning.problem.problem import Patient
from scheduler.planning.problem.wall_time import Stretch, local, stretches
from scheduler.programs import School


def lessons(school: School, patient: Patient, first: date, last: date) -> Iterator[Stretch]:
    """Return the UTC stretches at school on `first` to `last`, days of the patient's zone; none
    without `born`.
    """
    if patient.born is None:
        return
    grown = birthday(patient.born)
    day = first
    while day <= last and day < grown:
        if school.is_in_term(day):
            yield from stretches(
                school.hours,
                patient.zone,
                day,
                day,
            )
        day += timedelta(days=1)


def is_at_school(school: School, patient: Patient, start: datetime, end: datetime) -> bool:
    """True if some of `start` to `end` lies in the patient's school hours."""
    first = local(start, patient.zone)[0]
    last = local(end, patient.zone)[0]
    return any(
        begin < end and start < finish
        for begin, finish in lessons(
            school,
            patient,
            first,
            last,
        )
    )


def school_minutes(school: School, patient: Patient, zone: str, monday: date) -> MinuteSet:
    """Return the minutes of `zone`'s week from `monday` that the patient is at school."""
    found = 0
    for start, end in lessons(
        school, patient, monday - timedelta(days=1), monday + timedelta(days=7)
    ):
        found |= stretch_minutes(
            start,
            end,
            zone,
            monday,
        )
    return found
