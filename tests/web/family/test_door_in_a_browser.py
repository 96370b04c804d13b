"""The door on a phone: taps counted, the countdown, no script, every state for everybody."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from cast import Cast, assemble, session
from scheduler.consents import audience
from scheduler.invitations import (
    announce,
    end_of_day,
    invitations_of,
    join_link,
    link,
    link_token,
    short_link,
)
from scheduler.invitations.model.models import ShortLink
from scheduler.kernel.database import db
from scheduler.programs import Kind, RoomService
from scheduler.programs.models import VideoRoom
from scheduler.sessions import cancel, edit_sessions
from scheduler.sessions.models import Session
from tests.web.test_accessible import findings
from visitor import letters, text_of
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 9, 21, 0, tzinfo=UTC)
ROOM = "https://video.example/**"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
WRONG_CLOCK = """const real = Date.now; Date.now = () => real() + 3 * 3600e3;
  window.passed = 0; const since = performance.now.bind(performance);
  performance.now = () => since() + window.passed;"""
LOOKED_AWAY = """Object.defineProperty(document, "hidden", {get: () => true});
  window.passed = 0; const real = Date.now; Date.now = () => real() + window.passed;"""
LINGERS = """const later = window.setTimeout;
  window.setTimeout = (deed, wait) => wait === 1500 || later(deed, wait);"""
SMALL = """() => [...document.querySelectorAll(
    "main a, main button, main label:has(input), main input:not([type=hidden], [type=checkbox])")]
  .map(at => [at.innerText || at.id, at.getBoundingClientRect()])
  .filter(([_, box]) => box.width && (box.width < 44 || box.height < 44))
  .map(([words, box]) => `${words}: ${box.width} x ${box.height}`)"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def stage(sqlite_app: Flask, live_server: str, watch: Watch) -> Cast:
    stage = assemble(Kind.FAMILY_THERAPY)
    room = VideoRoom(
        key="room-a",
        service=RoomService.TEMPLATE,
        url="https://video.example/{session}",
        dial_in="+16175550100",
    )
    for day in (9, 16):
        session(stage, datetime(2027, 3, day, 16, 0), series=f"fam-{day}").room = room
    announce(by="command", now=NOW)
    db.session.commit()
    return stage


class Phone:
    """A phone in somebody's hand, which counts what they touch and type."""

    def __init__(self, page: Any, server: str) -> None:
        self.page, self.server = page, server
        self.taps = self.codes = 0
        page.set_default_timeout(8_000)
        page.route(ROOM, lambda route: route.fulfill(body="<title>Room</title>Room"))

    def follow(self, address: str) -> None:
        """Touch a link of a letter, of a calendar or of a text message."""
        self.taps += 1
        db.session.rollback()
        self.page.goto(self.server + urlsplit(address).path)

    def tap(self, name: str) -> None:
        """Touch a button or link of the page."""
        self.taps += 1
        db.session.rollback()
        main = self.page.locator("main")
        found = main.get_by_role("button", name=name, exact=True)
        found = found.or_(main.get_by_role("link", name=name, exact=True))
        found.tap()

    def type_code(self, *, keep: bool = False) -> None:
        """Type the code that was mailed last; `keep` touches what says the phone is theirs."""
        self.codes += 1
        self.page.locator("#code").wait_for()
        found = re.search(r"\b(\d{6})\b", text_of(letters("code")[-1]))
        db.session.rollback()
        assert found is not None
        self.page.fill("#code", found[1])
        if keep:
            self.page.locator("label:has([name=keep])").tap()

    def arrives(self) -> bool:
        """True when the room of the service has come up."""
        self.page.wait_for_url(ROOM, timeout=10_000)
        return True


@contextmanager
def phone(browser: Any, server: str, **said: Any) -> Iterator[Phone]:
    context = browser.new_context(**(PHONE | said))
    yield Phone(context.new_page(), server)
    context.close()


def uid_of(stage: Cast) -> str:
    """The invitation to the first of the two appointments."""
    first = {row.told["meetings"][0][3]: row.uid for row in invitations_of(stage.dana.id)}
    return str(first[min(first)])


