"""A moved meeting of one series and a meeting of another at its old hour: every program shows
both.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from foreign import accepted, expansions
from household import NOW
from scheduler.feeds.render import Known, render

LONDON = ZoneInfo("Europe/London")
FIRST = datetime(2027, 10, 27, 17, 45)
EVERY_OTHER = "a@fb-calendar.example"
"""Whose second Wednesday moved by a week, into a hole of the other's."""
WEEKLY = "b@fb-calendar.example"


def known(uid: str, *days: int) -> list[Known]:
    starts = [(FIRST + timedelta(days=each)).replace(tzinfo=LONDON) for each in days]
    hour = timedelta(hours=1)
    return [
        Known(uid, True, "Appointment", "Europe/London", at, at + hour, 0, NOW) for at in starts
    ]


def shown(sessions: list[Known]) -> bytes:
    return render(sessions, language="en", now=NOW).body


def test_exception_hides_no_meeting_of_another_series() -> None:
    sessions = known(EVERY_OTHER, 0, 14, 35, 42, 56, 70, 84, 98) + known(WEEKLY, 21, 28, 42, 49)

    body = shown(sessions)

    accepted(body)
    for program, spans in expansions(body).items():
        assert (program, [start for start, _ in spans]) == (
            program,
            sorted(one.starts_at for one in sessions),
        )
    assert body.count(b"RECURRENCE-ID") == 0


def test_exception_that_nothing_else_meets_stays_one() -> None:
    body = shown(known(EVERY_OTHER, 0, 14, 35, 42, 56, 70, 84, 98) + known(WEEKLY, 1, 8, 15))

    assert (body.count(b"RECURRENCE-ID"), body.count(b"BEGIN:VEVENT")) == (1, 3)


def test_what_stands_apart_keeps_its_name() -> None:
    sessions = known(EVERY_OTHER, 0, 14, 35, 42, 56, 70, 84, 98) + known(WEEKLY, 21, 28, 42, 49)

    assert shown(sessions) == shown(sessions[::-1])
