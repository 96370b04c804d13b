"""One week of a program laid out as a grid, as it is without holidays. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from scheduler.people import WEEKDAYS
from scheduler.programs import Appointment, FixedSlot, Seats, Template
from scheduler.web.desk.clinic.setup_fields import SEATS
from scheduler.web.parts.board import Item, Week, hours_of, week_of

SOME_MONDAY = date(2001, 1, 1)
"""A program has weekdays and no dates: any Monday stands for its own."""


@dataclass(frozen=True, slots=True)
class WeekDrawn:
    """A week of a program: its fixed times as a grid, what is placed in it, and what it asks."""

    number: int
    grid: Week
    appointments: tuple[Appointment, ...]
    phase: str
    least: float
    most: float
    fixed_hours: float
    """Hours of the fixed times that seat patients."""


def draw_week(template: Template, number: int) -> WeekDrawn:
    """Return week `number` of a program, counted from 1."""
    rules = template.rules_in(number)
    phase = template.phase_in(number)
    items = slot_items(template, number)
    shown = hours_of(_all_items(template))
    grid = week_of(number, SOME_MONDAY, items, {}, shown)
    placed = []
    for appointment in template.appointments:
        if any(first <= number <= last for first, last in appointment.blocks()):
            placed.append(appointment)
    return WeekDrawn(
        number=number,
        grid=grid,
        appointments=tuple(placed),
        phase=phase.name if phase else "",
        least=rules.week_hours_min,
        most=rules.week_hours_max,
        fixed_hours=_patient_minutes(template, number) / 60,
    )


def slot_items(template: Template, number: int) -> list[Item]:
    """Return the meetings of a week."""
    items = []
    for slot in template.slots:
        if not slot.first_week <= number <= slot.last_week:
            continue
        for name in slot.days:
            item = _item(slot, number, name)
            items.append(item)
    return items


def topic_of(slot: FixedSlot, number: int, day: str) -> str:
    """Return the topic of a meeting: they follow in order and start again after the last."""
    if not slot.topics:
        return ""
    days = sorted(slot.days, key=WEEKDAYS.index)
    before = (number - slot.first_week) * len(days)
    meeting = before + days.index(day)
    return slot.topics[meeting % len(slot.topics)]


def _all_items(template: Template) -> list[Item]:
    items = []
    for slot in template.slots:
        items.append(_item(slot, slot.first_week, slot.days[0]))
    return items


def _item(slot: FixedSlot, number: int, day: str) -> Item:
    return Item(
        key=slot.key,
        kind=slot.kind,
        title=slot.title,
        day=SOME_MONDAY + timedelta(days=WEEKDAYS.index(day)),
        at=slot.at,
        minutes=slot.minutes,
        hours=f"{_clock(slot.at)} – {_clock(slot.at + slot.minutes)}",
        who=(SEATS[slot.seats],),
        state="published",
        week=number,
        note=topic_of(slot, number, day),
    )


def _clock(minute: int) -> str:
    """Return minutes after midnight as staff say them."""
    hour = minute // 60 % 24
    half = "AM" if hour < 12 else "PM"
    return f"{hour % 12 or 12}:{minute % 60:02d} {half}"


def _patient_minutes(template: Template, number: int) -> int:
    minutes = 0
    for slot in template.slots:
        is_met = slot.first_week <= number <= slot.last_week
        if is_met and slot.seats is not Seats.FAMILIES:
            minutes += slot.minutes * len(slot.days)
    return minutes
