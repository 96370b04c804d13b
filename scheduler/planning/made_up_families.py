"""Families made up by chance, to try a program on; when each is free follows from a seed. Pure."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from random import Random

from scheduler.people import WEEKDAYS, Window
from scheduler.planning.problem.problem import Clinician, Consent, Patient, Relative
from scheduler.programs import FAMILY_KINDS

ALWAYS = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
LONG_AGO, FAR_OFF = date(1900, 1, 1), date(2199, 12, 31)
HAS_RELATIVE = 0.7
"""How many of the families somebody comes from: seven of ten."""
PATIENT_MINUTES, RELATIVE_MINUTES = 240, 150
"""How long each is free at least, on the days they are."""

HALF_HOUR = 30


def made_up_families(
    count: int, seed: int, *, zone: str, state: str, clinicians: Sequence[Clinician]
) -> tuple[Patient, ...]:
    """Return patients with or without a relative, each free on some days within the hours of
    the clinician who treats them.
    """
    rng = Random(seed)  # noqa: S311 (no secret)
    found = []
    for number in range(count):
        clinician = clinicians[number % len(clinicians)]
        key = f"family-{number + 1}"
        free = _free(clinician, PATIENT_MINUTES, rng)
        relatives = []
        if rng.random() < HAS_RELATIVE:
            relative = _relative(key, zone, free, rng)
            relatives.append(relative)
        patient = Patient(
            key=key,
            first=LONG_AGO,
            last=FAR_OFF,
            state=state,
            zone=zone,
            clinician=clinician.key,
            free=free,
            relatives=tuple(relatives),
        )
        found.append(patient)
    return tuple(found)


def _free(clinician: Clinician, least: int, rng: Random) -> tuple[Window, ...]:
    """Return hours on three to five of the days the clinician works."""
    works = {}
    for window in clinician.hours or ():
        for day in window.days:
            works[day] = window
    days = [day for day in WEEKDAYS if day in works]
    wanted = rng.choice((3, 4, 5))
    many = min(len(days), wanted)
    found = []
    for day in rng.sample(days, many):
        free = _within(
            works[day],
            day,
            least,
            rng,
        )
        found.append(free)
    return tuple(found)


def _within(window: Window, day: str, least: int, rng: Random) -> Window:
    """Return some hours of one day within a clinician's window."""
    length = window.end - window.start
    room = max(length - least, 0)
    late = rng.randrange(room // HALF_HOUR + 1)
    more = rng.randrange(5)
    start = window.start + HALF_HOUR * late
    end = start + least + HALF_HOUR * more
    return Window(
        (day,),
        start,
        min(end, window.end),
    )


def _relative(patient: str, zone: str, free: tuple[Window, ...], rng: Random) -> Relative:
    """Return somebody who may come to everything, for a part of some of the patient's hours."""
    shared = []
    for window in rng.sample(free, min(len(free), 3)):
        whole = window.end - window.start
        length = min(whole, RELATIVE_MINUTES)
        room = whole - length
        late = rng.randrange(room // HALF_HOUR + 1)
        start = window.start + HALF_HOUR * late
        part = Window(
            window.days,
            start,
            start + length,
        )
        shared.append(part)
    first, last = ALWAYS
    consents = []
    for kind in sorted(FAMILY_KINDS):
        consent = Consent(
            kind,
            first,
            last,
            others=True,
        )
        consents.append(consent)
    return Relative(
        f"{patient}-relative",
        zone,
        tuple(shared),
        ready=True,
        consents=tuple(consents),
    )
