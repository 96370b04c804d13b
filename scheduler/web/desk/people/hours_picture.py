"""A patient's hours as picture and table: scheduled and attended beside what the program asks."""

from dataclasses import dataclass

from scheduler.hours import PatientRecord, WeekRecord, record_of
from scheduler.i18n import N_, catalog
from scheduler.people.models import Person
from scheduler.programs import HourCounts
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.time_words import day_words

WIDE = 560
"""Units of the picture that the largest figure takes."""
ROW = 34
COUNTED = {
    HourCounts.CLOCK: N_("clock time"),
    HourCounts.NET: N_("session time without breaks"),
    HourCounts.UNITS: N_("units of 50 minutes"),
}


@dataclass(frozen=True, slots=True)
class Bar:
    """One week in the picture: where it is, and how far its bars and its band reach."""

    record: WeekRecord
    top: int
    scheduled: float
    attended: float
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class HoursShown:
    """What the page shows of a patient's hours."""

    record: PatientRecord
    bars: tuple[Bar, ...]
    height: int
    counted: str
    missed: str
    units: tuple[str, ...]


def hours_shown(patient: Person) -> HoursShown | None:
    """Return a patient's hours for the page; None for who has no seat anywhere."""
    record = record_of(patient)
    if record is None or not record.weeks:
        return None
    largest = max(_largest(week) for week in record.weeks)
    scale = WIDE / largest if largest else 0
    bars = []
    for number, week in enumerate(record.weeks):
        bar = Bar(
            record=week,
            top=number * ROW,
            scheduled=round(week.scheduled_hours * scale, 1),
            attended=round(week.attended_hours * scale, 1),
            least=round(week.least * scale, 1),
            most=round(week.most * scale, 1),
        )
        bars.append(bar)
    counts = record.weeks[0].counts
    return HoursShown(
        record=record,
        bars=tuple(bars),
        height=len(bars) * ROW,
        counted=catalog(reader_language())(COUNTED[counts]),
        missed=_missed(record),
        units=_units(record),
    )


def _largest(week: WeekRecord) -> float:
    return max(week.scheduled_hours, week.attended_hours, week.most)


def _missed(record: PatientRecord) -> str:
    _ = catalog(reader_language())
    counts = record.counts
    most = record.rule.missed_max if record.rule else None
    said = _("Came to {came}, excused from {excused}, missed {missed}.")
    if most is not None:
        said = _(
            "Came to {came}, excused from {excused}, missed {missed}; the program names {most}."
        )
    return said.format(came=counts.came, excused=counts.excused, missed=counts.missed, most=most)


def _units(record: PatientRecord) -> tuple[str, ...]:
    _ = catalog(reader_language())
    words = _("{used} of {units} days used, {ahead} more scheduled, {first} to {last}.")
    said = []
    for each in record.units:
        line = words.format(
            used=each.used,
            units=each.authorisation.units,
            ahead=each.ahead,
            first=day_words(each.authorisation.first),
            last=day_words(each.authorisation.last),
        )
        said.append(line)
    return tuple(said)
