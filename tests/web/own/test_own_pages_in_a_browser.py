"""What patients and relatives set for themselves, in a real browser: by touch without script, by
keyboard, and every page of theirs measured. The father without consent hears of nothing.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble, session
from scheduler.consents.model.models import Statement
from scheduler.invitations import announce, invitations_of, link_token
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import Window, begin_new_address
from scheduler.people.models import Person
from scheduler.reminders import Way, Wish, wish_of
from scheduler.sessions.models import Session
from scheduler.web.auth.access import Who
from tests.web.family.test_door_in_a_browser import NOW, STARTS, WIDER
from tests.web.portal.home.test_homes_in_a_browser import Hand
from watch import Watch

SMALL = """() => [...document.querySelectorAll(
    "a, button, summary, select, textarea, label:has(input), input:not([type=hidden], label *)")]
  .filter(at => !at.closest(".skip") && !at.closest(".out-of-sight"))
  .map(at => [at.innerText || at.id, at.getBoundingClientRect()])
  .filter(([_, box]) => box.width > 1 && (box.width < 43.9 || box.height < 43.9))
  .map(([words, box]) => `${words}: ${box.width} x ${box.height}`)"""
"""What of a whole page is too small to be touched."""
NO_PAGES = {
    "agenda.one_date": "a file",
    "signed_papers.copy": "measured by its own name below",
}
ARABIC = "ليلى حداد"


@pytest.fixture
def stage(sqlite_app: Flask, live_server: str, watch: Watch) -> Iterator[Cast]:
    stage = assemble()
    session(stage, STARTS.replace(hour=16, tzinfo=None))
    stage.dana.name = ARABIC
    announce(by="command", now=NOW)
    for letter in db.session.scalars(select(Letter)):
        letter.state, letter.sent_at = LetterState.SENT, letter.created_at
    db.session.commit()
    yield stage
    told = db.session.scalars(select(Letter.recipient_id)).all()
    assert stage.miguel.id not in told


def wish(person: Person) -> Wish | None:
    db.session.rollback()
    return wish_of(person)


def test_mother_chooses_her_reminders_by_touch(browser: Any, stage: Cast, live_server: str) -> None:
    hand = Hand(browser, live_server, stage.dana)
    hand.opens("/family")
    asked = hand.taps("link", "Reminders")
    hand.looks()
    hand.page.get_by_role("radio", name="By mail").tap()
    hand.page.get_by_role("checkbox", name="The day before").tap()
    hand.page.get_by_label("When on the day before?").select_option("19")
    kept = hand.taps("button", "Keep this")

    assert 'heading "How do you want to be reminded?" [level=1]' in asked
    assert 'group "When?"' in asked
    assert "Kept. We remind you like this from now on." in hand.page.content()
    assert 'radio "By mail" [checked]' in kept
    assert wish(stage.dana) == Wish(Way.MAIL, day_before=True, evening=19)
    assert hand.faults == []


def test_mother_paints_her_week_by_touch_and_reads_what_it_takes_out(
    browser: Any, stage: Cast, live_server: str
) -> None:
    hand = Hand(browser, live_server, stage.dana)
    asked = hand.opens("/week/")
    hand.page.get_by_role("radio", name="At the hours ticked below").tap()
    hand.page.locator("summary").first.tap()
    hand.looks()
    hand.page.get_by_role("checkbox", name="Monday 9:00 AM").tap()
    warned = hand.taps("button", "Keep these hours")
    hand.looks()
    hand.taps("button", "Keep my hours, take them out")

    db.session.expire_all()
    assert 'heading "When can you come?" [level=1]' in asked
    assert 'heading "These dates do not fit your hours" [level=1]' in warned
    assert stage.dana.free == (Window(("mon",), 540, 600),)
    assert hand.faults == []


def test_patient_chooses_no_reminders_by_keyboard(
    browser: Any, stage: Cast, live_server: str
) -> None:
    hand = Hand(browser, live_server, stage.jordan)
    hand.opens("/reminders/")
    hand.page.get_by_role("radio", name="By mail").focus()
    hand.page.keyboard.press("ArrowDown")
    with hand.page.expect_navigation():
        hand.page.keyboard.press("Enter")

    assert "No reminders come from now on." in hand.page.content()
    assert wish(stage.jordan) == Wish(Way.NONE)


def addresses(app: Flask, stage: Cast) -> Iterator[tuple[Person, str]]:
    """Return every page of patients and relatives that the routes name, with whose it is."""
    row = db.session.scalars(select(Session)).first()
    paper = db.session.scalars(select(Statement)).first()
    assert row is not None and paper is not None
    known = {"session_id": row.id, "key": "dana", "person_key": "dana"}
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            allowed = getattr(app.view_functions[rule.endpoint], "allowed", frozenset())
            is_own = bool(allowed & {Who.PATIENT, Who.RELATIVE})
            if "GET" in (rule.methods or ()) and is_own and rule.endpoint not in NO_PAGES:
                values = {name: known[name] for name in rule.arguments}
                owner = stage.jordan if Who.PATIENT in allowed else stage.dana
                built = app.url_map.bind("x").build(rule.endpoint, values)
                yield owner, built
    yield stage.jordan, f"/mine/papers/{paper.id}"
    (invitation,) = invitations_of(stage.dana.id)
    token = link_token(invitation.uid)
    for path in (f"/i/{token}", f"/j/{token}", f"/j/{token}/code"):
        yield stage.dana, path


def test_every_own_page_can_be_touched_and_fits_a_small_phone(
    browser: Any, sqlite_app: Flask, stage: Cast, live_server: str
) -> None:
    """44 px in both directions, 320 px wide, a name that is read from right to left."""
    begin_new_address(stage.jordan, "new@patient.example", by="jordan", now=NOW)
    pages = list(addresses(sqlite_app, stage))
    hands = {owner.id: Hand(browser, live_server, owner) for owner in (stage.jordan, stage.dana)}
    faults = []
    for owner, path in pages:
        shown = hands[owner.id].looking.new_page()
        answer = shown.goto(live_server + path)
        found = shown.evaluate(SMALL) + ["too wide"] * (shown.evaluate(WIDER) > 0)
        found += [] if answer.status == 200 else [answer.status]
        faults += [(path, fault) for fault in found]
        shown.close()

    assert (faults, len(pages) > 25) == ([], True)
