"""When a reminder is due, in the recipient's zone."""

from datetime import UTC, datetime

import pytest

from scheduler.reminders import due_at, worthless_at
from scheduler.reminders.models import Lead

EVENING = datetime(2027, 3, 9, 23, 0, tzinfo=UTC)
"""Tuesday, 6 PM in New York, before the clocks change on the 14th."""


@pytest.mark.parametrize(
    ("starts", "zone", "due"),
    [
        (EVENING, "America/New_York", datetime(2027, 3, 8, 23, 0, tzinfo=UTC)),
        (datetime(2027, 3, 10, 2, 0, tzinfo=UTC), "America/New_York", datetime(2027, 3, 9, 1, 0, tzinfo=UTC)),
        (datetime(2027, 3, 9, 12, 0, tzinfo=UTC), "America/New_York", datetime(2027, 3, 8, 13, 0, tzinfo=UTC)),
        (datetime(2027, 3, 9, 14, 0, tzinfo=UTC), "America/Los_Angeles", datetime(2027, 3, 8, 16, 0, tzinfo=UTC)),
        (datetime(2027, 3, 14, 22, 0, tzinfo=UTC), "America/New_York", datetime(2027, 3, 13, 23, 0, tzinfo=UTC)),
    ],
    ids=["24 hours", "not after 8 PM", "not before 8 AM", "in the reader's zone", "same wall time over a change"],
)
def test_day_before_is_at_a_decent_hour(starts: datetime, zone: str, due: datetime) -> None:
    assert due_at(Lead.DAY_BEFORE, starts, zone) == due


def test_hour_before_is_one_hour_before() -> None:
    assert due_at(Lead.HOUR_BEFORE, EVENING, "Asia/Tokyo") == datetime(2027, 3, 9, 22, 0, tzinfo=UTC)


def test_each_reminder_has_a_moment_after_which_it_helps_nobody() -> None:
    assert [worthless_at(lead, EVENING) for lead in (Lead.DAY_BEFORE, Lead.HOUR_BEFORE)] == [
        datetime(2027, 3, 9, 22, 0, tzinfo=UTC),
        datetime(2027, 3, 9, 22, 50, tzinfo=UTC),
    ]
