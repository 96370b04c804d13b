"""The message that follows from what was told and what is true: one table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.invitations.model.content import Content, Meeting
from scheduler.invitations.model.itip import Method, News, follow, must_split

FIRST = datetime(2027, 3, 9, 18, 0)
NOW = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


def meeting(week: int, *, days: int = 0, minutes: int = 60) -> Meeting:
    start = FIRST + timedelta(weeks=week, days=days)
    return Meeting(start, minutes, start.replace(tzinfo=UTC), f"s{week}")


def content(*meetings: Meeting, series: bool = True, title: str = "Appointment") -> Content:
    return Content(title, "Etc/UTC", series, tuple(sorted(meetings)))


FOUR = content(*(meeting(week) for week in range(4)))
ONE = content(meeting(0), series=False)
AFTER_TWO = NOW + timedelta(days=16)


@pytest.mark.parametrize(
    ("told", "wanted", "now", "withdrawn", "follows"),
    [
        (None, None, NOW, False, None),
        (None, ONE, NOW, False, (Method.REQUEST, News.NEW, 4)),
        (ONE, ONE, NOW, False, None),
        (FOUR, FOUR, NOW, False, None),
        (
            ONE,
            content(meeting(0, days=1), series=False),
            NOW,
            False,
            (Method.REQUEST, News.CHANGED, 4),
        ),
        (
            ONE,
            content(meeting(0, minutes=90), series=False),
            NOW,
            False,
            (Method.REQUEST, News.CHANGED, 4),
        ),
        (ONE, replace(ONE, title="Talk"), NOW, False, (Method.REQUEST, News.CHANGED, 4)),
        (FOUR, content(*FOUR.meetings, meeting(4)), NOW, False, (Method.REQUEST, News.CHANGED, 4)),
        (FOUR, content(*FOUR.meetings[:3]), NOW, False, (Method.REQUEST, News.CHANGED, 4)),
        (ONE, None, NOW, False, (Method.CANCEL, News.GONE, 4)),
        (ONE, None, NOW, True, (Method.CANCEL, News.GONE, 4)),
        (FOUR, content(*FOUR.meetings[2:]), AFTER_TWO, False, None),
        (FOUR, None, AFTER_TWO, False, (Method.REQUEST, News.GONE, 4)),
        (FOUR, None, AFTER_TWO, True, (Method.CANCEL_DATES, News.GONE, 4)),
        (FOUR, None, NOW + timedelta(days=60), True, None),
        (ONE, None, NOW + timedelta(days=60), False, None),
    ],
    ids=[
        "nothing",
        "first",
        "same single",
        "same series",
        "moved",
        "longer",
        "renamed",
        "one more",
        "one less",
        "cancelled",
        "withdrawn",
        "time passes",
        "rest cancelled",
        "rest withdrawn",
        "all over",
        "one over",
    ],
)
def test_message_follows(
    told: Content | None,
    wanted: Content | None,
    now: datetime,
    withdrawn: bool,
    follows: tuple[Method, News, int] | None,
) -> None:
    message = follow(told, wanted, shown=told, sequence=3, withdrawn=withdrawn, now=now)

    assert (message and (message.method, message.news, message.sequence)) == follows


def test_whole_event_is_off_only_when_it_is_off_for_all() -> None:
    found = [
        follow(ONE, None, shown=ONE, sequence=0, withdrawn=each, now=NOW) for each in (False, True)
    ]

    assert [each.whole for each in found if each] == [True, False]


def test_another_address_is_told_anew() -> None:
    message = follow(ONE, ONE, shown=None, sequence=0, withdrawn=False, now=NOW)

    assert message is not None
    assert (message.news, message.sequence) == (News.NEW, 1)


def test_moved_instance_is_cancelled_by_its_original_start() -> None:
    told = content(meeting(0), meeting(1), meeting(2), meeting(3, days=1))
    message = follow(told, None, shown=told, sequence=1, withdrawn=True, now=AFTER_TWO)

    assert message is not None
    assert message.dates == (FIRST + timedelta(weeks=2), FIRST + timedelta(weeks=3))
    assert message.told == content(meeting(0), meeting(1))


def test_past_dates_stay_as_they_were_told() -> None:
    wanted = content(*FOUR.meetings[2:], meeting(4))
    message = follow(FOUR, wanted, shown=FOUR, sequence=0, withdrawn=False, now=AFTER_TWO)

    assert message is not None
    assert message.content == content(*FOUR.meetings, meeting(4))


def test_document_is_read_back_as_it_was_written() -> None:
    assert Content.of_document(FOUR.document()) == FOUR


def test_running_series_in_another_zone_is_split() -> None:
    """Its past would move with the zone: one UID has one zone for its wall times."""
    rest = replace(FOUR, meetings=FOUR.meetings[2:])
    elsewhere = replace(rest, zone="Africa/Abidjan")

    assert [must_split(FOUR, each, FOUR, AFTER_TWO) for each in (rest, elsewhere)] == [False, True]
    assert not must_split(FOUR, replace(FOUR, zone="Africa/Abidjan"), FOUR, NOW)


def test_what_silence_left_in_a_calendar_keeps_its_name_where_it_can() -> None:
    """Else a new consent would show it twice: the silent entry stays, and nothing may take it
    away.
    """
    told = content(meeting(0), meeting(0, days=2), meeting(1))
    shown, wanted = content(*told.meetings, meeting(3)), content(meeting(3))

    assert [must_split(told, wanted, each, AFTER_TWO) for each in (None, shown)] == [True, False]
