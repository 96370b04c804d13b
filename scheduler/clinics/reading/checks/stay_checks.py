"""Stays against their cohorts, against each other and against licences; what one patient alone has.
Pure.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise

from scheduler.clinics.reading.checks.cross_checks import Run
from scheduler.clinics.reading.entry_fields import Found
from scheduler.clinics.reading.places import at_field, at_item, shown
from scheduler.clinics.values import Clinician, Patient, Practice, Stay
from scheduler.kernel.errors import Problem

Runs = Mapping[str, Run]
"""Cohorts by their keys, as far as they could be read."""


def stays(patients: Iterable[Found[Patient]], runs: Runs) -> Iterator[Problem]:
    """Name each stay that has no day in common with its cohort, or a day with another stay."""
    for found in patients:
        for place, stay in _places(found):
            yield from _outside(place, stay, runs.get(stay.cohort))
        yield from _overlaps(found, runs)


def _places(found: Found[Patient]) -> Iterator[tuple[str, Stay]]:
    """Return each stay of a patient with its place: the current one stands in the patient's."""
    current, *others = found.value.every_stay
    yield found.place, current
    for number, stay in enumerate(others):
        yield at_item(at_field(found.place, "stays"), number), stay


def _outside(place: str, stay: Stay, run: Run | None) -> Iterator[Problem]:
    if run and stay.admitted > run.last_day:
        yield Problem(f"{place}.from", f"the cohort ends on {run.last_day} already")
    elif run and stay.discharged and stay.discharged < run.cohort.starts:
        yield Problem(f"{place}.to", f"the cohort starts on {run.cohort.starts} only")


def _overlaps(found: Found[Patient], runs: Runs) -> Iterator[Problem]:
    """Name each stay that begins before an earlier one of the same patient is over."""
    spans = []
    for place, stay in _places(found):
        run = runs.get(stay.cohort)
        if run is None:
            continue
        starts = run.cohort.starts
        ends = run.last_day
        first = max(stay.admitted, starts)
        last = min(stay.discharged or ends, ends)
        spans.append((first, last, place))
    spans.sort()
    for before, after in pairwise(spans):
        _, over, earlier = before
        begins, _, place = after
        if begins <= over:
            why = f"begins on {begins}, before the stay at {earlier} is over on {over}"
            yield Problem(f"{place}.from", why)


def own_appointments(patients: Iterable[Found[Patient]], runs: Runs) -> Iterator[Problem]:
    """Name what one patient has under a key of the program's, and what they are to go without
    although no program of theirs has it.
    """
    for found in patients:
        cohorts = [stay.cohort for stay in found.value.every_stay]
        known = [runs[cohort] for cohort in cohorts if cohort in runs]
        keys: set[str] = set()
        for run in known:
            keys |= {appointment.key for appointment in run.program.template.appointments}
        yield from _taken_keys(found, keys)
        if len(known) == len(cohorts):
            yield from _unknown_keys(found, keys)


def _taken_keys(found: Found[Patient], keys: set[str]) -> Iterator[Problem]:
    place = at_field(found.place, "appointments")
    for number, appointment in enumerate(found.value.appointments):
        if appointment.key in keys:
            said = f"{shown(appointment.key)} is the key of an appointment of the program"
            yield Problem(f"{at_item(place, number)}.key", said)


def _unknown_keys(found: Found[Patient], keys: set[str]) -> Iterator[Problem]:
    place = at_field(found.place, "without")
    for number, key in enumerate(found.value.without):
        if key not in keys:
            said = f"the program has no appointment with the key {shown(key)}"
            yield Problem(at_item(place, number), said)


def licences(
    patients: Iterable[Found[Patient]],
    runs: Runs,
    clinicians: Mapping[str, Clinician],
    practice: Practice | None,
) -> Iterator[Problem]:
    """Name each patient whose clinician may not treat in the patient's state on any day of a
    stay.
    """
    for found in patients:
        patient = found.value
        clinician = clinicians.get(patient.clinician)
        state = patient.state or (practice.state if practice else None)
        if clinician is None or state is None:
            continue
        for stay in patient.every_stay:
            run = runs.get(stay.cohort)
            if run is None:
                continue
            first = max(stay.admitted, run.cohort.starts)
            if not _is_licensed(clinician, state, first):
                why = (
                    f"{clinician.key} has no licence for {state} on any day of the stay, from "
                    f"{first} on"
                )
                yield Problem(f"{found.place}.clinician", why)
                break


def _is_licensed(clinician: Clinician, state: str, first: date) -> bool:
    held = (licence for licence in clinician.licences if licence.state == state)
    return any(licence.until >= first for licence in held)
