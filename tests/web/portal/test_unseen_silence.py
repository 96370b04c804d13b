"""What a relative says to staff alone, that nothing more is to be written to them or when nothing
may arrive, stands on no page of the patient: each reads before it as after.
"""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from household import NOW, TODAY, Household
from scheduler import consents, feeds, homes
from scheduler.consents.model.models import BarrierKind
from scheduler.invitations import announce, answer, invitations_of
from scheduler.invitations.model.models import Answer
from scheduler.kernel.database import db
from scheduler.outbox import letters_waiting
from scheduler.outbox.models import LetterState
from scheduler.people import Marking, choose_calendar, mark_hours, person_by_key
from scheduler.people.models import Way
from scheduler.people.safe_contact.models import Means
from scheduler.programs import Kind, Seats
from visitor import TOKEN, browser, send, sign_in
from watch import Watch

MOTHER = "p-1-mother"
KINDS = Kind.FAMILY_THERAPY, Kind.MULTI_FAMILY_GROUP
PAGES = (
    "/mine/",
    f"/mine/sees/{MOTHER}",
    "/mine/sharing",
    f"/mine/sharing/{MOTHER}/stop",
    f"/mine/sharing/{MOTHER}/sender",
    "/mine/sharing/stop",
    "/mine/disclosures",
    "/mine/let",
    f"/mine/let/{MOTHER}",
    "/mine/contact",
    "/mine/calendar/",
    "/mine/feed",
    "/mine/how",
    "/safe/",
)
"""Those of one address; the pages of sessions, of papers and of a rehearsal come to it."""
OF_ONE_VIEW = re.compile(
    r'(name="(?:csrf_token|opened|shown)" value="|nonce-|nonce="|/[ij]/)[^"\s<]+'
)
CHOICE = {
    "purpose": ["family_therapy", "family_workshop"],
    "others": "yes",
    "until": "day",
    "day": (TODAY + timedelta(days=20)).isoformat(),
}


@pytest.fixture
def home(home: Household, watch: Watch) -> Household:
    """A family meeting, and a group in which the patient sits only because the mother does."""
    home.consent(None, *KINDS, others=True)
    home.consent(home.aunt, *KINDS, others=True)
    home.appointment(1)
    home.slot(3, slot="work")
    home.slot(2, kind=Kind.MULTI_FAMILY_GROUP, seats=Seats.BOTH)
    db.session.commit()
    return home


def subscribe(home: Household, way: Way) -> None:
    """Let the mother's dates come by a way, and one that was invited be answered."""
    choose_calendar(home.mother, way=way, first_names=False, by=MOTHER, now=NOW)
    if feeds.may_have_address(home.mother):
        feeds.make(home.mother, by=MOTHER, now=NOW)
    announce(by="worker", now=NOW)
    feeds.refresh(now=NOW, people=None)
    for letter in letters_waiting([home.mother.id, home.jordan.id]):
        letter.state, letter.sent_at = LetterState.SENT, NOW
    for row in invitations_of(home.mother.id)[:1]:
        answer(row, Answer.ACCEPTED, None, by=MOTHER, now=NOW)
    db.session.commit()


def read_all(app: Flask) -> dict[str, str]:
    """Every page of the patient, but for what no two views have in common."""
    patient = browser(app)
    sign_in(patient, person_by_key("p-1"))
    found = {url: patient.get(url).text for url in PAGES}
    session = re.search(r'"(/mine/sessions/\w+/cannot-come)"', found["/mine/"])
    paper = re.search(r'"(/mine/papers/\w+)', found["/mine/let"])
    assert session is not None and paper is not None
    for name, way in (("cannot come", session[1]), ("paper", paper[1])):
        found[name] = patient.get(way).text
    found["rehearsal"] = rehearsal(patient)
    return {name: OF_ONE_VIEW.sub(r"\1", text) for name, text in found.items()}


