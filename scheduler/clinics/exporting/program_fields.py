"""Programs as the fields of a clinic file."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from scheduler.people import Window
from scheduler.programs import Appointment, FixedSlot, Phase, Rules, School
from scheduler.programs.models import Program

Fields = dict[str, Any]


def program_fields(row: Program) -> Fields:
    """Return one program as a clinic file has it."""
    template = row.template
    fields = {
        "key": row.root.key,
        "name": row.name,
        "outward_title": row.outward_title,
        "weeks": template.weeks,
        "rules": _rules(template.rules),
        "phases": [_phase(phase) for phase in template.phases] or None,
        "capacity": row.capacity,
        "waitlist": row.waitlist or None,
        "groups": [_slot(slot) for slot in template.slots],
        "appointments": appointment_fields(template.appointments),
    }
    return given(fields)


def appointment_fields(appointments: Iterable[Appointment]) -> list[Fields]:
    """Return the appointments of a program, or of one patient."""
    return [_appointment(appointment) for appointment in appointments]


def as_clock(minutes: int) -> str:
    """Write minutes after midnight as `HH:MM`; 1440 is 24:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def window_fields(windows: Iterable[Window]) -> list[Fields]:
    """Return weekly windows of wall time; single dates are no words of a file."""
    return [
        {
            "days": list(window.days),
            "from": as_clock(window.start),
            "to": as_clock(window.end),
        }
        for window in windows
        if window.on is None
    ]


def given(fields: Fields) -> Fields:
    """Leave out what is not said."""
    return {name: value for name, value in fields.items() if value is not None}


def _rules(rules: Rules) -> Fields:
    return given(
        {
            "week_hours": [_hours(rules.week_hours_min), _hours(rules.week_hours_max)],
            "week_days_min": rules.week_days_min,
            "day_hours_max": _hours(rules.day_hours_max),
            "day_minutes_min": rules.day_minutes_min,
            "hour_counts": rules.hour_counts.value,
            "group_cap": rules.group_cap,
            "start_every": rules.start_every,
            "days_gap_max": rules.days_gap_max,
            "once_a_day": [kind.value for kind in rules.once_a_day] or None,
            "school": _school(rules.school) if rules.school else None,
            "attendance": given(asdict(rules.attendance)) if rules.attendance else None,
            "milestones": given(asdict(rules.milestones)) if rules.milestones else None,
        }
    )


def _phase(phase: Phase) -> Fields:
    hours = [_hours(phase.week_hours_min), _hours(phase.week_hours_max)]
    weeks = [phase.first_week, phase.last_week]
    return {"name": phase.name, "weeks": weeks, "week_hours": hours}


def _school(school: School) -> Fields:
    terms = [{"from": term.first, "to": term.last} for term in school.terms]
    return {"hours": window_fields(school.hours), "terms": terms}


def _slot(slot: FixedSlot) -> Fields:
    return given(
        {
            "key": slot.key,
            "kind": slot.kind.value,
            "title": slot.title,
            "days": list(slot.days),
            "at": as_clock(slot.at),
            "minutes": slot.minutes,
            "weeks": [slot.first_week, slot.last_week],
            "topics": list(slot.topics) or None,
            "seats": slot.seats_said.value if slot.seats_said else None,
        }
    )


def _appointment(appointment: Appointment) -> Fields:
    if appointment.first_week is None:
        weeks = None
    else:
        weeks = [appointment.first_week, appointment.last_week]
    return given(
        {
            "key": appointment.key,
            "kind": appointment.kind.value,
            "minutes": appointment.minutes,
            "every_weeks": appointment.every_weeks,
            "weeks": weeks,
            "in_weeks": list(appointment.in_weeks) or None,
            "by": appointment.by,
        }
    )


def _hours(hours: float) -> float | int:
    if hours == int(hours):
        return int(hours)
    return hours
