"""A patient's hours of this week beside what the program asks, in a sentence: what they came to,
and all that is still open for them, as the desk counts hours at risk.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.hours import WeekRecord, record_of
from scheduler.i18n import N_, catalog, length
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.programs import HourCounts, week_of

ENOUGH = N_("This week you have {hours}. Your program asks for {least}. {how}")
SHORT = N_("This week you have {hours}. That is {lacking} less than your program asks. {how}")
PLAIN = N_("This week you have {hours}. {how}")
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
    words = SHORT if week.at_risk > 0 else ENOUGH
    if not week.is_measured:
        words = PLAIN
    said = _(words).format(
        hours=_length(week.reachable, language),
        least=_length(week.least, language),
        lacking=_length(week.at_risk, language),
        how=_(HOW[week.counts]),
    )
    return said.strip()


def _length(hours: float, language: str) -> str:
    minutes = round(hours * 60)
    return length(minutes, language)
