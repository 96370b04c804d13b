from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.ical import Entry, Override, WeeklyRule

MONDAY = datetime(2027, 2, 22, 18, 0)
WEEKLY = WeeklyRule(1, ("mon",), datetime(2027, 3, 15, 18, 0))


def test_instances_of_a_rule_on_three_days_of_every_other_week() -> None:
    rule = WeeklyRule(2, ("mon", "wed", "sun"), datetime(2027, 3, 10, 18, 0))

    assert [f"{at:%a %d}" for at in rule.instances(MONDAY)] == [
        "Mon 22",
        "Wed 24",
        "Sun 28",
        "Mon 08",
        "Wed 10",
    ]


def test_instances_from_the_middle_of_a_week_count_that_week_as_the_first() -> None:
    rule = WeeklyRule(2, ("mon", "thu"), datetime(2027, 3, 12, 18, 0))

    assert [f"{at:%a %d}" for at in rule.instances(datetime(2027, 2, 25, 18, 0))] == [
        "Thu 25",
        "Mon 08",
        "Thu 11",
    ]


def test_starts_of_a_series_leave_out_and_move(entry: Callable[..., Entry]) -> None:
    moved = (Override(datetime(2027, 3, 8, 18), datetime(2027, 3, 9, 17), 60),)

    found = entry(rule=WEEKLY, without=(datetime(2027, 3, 1, 18),), moved=moved).starts()

    assert found == (MONDAY, datetime(2027, 3, 9, 17), datetime(2027, 3, 15, 18))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"uid": ""}, "UID"),
        ({"uid": "a\r\nATTENDEE:b"}, "UID"),
        ({"uid": "x" * 256}, "UID"),
        ({"sequence": -1}, "SEQUENCE"),
        ({"sequence": 2**31}, "SEQUENCE"),
        ({"stamp": datetime(2027, 2, 1)}, "instants"),
        ({"changed": datetime(2027, 2, 1)}, "instants"),
        ({"start": MONDAY.replace(tzinfo=UTC)}, "wall times"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "https://a b"}, "link"),
        ({"link": "https://a.example\r\nATTENDEE:b"}, "link"),
        ({"rule": WeeklyRule(1, ("tue",), datetime(2027, 3, 16, 18))}, "begins"),
        ({"rule": WeeklyRule(1, ("mon",), datetime(2027, 3, 16, 18))}, "begins"),
        ({"rule": WEEKLY, "without": (datetime(2027, 3, 2, 18),)}, "exception"),
        ({"rule": WEEKLY, "without": (MONDAY,)}, "begins"),
        ({"rule": WEEKLY, "moved": (Override(datetime(2027, 3, 2, 18), MONDAY, 60),)}, "exception"),
        ({"moved": (Override(MONDAY, MONDAY, 60),)}, "exception"),
        ({"rule": WEEKLY, "moved": (Override(MONDAY, MONDAY, 0),)}, "minutes"),
    ],
)
def test_entry_that_calendars_would_read_differently_is_refused(
    entry: Callable[..., Entry], changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        entry(**changes)


@pytest.mark.parametrize(
    ("interval", "days"), [(0, ("mon",)), (53, ("mon",)), (1, ()), (1, ("Mon",))]
)
def test_rule_without_sense_is_refused(interval: int, days: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="weekly rule"):
        WeeklyRule(interval, days, MONDAY)