def door(stage: Cast) -> str:
    return f"/j/{link_token(uid_of(stage))}"


def first() -> Session:
    return db.session.query(Session).order_by(Session.starts_at).all()[0]


def address_in(stage: Cast, what: str) -> str:
    """What somebody touches in a letter, in a calendar, in a text message."""
    uid = uid_of(stage)
    if what == "letter":
        (found,) = [letter for letter in letters("invitation") if link(uid) in text_of(letter)]
        return re.findall(r"https://\S+", text_of(found))[0]
    if what == "calendar entry":
        return join_link(uid)
    row = first()
    told = ShortLink(
        person_id=stage.dana.id,
        patient_id=stage.jordan.id,
        session_id=row.id,
        uid=uid,
        begins_at=row.starts_at,
        until=row.ends_at,
        made_at=NOW,
        ends_at=end_of_day(row.ends_at, row.zone),
    )
    address = short_link(told, of="a message")
    db.session.commit()
    return address


@pytest.mark.parametrize("what", ["letter", "calendar entry", "text message"])
def test_room_is_three_taps_and_one_code_away(
    browser: Any, stage: Cast, live_server: str, watch: Watch, what: str
) -> None:
    watch.moment = STARTS - timedelta(minutes=1)
    with phone(browser, live_server) as hand:
        hand.follow(address_in(stage, what))
        hand.tap("Send me a code")
        hand.type_code()
        hand.tap("Join")

        assert (hand.arrives(), hand.taps, hand.codes) == (True, 3, 1)


@pytest.mark.parametrize("what", ["letter", "calendar entry", "text message"])
def test_room_is_one_tap_away_on_a_known_device(
    browser: Any, stage: Cast, live_server: str, watch: Watch, what: str
) -> None:
    with phone(browser, live_server) as hand:
        hand.follow(door(stage))
        hand.tap("Send me a code")
        hand.type_code(keep=True)
        hand.tap("Join")
        hand.page.get_by_text("You are early").wait_for()
        watch.moment = STARTS - timedelta(minutes=1)
        hand.taps = hand.codes = 0

        hand.follow(address_in(stage, what))

        assert (hand.arrives(), hand.taps, hand.codes) == (True, 1, 0)


def at_the_door(hand: Phone, stage: Cast) -> None:
    """Show the door to the mother, who is known."""
    hand.follow(door(stage))
    hand.tap("Send me a code")
    hand.type_code()
    hand.tap("Join")


def test_door_counts_down_and_opens_by_itself_whatever_the_phones_clock_says(
    browser: Any, stage: Cast, live_server: str, watch: Watch
) -> None:
    opens = STARTS - timedelta(minutes=15)
    watch.moment = opens - timedelta(seconds=50)
    with phone(browser, live_server) as hand:
        hand.page.add_init_script(WRONG_CLOCK)
        at_the_door(hand, stage)
        timer = hand.page.get_by_role("timer")
        timer.wait_for()
        shown = timer.text_content()
        watch.moment = opens
        taps = hand.taps
        hand.page.evaluate("window.passed = 50e3")

        assert re.fullmatch("0:[1-5][0-9]", shown or "")
        assert (hand.arrives(), hand.taps) == (True, taps)


def test_who_comes_back_from_the_room_is_left_at_the_door(
    browser: Any, stage: Cast, live_server: str, watch: Watch
) -> None:
    watch.moment = STARTS
    with phone(browser, live_server) as hand:
        hand.page.add_init_script(LINGERS)
        at_the_door(hand, stage)
        hand.page.get_by_text("The room is open").wait_for()

        hand.tap("Back")

        hand.page.get_by_text("You can go in now").wait_for()
        hand.page.wait_for_timeout(500)
        assert "stay=yes" in hand.page.url


def test_way_in_that_is_taken_late_is_made_anew(
    browser: Any, stage: Cast, live_server: str, watch: Watch
) -> None:
    watch.moment = STARTS
    with phone(browser, live_server) as hand:
        hand.page.add_init_script(LOOKED_AWAY)
        at_the_door(hand, stage)
        hand.page.get_by_text("The room is open").wait_for()
        hand.page.wait_for_load_state()
        hand.page.evaluate("window.passed = 50e3")
        with hand.page.expect_navigation() as gone:
            hand.tap("Go in")

        assert (gone.value.request.method, urlsplit(hand.page.url).path) == ("POST", door(stage))


