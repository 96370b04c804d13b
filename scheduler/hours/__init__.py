"""Hours that were really held: what was scheduled and attended, counted as the program counts, by
week and phase; and who leads how much.

It changes nothing: plans belong to planning, who came to attendance.
"""

from scheduler.hours.attended_hours import (
    Sitting,
    UnitsUsed,
    WeekRecord,
    units_used,
    week_records,
)
from scheduler.hours.patient_record import PatientRecord, record_of
from scheduler.hours.short_weeks import WeekAtRisk, weeks_at_risk
from scheduler.hours.staff_loads import Load, loads_of_staff

__all__ = [
    "Load",
    "PatientRecord",
    "Sitting",
    "UnitsUsed",
    "WeekAtRisk",
    "WeekRecord",
    "loads_of_staff",
    "record_of",
    "units_used",
    "week_records",
    "weeks_at_risk",
]
