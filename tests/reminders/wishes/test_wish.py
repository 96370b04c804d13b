"""What somebody chose makes of a program's policy, as a table."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest

from scheduler.reminders import USUAL, Audience, Lead, Way, Wish, due_at
from scheduler.reminders.decision import Situation, judge
from scheduler.reminders.wishes.wish import own_policy

USUALLY = USUAL[Audience.RELATIVE]
EVENING = Wish(Way.MAIL, day_before=True, evening=19)
HOUR = timedelta(hours=1)
START = datetime(2027, 3, 9, 21, tzinfo=UTC)
NOW = datetime(2027, 3, 8, 23, tzinfo=UTC)
PLAIN = Situation(
    lead=Lead.DAY_BEFORE,
    policy=USUALLY,
    now=NOW,
    wall=time(18),
    due=NOW,
    worthless=START,
    stands=True,
    in_audience=True,
    told=True,
    known_since=NOW,
    may_text=True,
)


@pytest.mark.parametrize(
    ("wish", "leads"),
    [
        (None, ["first_72h", "first_24h", "day_before", "hour_before"]),
        (Wish(Way.NONE), []),
        (Wish(Way.MAIL, week_ahead=True), ["first_72h", "first_24h", "week_ahead"]),
        (EVENING, ["first_72h", "first_24h", "day_before"]),
        (Wish(Way.BOTH, hour_before=True), ["first_72h", "first_24h", "hour_before"]),
    ],
)
def test_wish_says_which_reminders_come(wish: Wish | None, leads: list[str]) -> None:
    policy = own_policy(USUALLY, wish)

    assert [lead.value for lead in list(Lead)[:5] if policy.wants(lead)] == leads


def test_asking_goes_on_up_to_staff_whatever_was_chosen() -> None:
    assert own_policy(USUALLY, Wish(Way.NONE)).ask is True


@pytest.mark.parametrize(
    ("wish", "is_whole"),
    [
        (Wish(Way.MAIL), False),
        (Wish(Way.NONE), True),
        (EVENING, True),
        (replace(EVENING, evening=22), False),
        (replace(EVENING, evening=3), False),
    ],
)
def test_wish_is_whole_with_a_time_that_is_offered(wish: Wish, is_whole: bool) -> None:
    assert wish.is_whole is is_whole


@pytest.mark.parametrize(
    ("zone", "evening", "due"),
    [
        ("America/New_York", None, datetime(2027, 3, 8, 21, tzinfo=UTC)),
        ("America/New_York", 19, datetime(2027, 3, 9, 0, tzinfo=UTC)),
        ("America/Chicago", 21, datetime(2027, 3, 9, 3, tzinfo=UTC)),
    ],
)
def test_evening_is_that_of_the_reader(zone: str, evening: int | None, due: datetime) -> None:
    policy = own_policy(USUALLY, replace(EVENING, evening=evening))

    assert due_at(Lead.DAY_BEFORE, START, zone, policy, evening) == due


@pytest.mark.parametrize(
    ("said", "deed"),
    [
        ({"way": Way.TEXT}, "text"),
        ({"way": Way.BOTH}, "both"),
        ({"way": Way.BOTH, "may_text": False}, "mail"),
        ({"way": Way.BOTH, "text_is_safe": False}, "mail"),
        ({"way": Way.BOTH, "mail_from": NOW + HOUR}, "text"),
        ({"way": Way.TEXT, "wall": time(23)}, "wait"),
        ({"way": Way.NONE, "lead": Lead.ASK_MAIL}, "drop"),
        ({"way": Way.NONE, "lead": Lead.ASK_STAFF}, "task"),
    ],
)
def test_reminder_goes_the_way_that_was_chosen(said: dict[str, object], deed: str) -> None:
    found, _reason = judge(replace(PLAIN, **said))  # type: ignore[arg-type]

    assert found.value == deed


def test_chosen_evening_is_no_quiet_hour() -> None:
    """It has come a moment after the hour that was chosen."""
    policy = own_policy(replace(USUALLY, latest=18), replace(EVENING, evening=21))
    late = replace(PLAIN, policy=policy, wall=time(21, 4), may_text=False)

    assert judge(late)[0].value == "mail"
