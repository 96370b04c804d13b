"""When a reminder is due, in the recipient's zone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scheduler.reminders import USUAL, Audience, Lead, due_at, worthless_at

POLICY = USUAL[Audience.RELATIVE]
EVENING = datetime(2027, 3, 9, 23, 0, tzinfo=UTC)
"""Tuesday, 6 PM in New York, before the clocks change on the 14th."""


@pytest.mark.parametrize(
    ("starts", "zone", "due"),
    [
        (EVENING, "America/New_York", datetime(2027, 3, 8, 23, 0, tzinfo=UTC)),
        (
            datetime(2027, 3, 10, 2, 0, tzinfo=UTC),
            "America/New_York",
            datetime(2027, 3, 9, 1, 0, tzinfo=UTC),
        ),
        (
            datetime(2027, 3, 9, 12, 0, tzinfo=UTC),
            "America/New_York",
            datetime(2027, 3, 8, 13, 0, tzinfo=UTC),
        ),
        (
            datetime(2027, 3, 9, 14, 0, tzinfo=UTC),
            "America/Los_Angeles",
            datetime(2027, 3, 8, 16, 0, tzinfo=UTC),
        ),
        (
            datetime(2027, 3, 14, 22, 0, tzinfo=UTC),
            "America/New_York",
            datetime(2027, 3, 13, 23, 0, tzinfo=UTC),
        ),
    ],
    ids=[
        "24 hours",
        "not after 8 PM",
        "not before 8 AM",
        "in the reader's zone",
        "same wall time over a change",
    ],
)
def test_day_before_is_at_a_decent_hour(starts: datetime, zone: str, due: datetime) -> None:
    assert due_at(Lead.DAY_BEFORE, starts, zone, POLICY) == due


def test_hour_before_is_one_hour_before() -> None:
    assert due_at(Lead.HOUR_BEFORE, EVENING, "Asia/Tokyo", POLICY) == datetime(
        2027, 3, 9, 22, 0, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("starts", "zone", "due"),
    [
        (EVENING, "America/New_York", datetime(2027, 3, 7, 22, 0, tzinfo=UTC)),
        (
            datetime(2027, 3, 14, 22, 0, tzinfo=UTC),
            "America/New_York",
            datetime(2027, 3, 7, 22, 0, tzinfo=UTC),
        ),
        (
            datetime(2027, 3, 15, 13, 0, tzinfo=UTC),
            "America/New_York",
            datetime(2027, 3, 14, 21, 0, tzinfo=UTC),
        ),
        (
            datetime(2027, 3, 15, 3, 0, tzinfo=UTC),
            "Asia/Tokyo",
            datetime(2027, 3, 14, 8, 0, tzinfo=UTC),
        ),
    ],
    ids=[
        "a Tuesday",
        "the Sunday that ends it",
        "a Monday after the clocks changed",
        "Monday in Tokyo, Sunday elsewhere",
    ],
)
def test_week_ahead_is_on_sunday_evening_where_the_reader_is(
    starts: datetime, zone: str, due: datetime
) -> None:
    assert due_at(Lead.WEEK_AHEAD, starts, zone, POLICY) == due


@pytest.mark.parametrize(
    ("lead", "due"),
    [
        (Lead.FIRST_72H, datetime(2027, 3, 6, 23, 0, tzinfo=UTC)),
        (Lead.FIRST_24H, datetime(2027, 3, 8, 23, 0, tzinfo=UTC)),
        (Lead.ASK_MAIL, datetime(2027, 3, 6, 23, 0, tzinfo=UTC)),
        (Lead.ASK_TEXT, datetime(2027, 3, 7, 23, 0, tzinfo=UTC)),
        (Lead.ASK_SECOND, datetime(2027, 3, 8, 13, 0, tzinfo=UTC)),
        (Lead.ASK_STAFF, datetime(2027, 3, 8, 23, 0, tzinfo=UTC)),
    ],
)
def test_first_session_and_asking_have_their_hours(lead: Lead, due: datetime) -> None:
    assert due_at(lead, EVENING, "America/New_York", POLICY) == due


def test_hours_of_rest_are_the_programs() -> None:
    early = replace(POLICY, earliest=10, latest=16)

    assert due_at(Lead.DAY_BEFORE, EVENING, "America/New_York", early) == datetime(
        2027, 3, 8, 21, 0, tzinfo=UTC
    )


def test_each_reminder_has_a_moment_after_which_it_helps_nobody() -> None:
    ends = {}
    for lead in Lead:
        due = due_at(lead, EVENING, "America/New_York", POLICY)
        ends[lead.value] = (EVENING - worthless_at(lead, EVENING, due)).total_seconds() / 3600

    assert ends == {
        "first_72h": 36,
        "first_24h": 1,
        "week_ahead": 25,
        "day_before": 1,
        "hour_before": 1 / 6,
        "ask_mail": 50,
        "ask_text": 37,
        "ask_second": 25,
        "ask_staff": 1 / 6,
    }
