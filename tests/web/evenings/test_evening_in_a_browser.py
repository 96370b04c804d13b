"""An open evening on a phone: it opens by itself, and one tap goes in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from cast import Cast, assemble
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.open_evenings import EveningWish, announce_evening
from scheduler.programs import RoomService
from scheduler.programs.models import VideoRoom
from tests.web.check.test_check_in_a_browser import TOO_SMALL, TOO_WIDE
from tests.web.test_accessible import enter, findings
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 10, 0, 0, tzinfo=UTC)
PAGE = "/open/an-evening-for-caregivers-03-09"


@pytest.fixture
def clock() -> Iterator[Watch]:
    hand = Watch(NOW)
    with turned_to(hand):
        yield hand


@pytest.fixture
def stage(sqlite_app: Flask, live_server: str, clock: Watch) -> Cast:
    stage = assemble()
    url = "https://video.example/{session}"
    db.session.add(VideoRoom(key="open", service=RoomService.TEMPLATE, url=url))
    db.session.flush()
    wish = EveningWish("An evening for caregivers", datetime(2027, 3, 9, 19, 0), 90, 2, "open")
    announce_evening(wish, by="sam", now=NOW)
    db.session.commit()
    return stage


def test_page_opens_by_itself_and_one_tap_goes_in(
    page: Any, stage: Cast, live_server: str, clock: Watch
) -> None:
    page.route("https://video.example/**", lambda route: route.fulfill(body="the room"))
    clock.moment = STARTS - timedelta(minutes=15, seconds=2)
    page.goto(f"{live_server}{PAGE}")
    page.get_by_role("timer").wait_for()
    clock.moment = STARTS - timedelta(minutes=15)

    page.get_by_role("button", name="Go in").click()
    page.get_by_text("the room", exact=True).wait_for()

    assert page.url.startswith("https://video.example/")


@pytest.mark.parametrize("language", ["en", "es", "pt-BR"])
@pytest.mark.parametrize("hours", [-3, 0, 3])
def test_page_shuts_nobody_out(
    page: Any, stage: Cast, live_server: str, clock: Watch, hours: int, language: str
) -> None:
    page.set_viewport_size({"width": 320, "height": 800})
    clock.moment = STARTS + timedelta(hours=hours)
    page.goto(f"{live_server}{PAGE}?lang={language}")

    assert (findings(page), page.evaluate(TOO_SMALL)) == ([], [])
    assert page.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize("width", [320, 1280])
def test_desk_shuts_nobody_out(page: Any, stage: Cast, live_server: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    enter(page, live_server, "sam")
    page.goto(f"{live_server}/desk/evenings/")

    assert findings(page) == []
    assert page.evaluate(TOO_WIDE) <= 0
