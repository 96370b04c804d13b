"""A patient and a mother at their own pages, by touch on a phone without script: what a screen
reader hears, 44 px, 320 px wide, and axe. The father without consent hears of nothing.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble, session
from scheduler.invitations import announce, invitations_of, link_token
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import begin_sign_in
from scheduler.people.models import Person
from scheduler.sessions import session_by_key
from scheduler.tasks import open_tasks
from tests.web.family.test_door_in_a_browser import NOW, STARTS, WIDER
from tests.web.test_accessible import findings
from watch import Watch

SMALL = """() => [...document.querySelectorAll(
    "main a, main button, main summary, main select, main textarea, main label:has(input)")]
  .map(at => [at.innerText || at.id, at.getBoundingClientRect()])
  .filter(([_, box]) => box.width > 1 && (box.width < 44 || box.height < 44))
  .map(([words, box]) => `${words}: ${box.width} x ${box.height}`)"""
"""What of a page is too small to be touched."""
NARROW = {"viewport": {"width": 320, "height": 800}, "has_touch": True, "is_mobile": True}
FIRST = "evening-2027-03.fam.jordan.w2"


class Hand:
    """A phone without script in somebody's hand; each page is looked at as it comes."""

    def __init__(self, browser: Any, server: str, person: Person) -> None:
        self.browser, self.server, self.faults = browser, server, list[Any]()
        secret = begin_sign_in(person, now=NOW)
        db.session.commit()
        cookie = {"name": "kinfold", "value": secret, "domain": urlsplit(server).hostname}
        self.plain = browser.new_context(**NARROW, java_script_enabled=False)
        self.looking = browser.new_context(**NARROW)
        for context in (self.plain, self.looking):
            context.add_cookies([cookie | {"path": "/"}])
        self.page = self.plain.new_page()
        self.page.set_default_timeout(10_000)

    def opens(self, path: str) -> str:
        """Open a page; return what a screen reader says of it."""
        db.session.rollback()
        self.page.goto(self.server + path)
        return self.hears()

    def taps(self, role: str, name: str) -> str:
        """Touch a button or link by the name that a screen reader says."""
        db.session.rollback()
        self.page.locator("main").get_by_role(role, name=name).first.tap()
        return self.hears()

    def hears(self) -> str:
        """Return the page's accessibility tree as text, one space for any."""
        tree = self.page.locator("main").aria_snapshot()
        return " ".join(tree.replace("\u2060", "").split())

    def looks(self) -> None:
        """Look at the page for what shuts somebody out; axe itself needs script."""
        shown = self.looking.pages[0] if self.looking.pages else self.looking.new_page()
        shown.goto(self.page.url)
        self.faults += findings(shown) + shown.evaluate(SMALL)
        self.faults += ["too wide"] * (shown.evaluate(WIDER) > 0)


@pytest.fixture
def stage(sqlite_app: Flask, live_server: str, watch: Watch) -> Iterator[Cast]:
    stage = assemble()
    session(stage, STARTS.replace(hour=16, tzinfo=None))
    announce(by="command", now=NOW)
    for letter in db.session.scalars(select(Letter)):
        letter.state, letter.sent_at = LetterState.SENT, letter.created_at
    db.session.commit()
    yield stage
    told = db.session.scalars(select(Letter.recipient_id)).all()
    assert stage.miguel.id not in told


def test_patient_who_cannot_come_books_another_time_by_touch(
    browser: Any, stage: Cast, live_server: str
) -> None:
    hand = Hand(browser, live_server, stage.jordan)
    home = hand.opens("/mine/")
    hand.looks()
    asked = hand.taps("link", "I can’t come")
    hand.looks()
    hand.page.locator("#reason").fill("the flu")
    said = hand.taps("button", "I can’t come")
    hand.looks()
    done = hand.taps("button", "Wed 10 March, 4:00")
    for path in ("/mine/how", "/mine/contact"):
        hand.opens(path)
        hand.looks()

    db.session.rollback()
    assert "Dana Lee : no answer yet" in home.replace("Lee:", "Lee :")
    assert 'textbox "Why? You need not say."' in asked
    assert "If you say no, this time is off for all who come with you." in asked
    assert 'heading "Choose another time" [level=2]' in said
    assert "You have a new time: Wed 10 March" in hand.page.content() or "Wed 10 March" in done
    assert session_by_key(FIRST).starts_local == "2027-03-10T16:00"
    assert hand.faults == []


def test_mother_answers_with_a_note_and_asks_for_another_time_by_touch(
    browser: Any, stage: Cast, live_server: str
) -> None:
    (invitation,) = invitations_of(stage.dana.id)
    hand = Hand(browser, live_server, stage.dana)
    opened = hand.opens(f"/i/{link_token(invitation.uid)}")
    hand.looks()
    hand.page.get_by_role("radio", name="Yes").check()
    hand.page.locator("#note").fill("I may be late")
    answered = hand.taps("button", "Send my answer")
    choices = hand.taps("link", "Ask for another time")
    hand.looks()
    asked = hand.taps("button", "Wed 10 March, 3:00")
    for path in ("/family", "/family/helps", "/family/ready", "/family/stop"):
        hand.opens(path)
        hand.looks()
    stopped = hand.taps("button", "Stop writing to me")

    db.session.rollback()
    assert 'textbox "A note with it? You need not write one."' in opened
    assert "So far you said yes." in answered
    assert 'button "Wed 10 March, 3:00' in choices
    assert "Will you come?" in asked
    assert 'heading "Nothing is sent to you" [level=1]' in stopped
    assert {task.kind for task in open_tasks()} == {"note", "proposal", "stop_contact"}
    assert hand.faults == []
