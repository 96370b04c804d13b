"""Which records of the clinic have a page, and what each page asks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scheduler.clinics import house_records
from scheduler.i18n import N_
from scheduler.people import all_clinicians
from scheduler.web.desk.clinic import setup_fields
from scheduler.web.desk.clinic.setup_fields import Ask, Shape

PRACTICE = "practice"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its section of a clinic file, its name among words, what is said."""

    section: str
    record: str
    title: str
    add: str
    asks: tuple[Ask, ...]
    is_of_administrator: bool = False


KINDS = {
    "practice": Kind(PRACTICE, "practice", N_("The practice"), "", setup_fields.PRACTICE, True),
    "closures": Kind(
        PRACTICE,
        "closures",
        N_("Closed days"),
        "",
        (setup_fields.HOLIDAYS, setup_fields.CLOSURES),
    ),
    "staff": Kind(
        "clinicians",
        "clinician",
        N_("Colleagues"),
        N_("Add a colleague"),
        setup_fields.STAFF,
        True,
    ),
    "rooms": Kind(
        "video_rooms",
        "video room",
        N_("Rooms"),
        N_("Add a room"),
        setup_fields.ROOM,
        True,
    ),
    "programs": Kind(
        "programs",
        "program",
        N_("Programs"),
        N_("Add a program"),
        setup_fields.PROGRAM,
    ),
    "cohorts": Kind(
        "cohorts",
        "cohort",
        N_("Cohorts"),
        N_("Add a cohort"),
        setup_fields.COHORT,
    ),
}


def with_staff(asks: Sequence[Ask]) -> tuple[Ask, ...]:
    """Return what a page asks, with the colleagues there are to choose who holds something."""
    people = tuple((person.key, person.name) for person in all_clinicians())
    found = []
    for ask in asks:
        if ask.name == "by":
            found.append(replace(ask, choices=people))
        elif ask.name == "appointments":
            found.append(replace(ask, inner=with_staff(ask.inner)))
        else:
            found.append(ask)
    return tuple(found)


def asks_of(kind: str, program: str | None) -> Sequence[Ask]:
    """Return what a page asks; a cohort's asks for the leaders of each fixed time of `program`."""
    if kind == "programs":
        return with_staff(KINDS[kind].asks)
    if kind != "cohorts":
        return KINDS[kind].asks
    return _asks_of_cohort(program)


def _asks_of_cohort(program: str | None) -> Sequence[Ask]:
    """Return what the page of a cohort asks."""
    programs = house_records("programs")
    staff = house_records("clinicians")
    people = tuple((person["key"], person["name"]) for person in staff)
    choices = tuple((one["key"], one["name"]) for one in programs)
    leads = []
    for one in programs:
        if one["key"] == program:
            for slot in one["groups"]:
                leads.append(Ask(slot["key"], slot["title"], Shape.MANY, choices=people))
    asks = []
    for ask in KINDS["cohorts"].asks:
        if ask.name == "program":
            asks.append(replace(ask, choices=choices))
        elif ask.name == "leads":
            asks.append(replace(ask, inner=tuple(leads)))
        else:
            asks.append(ask)
    return asks