def rehearsal(patient: FlaskClient) -> str:
    token = TOKEN.search(patient.get(f"/mine/let/{MOTHER}").text)
    assert token is not None
    shown = patient.post(f"/mine/let/{MOTHER}", data={"csrf_token": token[1]} | CHOICE)
    assert shown.status_code == 200
    return shown.text


def differing(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    """The lines of each page that are not as before."""
    found = {}
    for name, text in before.items():
        if after[name] != text:
            gone = set(text.splitlines()) ^ set(after[name].splitlines())
            found[name] = sorted(gone) or ["order"]
    return found


def say_stop(app: Flask) -> None:
    relative = browser(app)
    sign_in(relative, person_by_key(MOTHER))
    assert send(relative, "/family/stop").status_code == 303


@pytest.mark.parametrize("way", [Way.INVITATIONS, Way.BOTH])
def test_relative_who_asks_for_silence_is_seen_as_before(
    app: Flask, home: Household, way: Way
) -> None:
    subscribe(home, way)
    before = read_all(app)
    say_stop(app)
    told = announce(by="worker", now=NOW)
    feeds.refresh(now=NOW, people=None)
    db.session.commit()

    assert told == []
    assert homes.has_stopped(person_by_key(MOTHER))
    assert "Multi-family group" in before["/mine/"]
    assert differing(before, read_all(app)) == {}


def test_what_the_patient_asked_for_is_said_as_it_is(app: Flask, home: Household) -> None:
    subscribe(home, Way.INVITATIONS)
    consents.add_barrier(
        patient=home.jordan,
        person=home.mother,
        kind=BarrierKind.DO_NOT_CONTACT,
        by="rivera",
        now=NOW,
    )
    db.session.commit()

    after = read_all(app)
    assert "Dana Lee sees nothing about you." in after[f"/mine/sees/{MOTHER}"]
    assert "Multi-family group" not in after["/mine/"]


def test_hours_that_a_relative_marked_are_seen_nowhere(app: Flask, home: Household) -> None:
    subscribe(home, Way.BOTH)
    before = read_all(app)
    everyday = Marking(frozenset(range(7)), 0, 24 * 60, Means.BOTH)
    mark_hours(home.mother, everyday, by=MOTHER, now=NOW)
    announce(by="worker", now=NOW)
    db.session.commit()

    assert differing(before, read_all(app)) == {}


def outcome(app: Flask, stop: str, calendar: str) -> list[str]:
    """Withdraw as the patient, and give the lines of what that came to."""
    patient = browser(app)
    sign_in(patient, person_by_key("p-1"))
    token = TOKEN.search(patient.get(stop).text)
    assert token is not None
    said = {"csrf_token": token[1], "calendar": calendar}
    answer = patient.post(stop, data=said)
    page = patient.get(answer.location).text
    main = page.partition("told nothing about you.")[2].partition("<p>You can let")[0]
    return re.findall(r"<(?:li|p|b)>([^<]+)", main)


@pytest.mark.parametrize("is_said", [False, True])
@pytest.mark.parametrize("stop", [f"/mine/sharing/{MOTHER}/stop", "/mine/sharing/stop"])
def test_withdrawal_after_a_silence_reads_as_without_it(
    app: Flask, home: Household, watch: Watch, stop: str, is_said: bool
) -> None:
    """Nothing leaves to who asked for silence; what is read is what would have left."""
    subscribe(home, Way.INVITATIONS)
    watch.moment = NOW + timedelta(hours=1)
    many = len(invitations_of(home.mother.id))
    if is_said:
        say_stop(app)

    lines = outcome(app, stop, "remove")

    nothing_but = (
        "Nothing further will leave but this, which takes appointments out of a calendar and does "
        "not say why:"
    )
    assert lines == [nothing_but, *["Dana Lee, no longer on their calendar"] * many]
    assert bool(letters_waiting([home.mother.id])) != is_said
