"""What is missed goes by the program's rule: no excuse, or one given too late."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.attendance import AttendanceCounts, WordSaid, count_words, is_at_limit, is_missed
from scheduler.attendance.models import AttendanceState
from scheduler.programs import AttendanceRule

START = datetime(2027, 3, 9, 21, tzinfo=UTC)
RULE = AttendanceRule(excused_hours_before=48, missed_max=2)


def word(state: AttendanceState, hours_before: float = 0) -> WordSaid:
    return WordSaid(state, START, START - timedelta(hours=hours_before))


@pytest.mark.parametrize(
    ("state", "hours_before", "rule", "missed"),
    [
        (AttendanceState.NO_SHOW, 0, RULE, True),
        (AttendanceState.NO_SHOW, 0, None, True),
        (AttendanceState.EXCUSED, 48, RULE, False),
        (AttendanceState.EXCUSED, 47.9, RULE, True),
        (AttendanceState.EXCUSED, 0, None, False),
        (AttendanceState.EXCUSED, 0, AttendanceRule(missed_max=2), False),
        (AttendanceState.LATE, 0, RULE, False),
    ],
)
def test_session_is_missed_without_an_excuse_in_time(
    state: AttendanceState, hours_before: float, rule: AttendanceRule | None, missed: bool
) -> None:
    assert is_missed(word(state, hours_before), rule) is missed


def test_counts_are_of_what_came_was_excused_and_was_missed() -> None:
    words = [
        word(AttendanceState.PRESENT),
        word(AttendanceState.LEFT_EARLY),
        word(AttendanceState.EXCUSED, 72),
        word(AttendanceState.EXCUSED, 1),
        word(AttendanceState.NO_SHOW),
    ]

    assert count_words(words, RULE) == AttendanceCounts(came=2, excused=1, missed=2)


@pytest.mark.parametrize(("missed", "at"), [(1, False), (2, True), (3, True)])
def test_limit_is_reached_with_as_many_as_the_program_names(missed: int, at: bool) -> None:
    assert is_at_limit(AttendanceCounts(missed=missed), RULE) is at
    assert not is_at_limit(AttendanceCounts(missed=missed), AttendanceRule())