def test_door_opens_without_a_script(
    browser: Any, stage: Cast, live_server: str, watch: Watch
) -> None:
    opens = STARTS - timedelta(minutes=15)
    watch.moment = opens - timedelta(seconds=2)
    with phone(browser, live_server, java_script_enabled=False) as hand:
        at_the_door(hand, stage)
        hand.page.get_by_text("You are early").wait_for()
        watch.moment = opens
        hand.page.get_by_text("You can go in now").wait_for()

        hand.tap("Join")

        assert hand.arrives()


def test_door_is_looked_at_again_without_a_script_and_without_waiting(
    browser: Any, stage: Cast, live_server: str, watch: Watch
) -> None:
    watch.moment = STARTS - timedelta(minutes=20)
    with phone(browser, live_server, java_script_enabled=False) as hand:
        at_the_door(hand, stage)
        hand.page.get_by_text("You are early").wait_for()
        watch.moment = STARTS

        hand.tap("Look again")

        hand.page.get_by_text("You can go in now").wait_for()


def states(hand: Phone, stage: Cast, watch: Watch, language: str) -> Iterator[str]:
    """Show one state of the door after the other, the open room's for as long as one looks."""
    page, address = hand.page, hand.server + door(stage)
    page.add_init_script(LINGERS)
    db.session.rollback()
    watch.moment = STARTS - timedelta(minutes=20)
    page.goto(f"{address}?lang={language}")
    yield "code"
    page.locator("main form button.primary").tap()
    page.locator("#code").fill("000000")
    page.locator("main button.primary").tap()
    page.locator("#code-error").wait_for()
    yield "wrong"
    hand.type_code(keep=True)
    page.locator("main button.primary").tap()
    page.locator("[role=timer]").wait_for()
    yield "early"
    page.goto(f"{hand.server}/devices/")
    yield "devices"
    watch.moment = STARTS
    page.goto(f"{address}?stay=yes")
    yield "open"
    page.locator("main button.primary").tap()
    page.locator("main a.primary").wait_for()
    yield "room"
    first().room.service = RoomService.JITSI
    db.session.commit()
    page.goto(f"{address}?stay=yes")
    page.locator("main button.primary").tap()
    page.locator("main form button.primary").wait_for()
    yield "down"
    watch.moment = STARTS + timedelta(hours=1, minutes=15)
    page.goto(address)
    yield "ended"
    watch.moment = STARTS - timedelta(hours=2)
    edit_sessions(first(), to=datetime(2027, 3, 12, 19, 0), by="sam", now=NOW)
    announce(by="command", now=NOW)
    db.session.commit()
    page.goto(address)
    yield "moved"
    cancel(first(), by="sam", now=NOW)
    announce(by="command", now=NOW)
    db.session.commit()
    page.goto(address)
    yield "cancelled"
    page.goto(f"{hand.server}/j/{'a' * 14}")
    yield "nothing"


@pytest.mark.parametrize(("language", "mood"), [("en", "dark"), ("es", "light"), ("pt-BR", "dark")])
def test_every_state_of_the_door_shuts_nobody_out(
    browser: Any, stage: Cast, live_server: str, watch: Watch, language: str, mood: str
) -> None:
    """axe finds nothing, all targets are 44 px, and 320 px are wide enough."""
    stage.dana.language = language
    db.session.commit()
    small = {"viewport": {"width": 320, "height": 700}, "color_scheme": mood}
    faults = []
    with phone(browser, live_server, **small) as hand:
        for state in states(hand, stage, watch, language):
            hand.page.wait_for_load_state()
            faults += [(state, found) for found in findings(hand.page)]
            faults += [(state, found) for found in hand.page.evaluate(SMALL)]
            faults += [(state, "too wide")] * (hand.page.evaluate(WIDER) > 0)

    assert faults == []


def test_father_without_consent_stands_by(stage: Cast) -> None:
    told = {recipient.person.key for recipient in audience(first(), now=NOW)}

    assert "miguel" not in told
