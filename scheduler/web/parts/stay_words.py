"""A patient's stays in words, for the desk: in which cohort and when, and who waits for a place."""

from dataclasses import dataclass
from datetime import date

from flask import g

from scheduler.i18n import catalog
from scheduler.people.models import Person
from scheduler.programs import Stay, last_day, stays_with_cohorts
from scheduler.programs.models import Cohort
from scheduler.web.parts.time_words import date_words


@dataclass(frozen=True, slots=True)
class StayShown:
    """One stay: its cohort (key), its days or its place in line."""

    cohort: str
    words: str
    waits: bool
    when: str
    """Whether it is over, or has not begun; "" for one that runs."""


def stays_shown(patient: Person, *, today: date) -> list[StayShown]:
    """Return a patient's stays in order of days, as they are on `today`."""
    found = []
    for stay, cohort in stays_with_cohorts(patient):
        shown = StayShown(
            cohort.key,
            _words(stay, cohort),
            stay.waits is not None,
            _when(stay, cohort, today),
        )
        found.append(shown)
    return found


def _words(stay: Stay, cohort: Cohort) -> str:
    _ = catalog(g.get("language"))
    key = cohort.key
    if stay.waits is not None:
        said = _("waits for a place in {cohort}, number {number} in line")
        return said.format(cohort=key, number=stay.waits)
    first = _day(stay.first)
    if stay.last is None:
        said = _("{cohort}, from {first} to its end")
        return said.format(cohort=key, first=first)
    said = _("{cohort}, from {first} to {last}")
    return said.format(
        cohort=key,
        first=first,
        last=_day(stay.last),
    )


def _when(stay: Stay, cohort: Cohort, today: date) -> str:
    _ = catalog(g.get("language"))
    ends = last_day(cohort.starts, cohort.program.template.weeks)
    if min(stay.last or ends, ends) < today:
        return _("earlier")
    if stay.first > today:
        return _("later")
    return ""


def _day(day: date) -> str:
    return f"{date_words(day)} {day.year}"
