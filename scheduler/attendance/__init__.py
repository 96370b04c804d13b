"""Who came to a session: what staff said of patients, relatives and leaders, each word kept.

A room that was entered proposes and never decides. It knows no letter and no plan.
"""

from scheduler.attendance.attendance_counts import (
    AttendanceCounts,
    WordSaid,
    count_words,
    is_at_limit,
    is_missed,
)
from scheduler.attendance.attendance_csv import read_rows, written_rows
from scheduler.attendance.attendance_import import attendance_rows, take_in
from scheduler.attendance.attendance_rules import AWAY, LONGEST_NOTE
from scheduler.attendance.closing import close_session, lacking
from scheduler.attendance.expected_people import people_expected
from scheduler.attendance.mark_attendance import Said, mark, take_back
from scheduler.attendance.presence_counts import came_to, counts_by_patient
from scheduler.attendance.queries import (
    attendance_of,
    attendance_of_all,
    entered_at,
    marks_in_order,
    newest_turn,
    who_came,
    words_about,
)

__all__ = [
    "AWAY",
    "LONGEST_NOTE",
    "AttendanceCounts",
    "Said",
    "WordSaid",
    "attendance_of",
    "attendance_of_all",
    "attendance_rows",
    "came_to",
    "close_session",
    "count_words",
    "counts_by_patient",
    "entered_at",
    "is_at_limit",
    "is_missed",
    "lacking",
    "mark",
    "marks_in_order",
    "newest_turn",
    "people_expected",
    "read_rows",
    "take_back",
    "take_in",
    "who_came",
    "words_about",
    "written_rows",
]
