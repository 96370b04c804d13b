"""Places that are free while somebody waits for one: who is to be asked next."""

from datetime import date, datetime

from scheduler.admissions import cohorts_with_a_line, lines_of
from scheduler.i18n import N_
from scheduler.programs import last_day
from scheduler.tasks import Matter

FREE = N_("A place is free in {cohort}. Next in line is {name}: offer it.")


def free_places(*, now: datetime, today: date) -> list[Matter]:
    """Return a matter for each cohort that is not over, has a place and somebody who waits for it,
    named anew when who was asked let it go by.
    """
    running = []
    for cohort in cohorts_with_a_line():
        if last_day(cohort.starts, cohort.program.template.weeks) >= today:
            running.append(cohort)
    matters = []
    for line in lines_of(running, today=today):
        someone = line.next(now)
        if someone is None:
            continue
        key = f"free_place:{line.cohort.id}:{someone.stay_id}:{len(someone.offers)}"
        words = FREE.format(cohort=line.cohort.key, name=someone.person.name)
        leads_to = f"places:{line.cohort.key}"
        matters.append(Matter(key, words, someone.person.id, leads_to))
    return matters
