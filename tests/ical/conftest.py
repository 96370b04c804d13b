"""The cast of calendar text: the practice invites Dana; an evening group in New York runs over the
change of clocks.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from scheduler.ical import (
    Entry,
    Override,
    Party,
    WeeklyRule,
    cancel,
    cancel_dates,
    feed,
    reply,
    request,
)

STAMP = datetime(2027, 2, 1, 12, 0, tzinfo=UTC)
CHANGED = datetime(2027, 1, 30, 9, 30, tzinfo=UTC)


@pytest.fixture
def practice() -> Party:
    return Party("calendar@hl-sched.example", "HL Scheduling")


@pytest.fixture
def dana() -> Party:
    return Party("dana@family.example", "Dana Lee")


@pytest.fixture
def entry() -> Callable[..., Entry]:
    """Make one appointment of 90 minutes on Monday 2027-02-22, 18:00 New York."""

    def make(**changes: Any) -> Entry:
        said: dict[str, Any] = {
            "uid": "5a1c@hl-sched.example",
            "sequence": 0,
            "stamp": STAMP,
            "changed": CHANGED,
            "zone": "America/New_York",
            "start": datetime(2027, 2, 22, 18, 0),
            "minutes": 90,
            "title": "Appointment",
        }
        return Entry(**{**said, **changes})

    return make


@pytest.fixture
def series(entry: Callable[..., Entry]) -> Callable[..., Entry]:
    """Make eight weeks of Monday, Wednesday and Friday; a holiday on 15 March, 17 March moved by a
    day.
    """

    def make(**changes: Any) -> Entry:
        said: dict[str, Any] = {
            "rule": WeeklyRule(1, ("mon", "wed", "fri"), datetime(2027, 4, 16, 18, 0)),
            "without": (datetime(2027, 3, 15, 18, 0),),
            "moved": (Override(datetime(2027, 3, 17, 18, 0), datetime(2027, 3, 18, 19, 0), 60),),
            "link": "https://hl-sched.example/j/a1b2",
        }
        return entry(**{**said, **changes})

    return make


@pytest.fixture
def artefacts(
    entry: Callable[..., Entry], series: Callable[..., Entry], practice: Party, dana: Party
) -> Callable[..., dict[str, bytes]]:
    """Make one of every kind of artefact in a zone, with a title and a name."""

    def make(
        zone: str = "America/New_York", title: str = "Appointment", name: str = "Dana Lee"
    ) -> dict[str, bytes]:
        whole = series(zone=zone, title=title, description=title)
        single = entry(
            zone=zone, title=title, uid="77@hl-sched.example", start=datetime(2027, 11, 9, 9, 15)
        )
        who = {"organizer": practice, "attendee": Party(dana.address, name)}
        return {
            "request": request(whole, **who),
            "single": request(single, **who),
            "cancel": cancel(whole, whole=True, **who),
            "uninvite": cancel(whole, whole=False, **who),
            "dates": cancel_dates(
                whole, [datetime(2027, 3, 1, 18), datetime(2027, 3, 17, 18)], **who
            ),
            "feed": feed([single, whole], name=name),
            "empty": feed([], name=name),
            "reply": reply(
                request(whole, **who), attendee=who["attendee"], answer="ACCEPTED", stamp=STAMP
            ),
        }

    return make
