"""How far ahead the days of a clinic file may lie: a mistyped year is refused. Pure.

Days of the past are the clinic's history and may be as old as they are.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.clinics.reading.places import at_field, at_item
from scheduler.clinics.values import ClinicFile, Clinician, Patient, Program, Relative
from scheduler.kernel.untrusted.day_bounds import first_and_last

LICENCE_YEARS = 10
"""How long a licence may be good for."""
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class FarDay:
    """A day that lies after the last one that may stand at `place`, and whose it is: a key, "" for
    the practice.
    """

    place: str
    owner: str
    day: date
    last: date


Said = tuple[str, date | None]
"""A place, and the day that is said there."""


def far_days(file: ClinicFile, today: date) -> Iterator[FarDay]:
    """Yield each day that lies farther ahead than its field may say; of a patient and their
    relatives none that lies within a stay.
    """
    _, soon = first_and_last(today)
    _, good_for = first_and_last(today, years_ahead=LICENCE_YEARS)
    yield from _after(soon, "", _closures(file))
    for at, clinician in enumerate(file.clinicians):
        place = at_item("clinicians", at)
        yield from _after(good_for, clinician.key, _licences(place, clinician))
        yield from _after(soon, clinician.key, _times(place, clinician))
    for at, program in enumerate(file.programs):
        yield from _after(soon, program.key, _school(at_item("programs", at), program))
    for at, cohort in enumerate(file.cohorts):
        starts = f"{at_item('cohorts', at)}.starts"
        yield from _after(soon, cohort.key, [(starts, cohort.starts)])
    ends = _ends(file)
    for at, patient in enumerate(file.patients):
        yield from _of_family(at_item("patients", at), patient, soon, ends)


def _after(last: date, owner: str, said: Iterable[Said]) -> Iterator[FarDay]:
    for place, day in said:
        if day is not None and day > last:
            yield FarDay(place, owner, day, last)


def _closures(file: ClinicFile) -> Iterator[Said]:
    for at, closure in enumerate(file.practice.closures):
        place = at_item("practice.closures", at)
        field = "on" if closure.first == closure.last else "to"
        yield f"{place}.{field}", closure.last


def _licences(place: str, clinician: Clinician) -> Iterator[Said]:
    for at, licence in enumerate(clinician.licences):
        yield f"{at_item(at_field(place, 'licences'), at)}.until", licence.until


def _times(place: str, clinician: Clinician) -> Iterator[Said]:
    """Yield the last days of what a member of staff has for a time."""
    yield from _lasts(f"{place}.away", [time.last for time in clinician.away])
    roles = clinician.roles_for_a_time or ()
    yield from _lasts(f"{place}.roles_for_a_time", [term.last for term in roles])
    covers = clinician.covered_by or ()
    yield from _lasts(f"{place}.covered_by", [cover.last for cover in covers])


def _lasts(place: str, days: Iterable[date]) -> Iterator[Said]:
    for at, day in enumerate(days):
        yield f"{at_item(place, at)}.to", day


def _school(place: str, program: Program) -> Iterator[Said]:
    school = program.template.rules.school
    terms = school.terms if school else ()
    yield from _lasts(f"{place}.rules.school.terms", [term.last for term in terms])


def _ends(file: ClinicFile) -> dict[str, date]:
    """Return the day on which each cohort is over."""
    weeks = {program.key: program.template.weeks for program in file.programs}
    ends = {}
    for cohort in file.cohorts:
        ends[cohort.key] = cohort.starts + weeks[cohort.program] * WEEK
    return ends


def _of_family(
    place: str, patient: Patient, soon: date, ends: Mapping[str, date]
) -> Iterator[FarDay]:
    stays = [ends[stay.cohort] for stay in patient.every_stay]
    last = max(soon, *stays)
    yield from _after(last, patient.key, _stays(place, patient))
    for at, relative in enumerate(patient.family):
        papers = _papers(at_item(at_field(place, "family"), at), relative)
        yield from _after(last, relative.key, papers)


def _stays(place: str, patient: Patient) -> Iterator[Said]:
    yield f"{place}.from", patient.admitted
    yield f"{place}.to", patient.discharged
    for at, stay in enumerate(patient.stays):
        other = at_item(at_field(place, "stays"), at)
        yield f"{other}.from", stay.admitted
        yield f"{other}.to", stay.discharged
    for at, agreed in enumerate(patient.authorisations):
        yield f"{at_item(at_field(place, 'authorisations'), at)}.to", agreed.last


def _papers(place: str, relative: Relative) -> Iterator[Said]:
    for at, paper in enumerate(relative.consents):
        one = at_item(at_field(place, "consents"), at)
        yield f"{one}.signed", paper.signed
        yield f"{one}.expires", paper.expires
