"""Who came to a session: what staff said of patients, relatives and leaders, each word kept.

A room that was entered proposes and never decides. It knows no letter and no plan.
"""

from scheduler.attendance.attendance_csv import read_rows, written_rows
from scheduler.attendance.attendance_import import attendance_rows, take_in
from scheduler.attendance.attendance_rules import LONGEST_NOTE
from scheduler.attendance.expected_people import people_expected
from scheduler.attendance.mark_attendance import Said, mark
from scheduler.attendance.queries import (
    attendance_of,
    attendance_of_all,
    entered_at,
    marks_in_order,
    who_came,
)

__all__ = [
    "LONGEST_NOTE",
    "Said",
    "attendance_of",
    "attendance_of_all",
    "attendance_rows",
    "entered_at",
    "mark",
    "marks_in_order",
    "people_expected",
    "read_rows",
    "take_in",
    "who_came",
    "written_rows",
]
