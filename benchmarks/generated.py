"""Generated clinics for measuring: any number of patients in cohorts of ten, one clinician leading
each.

Cohorts meet three mornings or evenings a week; patients, families and clinicians have hours of a
realistic width; clinicians take patients of their own cohort and a few of the next one. All of it
follows from the seed.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from scheduler.people import Absence, Licence, Window
from scheduler.planning.problem.problem import Clinician, Consent, Patient, Problem, Relative
from scheduler.programs import Appointment, FixedSlot, HourCounts, Kind, Rules, Template, last_day

ZONE = "America/New_York"
STARTS = date(2027, 3, 1)
RULES = Rules(9, 19, 5, week_days_min=3, hour_counts=HourCounts.UNITS, group_cap=12)
TRACKS = {"day": ("mon tue thu", 600, 480, 930), "late": ("mon wed thu", 1080, 780, 1260)}
"""Days of the groups, their start, and the clinician's hours."""
ROOM_ALONE, ROOM_TOGETHER = 5, 3
"""So many half-hour starts a week a patient has at least, and so many of them with the relative."""
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
ALWAYS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))


def clinic(patients: int, weeks: int, seed: int = 0) -> list[Problem]:
    """Return the cohorts of a house with about so many patients."""
    rng = Random(seed)
    count = max(1, round(patients / 10))
    clinicians = tuple(_clinician(number, weeks, rng) for number in range(count))
    sizes = [patients // count + (number < patients % count) for number in range(count)]
    rooms = tuple(f"room-{number:03d}" for number in range(2 * count))
    return [
        Problem(
            cohort=f"cohort-{number:03d}",
            zone=ZONE,
            starts=STARTS,
            template=_template(_track(number), weeks),
            patients=tuple(_patient(number, place, count, weeks, rng) for place in range(size)),
            clinicians=clinicians,
            leads={"talk": (clinicians[number].key,), "skills": (clinicians[number].key,)},
            rooms=rooms,
            closed={date(2027, 4, 19): "Patriots' Day", date(2027, 5, 31): "Memorial Day"},
        )
        for number, size in enumerate(sizes)
    ]


def together(cohorts: list[Problem]) -> Problem:
    """Return the first cohort with all the others alongside: the whole house as one problem."""
    return replace(cohorts[0], alongside=tuple(cohorts[1:]))


def _track(number: int) -> str:
    return ("day", "late")[number % 2]


def _clinician(number: int, weeks: int, rng: Random) -> Clinician:
    _, _, begin, end = TRACKS[_track(number)]
    off = STARTS + timedelta(days=rng.randrange(weeks * 7))
    hours = (Window(WORKDAYS, begin, end),)
    return Clinician(
        f"c-{number:03d}", ZONE, hours, (Absence(off, off),), 10, (Licence("MA", date(2029, 1, 1)),)
    )


def _template(track: str, weeks: int) -> Template:
    days, at, _, _ = TRACKS[track]
    slots = (
        FixedSlot("talk", Kind.GROUP, "Talk", tuple(days.split()), at, 50, 1, weeks),
        FixedSlot("skills", Kind.GROUP, "Skills", tuple(days.split()), at + 60, 50, 1, weeks),
    )
    appointments = (
        Appointment("one", Kind.INDIVIDUAL, 50, 1, 1, weeks),
        Appointment("fam", Kind.FAMILY_THERAPY, 50, 2, 1, weeks),
        Appointment("med", Kind.MEDICATION, 30, 4, 1, weeks),
        Appointment(
            "upd", Kind.PROGRESS_UPDATE, 20, None, 1, weeks, in_weeks=tuple(range(3, weeks + 1, 4))
        ),
    )
    return Template(weeks, RULES, slots, appointments)


def _patient(cohort: int, place: int, cohorts: int, weeks: int, rng: Random) -> Patient:
    """Return a patient with room: several possible times a week for each appointment, as real plans
    of care have.
    """
    while True:
        found = _anybody(cohort, place, cohorts, weeks, rng)
        alone = _half_hours(cohort, found.free or (), 0)
        both = [
            _half_hours(cohort, one.free or (), 60 if "Chicago" in one.zone else 0) & alone
            for one in found.relatives
        ]
        if len(alone) >= ROOM_ALONE and all(len(starts) >= ROOM_TOGETHER for starts in both):
            return found


def _anybody(cohort: int, place: int, cohorts: int, weeks: int, rng: Random) -> Patient:
    key = f"p-{cohort:03d}-{place:02d}"
    _, _, begin, end = TRACKS[_track(cohort)]
    days = tuple(rng.sample(WORKDAYS, rng.choice((3, 4, 5))))
    early = begin + 30 * rng.randrange(4)
    free = (Window(days, early, min(early + rng.choice((240, 300, 360)), end)),)
    late = rng.random() < 0.2
    first = STARTS + timedelta(weeks=rng.randrange(1, max(2, weeks // 3))) if late else STARTS
    holder = (cohort + 2) % cohorts if rng.random() < 0.2 else cohort
    relatives = (_relative(key, days, early, rng),) if rng.random() < 0.7 else ()
    return Patient(
        key, first, last_day(STARTS, weeks), "MA", ZONE, f"c-{holder:03d}", free, relatives
    )


def _half_hours(cohort: int, windows: tuple[Window, ...], ahead: int) -> set[tuple[str, int]]:
    """Return the starts, on the half hour of the house's clock, at which fifty minutes lie beside
    the groups.
    """
    days, at, begin, end = TRACKS[_track(cohort)]
    return {
        (day, start)
        for window in windows
        for day in window.days
        for start in range(begin, end - 49, 30)
        if window.start + ahead <= start and start + 50 <= window.end + ahead
        if day not in days.split() or start + 60 <= at or at + 120 <= start
    }


def _relative(patient: str, days: tuple[str, ...], early: int, rng: Random) -> Relative:
    zone, behind = rng.choice(((ZONE, 0), (ZONE, 0), ("America/Chicago", 60)))
    begin = early - behind + 30 * rng.randrange(3)
    free = (Window(tuple(rng.sample(days, min(len(days), 3))), begin, begin + 150),)
    return Relative(
        f"{patient}-kin",
        zone,
        free,
        True,
        tuple(Consent(kind, *ALWAYS) for kind in (Kind.FAMILY_THERAPY, Kind.PROGRESS_UPDATE)),
    )
