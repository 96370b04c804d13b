"""The cohorts somebody may come into: how many places each has left, and which is the nearest with
one.
"""

from datetime import date

from scheduler.i18n import catalog
from scheduler.programs import Places, all_cohorts, last_day, places_by_cohort
from scheduler.programs.models import Cohort
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.stays.stay_effects import day_shown


def cohorts_shown(*, today: date) -> list[tuple[str, str]]:
    """Return the cohorts that are not over to choose from, with the places each has left."""
    running = []
    for cohort in all_cohorts():
        if _ends(cohort) >= today:
            running.append(cohort)
    places = places_by_cohort(running)
    shown = []
    for cohort in running:
        words = f"{cohort.key}: {cohort.program.name}, {day_shown(cohort.starts)}"
        own = places.get(cohort.id)
        if own is not None:
            first = max(today, cohort.starts)
            words = f"{words} ({_left(own, first)})"
        shown.append((cohort.key, words))
    return shown


def nearest_place(full_key: str, first: date) -> list[str]:
    """Say which cohort of the same program has a place from a day on, the nearest one; nothing of a
    cohort there is not.
    """
    _ = catalog(reader_language())
    cohorts = {cohort.key: cohort for cohort in all_cohorts()}
    full = cohorts.get(full_key)
    if full is None:
        return []
    others = []
    for cohort in cohorts.values():
        is_same = cohort.program.root is full.program.root
        if is_same and cohort is not full and _ends(cohort) >= first:
            others.append(cohort)
    places = places_by_cohort(others)
    others.sort(key=lambda cohort: (max(first, cohort.starts), cohort.key))
    for cohort in others:
        own = places.get(cohort.id)
        day = max(first, cohort.starts)
        if own is None or own.is_free_behind_the_line(day, None):
            said = _("The nearest cohort with a place is {cohort}, from {day}.")
            return [said.format(cohort=cohort.key, day=day_shown(day))]
    return [_("No other cohort of this program has a place.")]


def _ends(cohort: Cohort) -> date:
    return last_day(cohort.starts, cohort.program.template.weeks)


def _left(places: Places, first: date) -> str:
    """Return how many places are left from a day to the cohort's end, or how many wait."""
    _ = catalog(reader_language())
    left = places.left_from(first)
    if left > 0:
        said = _.ngettext("{count} place left", "{count} places left", left)
        return said.format(count=left)
    if places.waiting:
        return _("full, {count} in line").format(count=len(places.wanted))
    return _("full")
