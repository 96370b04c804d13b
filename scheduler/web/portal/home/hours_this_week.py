"""A patient's hours of this week beside what the program asks, in a sentence."""

from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.hours import WeekRecord, record_of
from scheduler.i18n import N_, catalog, figure
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.programs import HourCounts, week_of

ENOUGH = N_("This week you have {hours} hours. Your program asks for {least}. {how}")
SHORT = N_("This week you have {hours} hours. That is {lacking} less than your program asks. {how}")
PLAIN = N_("This week you have {hours} hours. {how}")
HOW = {
    HourCounts.CLOCK: N_("Short breaks count."),
    HourCounts.NET: N_("Breaks do not count."),
    HourCounts.UNITS: N_("50 minutes count as one hour."),
}


def hours_words(patient: Person, language: str, *, now: datetime) -> str | None:
    """Return what a patient reads of the running week; None where it has none."""
    record = record_of(patient)
    if record is None:
        return None
    zone = record.cohort.zone or practice().zone
    week = week_of(record.cohort.starts, now.astimezone(ZoneInfo(zone)).date())
    for each in record.weeks:
        if each.week == week and each.scheduled:
            return _sentence(each, language)
    return None


def _sentence(week: WeekRecord, language: str) -> str:
    _ = catalog(language)
    hours = week.scheduled_hours
    lacking = week.least - hours
    words = ENOUGH if lacking <= 0 else SHORT
    if not week.least:
        words = PLAIN
    said = _(words).format(
        hours=figure(hours, language),
        least=figure(week.least, language),
        lacking=figure(lacking, language),
        how=_(HOW[week.counts]),
    )
    return said.strip()
