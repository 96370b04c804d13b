"""Which reminders one person gets of a stretch of sessions."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.reminders import USUAL, Audience, Policy
from scheduler.reminders.selection import Ahead, select_reminders

NEW_YORK = "America/New_York"
ALL = Policy(first_session=True, week_ahead=True, day_before=True, soon=True, ask=True)


def session(name: str, day: int, hour: int, minutes: int = 60, **said: bool) -> Ahead:
    """One session in March 2027, by the clock of New York before it changes."""
    start = datetime(2027, 3, day, hour + 5, tzinfo=UTC)
    return Ahead(name, start, start + timedelta(minutes=minutes), **said)


def of(*sessions: Ahead, policy: Policy = ALL, first: datetime | None = None) -> list[str]:
    return [
        f"{one.session_id} {lead.value}"
        for one, lead in select_reminders(sessions, policy, NEW_YORK, first)
    ]


def test_one_session_is_reminded_of_in_its_week_on_its_day_and_in_its_hour() -> None:
    assert of(session("a", 2, 12)) == ["a day_before", "a week_ahead", "a hour_before"]


def test_second_session_of_a_day_has_no_day_of_its_own() -> None:
    assert of(session("a", 2, 9), session("b", 2, 15)) == [
        "a day_before",
        "a week_ahead",
        "a hour_before",
        "b hour_before",
    ]


def test_block_with_short_breaks_is_reminded_of_once() -> None:
    first = Ahead(
        "a", datetime(2027, 3, 2, 23, tzinfo=UTC), datetime(2027, 3, 3, 0, 30, tzinfo=UTC)
    )
    second = Ahead("b", datetime(2027, 3, 3, 1, tzinfo=UTC), datetime(2027, 3, 3, 2, tzinfo=UTC))

    assert of(first, second) == ["a day_before", "a week_ahead", "a hour_before"]


def test_each_week_has_one_digest() -> None:
    assert of(session("a", 5, 9), session("b", 8, 9), policy=USUAL[Audience.PATIENT]) == [
        "a week_ahead",
        "a hour_before",
        "b week_ahead",
        "b hour_before",
    ]


def test_first_session_ever_has_its_own_two() -> None:
    first = session("a", 2, 12)

    assert of(first, session("b", 3, 12), first=first.starts_at) == [
        "a first_72h",
        "a first_24h",
        "a week_ahead",
        "a hour_before",
        "b day_before",
        "b hour_before",
    ]


@pytest.mark.parametrize(
    ("said", "rungs"),
    [
        ({"asks": True}, ["a ask_mail", "a ask_text", "a ask_staff"]),
        ({"asks": True, "asks_second": True}, ["a ask_second"]),
        ({}, []),
    ],
    ids=["the first relative", "another relative", "nobody to ask"],
)
def test_ladder_has_its_rungs(said: dict[str, bool], rungs: list[str]) -> None:
    only = Policy(first_session=False, week_ahead=False, day_before=False, soon=False, ask=True)

    assert of(session("a", 2, 12, **said), policy=only) == rungs


def test_first_letter_asks_itself() -> None:
    first = session("a", 2, 12, asks=True)
    only = Policy(first_session=True, week_ahead=False, day_before=False, soon=False, ask=True)

    assert of(first, policy=only, first=first.starts_at) == [
        "a ask_text",
        "a ask_staff",
        "a first_72h",
        "a first_24h",
    ]
