"""Whether a patient may have a stay, and whether it has a seat or waits for one."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from scheduler.admissions.licence_check import refuse_unlicensed
from scheduler.admissions.stay_days import StayDays, Stays, refused
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.models import Person
from scheduler.programs import places_of
from scheduler.programs.models import Cohort, Enrolment


def refuse_stay(
    patient: Person, before: Stays, wanted: Stays, cohorts: Mapping[str, Cohort]
) -> None:
    """Raise InvalidFile where the clinician has no licence for a stay in another cohort than
    before, and for a program that has an appointment under the key of one the patient alone has.
    """
    own = patient.patient
    assert own is not None
    if patient.joined_into_id is not None:
        raise refused("cohort", "this is a record of before: they were entered twice")
    known = {stay.cohort for stay in before}
    for stay in _new_ones(before, wanted):
        if stay.cohort in known:
            continue
        first = max(stay.first, cohorts[stay.cohort].starts)
        try:
            refuse_unlicensed(own.treating, own.state, first)
        except InputError as error:
            raise refused("cohort", str(error)) from error
    row = db.session.scalar(select(Enrolment).where(Enrolment.patient_id == patient.id))
    if row is not None:
        _settle_own(row, _keys_of(wanted, cohorts))


def _keys_of(wanted: Stays, cohorts: Mapping[str, Cohort]) -> set[str]:
    """Return the keys of the appointments of these stays' programs."""
    keys = set()
    for stay in wanted:
        template = cohorts[stay.cohort].program.template
        for appointment in template.appointments:
            keys.add(appointment.key)
    return keys


def _settle_own(row: Enrolment, keys: set[str]) -> None:
    """Refuse an appointment of the patient's own under a key of the program's, and let go what they
    are to go without that no program of theirs has any more.
    """
    for appointment in row.appointments or ():
        if appointment.key in keys:
            said = f"its program has an appointment {appointment.key} of its own"
            raise refused("cohort", said)
    if row.without:
        row.without = tuple(key for key in row.without if key in keys) or None


def _new_ones(before: Stays, wanted: Stays) -> list[StayDays]:
    """Return the stays that are in a cohort on days on which they were not."""
    found = []
    for stay in wanted:
        if not any(_holds(earlier, stay) for earlier in before):
            found.append(stay)
    return found


def _holds(earlier: StayDays, stay: StayDays) -> bool:
    """True if a stay lies within one there was, in its cohort."""
    if earlier.cohort != stay.cohort or earlier.first > stay.first:
        return False
    return (stay.last or date.max) <= (earlier.last or date.max)


def seated_stays(
    patient: Person, before: Stays, wanted: Stays, cohorts: Mapping[str, Cohort]
) -> Stays:
    """Return the stays each with its seat or its place in line. Raises InvalidFile where a cohort
    is full and keeps no line.
    """
    new = _new_ones(before, wanted)
    found = []
    for stay in wanted:
        if stay in new:
            stay = replace(
                stay,
                waits=_place_in(
                    cohorts[stay.cohort],
                    stay,
                    patient,
                ),
            )
        found.append(stay)
    return tuple(found)


def _place_in(cohort: Cohort, stay: StayDays, patient: Person) -> int | None:
    places = places_of(cohort, without=patient.id)
    if places is None or places.is_free_behind_the_line(stay.first, stay.last):
        return None
    if not places.waitlist:
        raise refused("cohort", f"{cohort.key} is full and its program keeps no waiting list")
    return places.waiting + 1
