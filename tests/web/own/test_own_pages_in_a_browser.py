"""What patients and relatives set for themselves, in a real browser: by touch without script, by
keyboard, and every page of theirs measured. The father without consent hears of nothing.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble, grant, session
from scheduler.consents.model.models import Statement
from scheduler.invitations import announce, link_token, told_dates
from scheduler.kernel.database import db
from scheduler.open_evenings import EveningWish, announce_evening
from scheduler.outbox.models import Letter, LetterState
from scheduler.people import Window, begin_new_address
from scheduler.people.models import Person
from scheduler.programs import Kind, RoomService, Seats
from scheduler.programs.models import VideoRoom
from scheduler.recordings import RecordingSource, add_recording, give_pass, pass_token
from scheduler.reminders import Way, Wish, wish_of
from scheduler.sessions.models import Session
from scheduler.web.auth.access import Who
from tests.web.family.test_door_in_a_browser import NOW, STARTS, WIDER
from tests.web.portal.home.test_homes_in_a_browser import NARROW, Hand
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
ROOTS = ("/i/", "/j/", "/r/", "/open/", "/check")
"""Where pages of families begin that ask for nobody to be signed in."""
OTHER_ROOTS = ("/api/", "/fhir/", "/feeds/", "/set-up/", "/password/")
"""What else opens by a secret: of programs and of staff."""
KNOWN, STRANGER = (True,), (False,)
"""Whether it is looked at by its person, or before anything is proved."""
BOTH = (*KNOWN, *STRANGER)
FILE: tuple[str, tuple[bool, ...]] = ("", ())
BY_SECRET = {
    "invitation.page": ("/i/{invitation}?dates=all", BOTH),
    "invitation.ask": ("/i/{invitation}/code", STRANGER),
    "other_time.page": ("/i/{invitation}/other-time?date={date}", KNOWN),
    "one_date_file.one": FILE,
    "join.door": ("/j/{invitation}", BOTH),
    "join.ask": ("/j/{invitation}/code", STRANGER),
    "watch_recording.page": ("/r/{film}", BOTH),
    "watch_recording.ask": ("/r/{film}/code", STRANGER),
    "watch_recording.file": FILE,
    "watch_recording.captions": FILE,
    "open_evening.page": ("/open/{evening}", STRANGER),
    "tech_check.page": ("/check", STRANGER),
}
"""How each of them is opened, and by whom."""
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


def by_secret(app: Flask, stage: Cast) -> Iterator[tuple[Person | None, str]]:
    """Return every page of families behind an address of its own, as its person sees it and as a
    stranger does; one that the routes name and nobody measures is a KeyError.
    """
    told = told_dates([stage.dana.id])[0]
    known = {
        "invitation": link_token(told.uid),
        "date": quote(told.recurrence.isoformat()),
        "film": film(stage),
        "evening": evening(),
    }
    for rule in app.url_map.iter_rules():
        allowed = getattr(app.view_functions[rule.endpoint], "allowed", frozenset())
        is_open = Who.TOKEN in allowed or rule.rule.startswith(ROOTS)
        if "GET" not in (rule.methods or ()) or not is_open:
            continue
        if rule.rule.startswith(OTHER_ROOTS):
            continue
        path, viewers = BY_SECRET[rule.endpoint]
        for is_known in viewers:
            yield stage.dana if is_known else None, path.format(**known)


def film(stage: Cast) -> str:
    """Let the mother have a recorded workshop to watch; return the secret of its page."""
    held = NOW.replace(tzinfo=None) - timedelta(days=1)
    workshop = session(stage, held, kind=Kind.FAMILY_WORKSHOP, series="learn", week=1)
    workshop.seats = Seats.FAMILIES
    grant(stage.dana, stage.jordan, Kind.FAMILY_WORKSHOP)
    source = RecordingSource(url="https://video.example/film")
    added = add_recording(workshop, source, days=14, by="sam", now=NOW)
    row = give_pass(added, stage.dana, by="dana", now=NOW)
    db.session.commit()
    return pass_token(row.id)


def evening() -> str:
    """Announce an open evening; return its name in the address."""
    url = "https://meet.example/{session}"
    db.session.add(VideoRoom(key="evening", service=RoomService.TEMPLATE, url=url))
    starts = NOW.replace(tzinfo=None) + timedelta(days=3)
    wish = EveningWish("Sleep", starts, 60, 20, "evening")
    row = announce_evening(wish, by="sam", now=NOW)
    db.session.commit()
    return row.slug


def test_every_own_page_can_be_touched_and_fits_a_small_phone(
    browser: Any, sqlite_app: Flask, stage: Cast, live_server: str
) -> None:
    """44 px in both directions, 320 px wide, a name that is read from right to left."""
    begin_new_address(stage.jordan, "new@patient.example", by="jordan", now=NOW)
    pages = [*addresses(sqlite_app, stage), *by_secret(sqlite_app, stage)]
    looks = {None: browser.new_context(**NARROW).new_page()}
    for owner in (stage.jordan, stage.dana):
        looks[owner.id] = Hand(browser, live_server, owner).looking.new_page()
    faults = []
    for owner, path in pages:
        shown = looks[owner.id if owner else None]
        answer = shown.goto(live_server + path)
        found = shown.evaluate(SMALL) + ["too wide"] * (shown.evaluate(WIDER) > 0)
        found += [] if answer.status == 200 else [answer.status]
        faults += [(path, fault) for fault in found]

    assert (faults, len(pages) > 35) == ([], True)
