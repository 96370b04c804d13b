"""No word of the desk and of the demo has passed the catalogs by.

The desk speaks English alone, but through the catalogs; what packages below say in sentences of
their own is left out by name. A father without consent stands in the family.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from conftest import settings
from pseudo import TAG, left_over_on, pseudo_language
from scheduler import create_app, tasks
from scheduler.consents import purpose_words
from scheduler.invitations import receive, told_dates, waiting_replies
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.outbox.models import Hold, Letter
from scheduler.people import person_by_key
from scheduler.people.models import Role
from scheduler.programs import closed_days, state_names
from scheduler.sms import wording
from tests.invitations.programs import Said, mailed
from tests.web.house import NOW, begin_anew, move_in
from visitor import browser, send, sign_in
from watch import Watch

NAMES = (
    "Kinfold",
    "Harbor Light Vennaquist",
    "HL Scheduling",
    "Sam Wren",
    "Ana Rivera",
    "Jordan Quellandrix",
    "Dana Lee",
    "Miguel Lee",
    "Noemie Brannig",
    "Adult IOP",
    "Process group",
    "evening",
    "New York time",
    "New York",
    "Chicago",
    "Appointment",
    "cal.example",
)
SESSION = "/desk/sessions/evening.fam.jordan.w1"
PATIENT = "/desk/patients/jordan"
DANA = {
    "name": "Dana Lee",
    "relationship": "mother",
    "email": "dana@family.example",
    "phone": "+16175550188",
    "zone": "America/Chicago",
}
MOVE = {"deed": "move", "day": "2027-03-03", "at": "16:00", "minutes": "60", "onward": ""}
PAGES = [
    "/desk/",
    "/desk/cohorts",
    "/desk/cohorts/evening",
    "/desk/cohorts/evening?week=all",
    "/desk/sessions/evening.fam.jordan.w1/places",
    "/desk/letters",
    "/desk/letters?state=doubtful",
    "/desk/needs",
    "/desk/accounts/",
    "/desk/audit",
    "/desk/reason/jordan",
    "/desk/second-factor",
    "/desk/sign-ins",
    f"{SESSION}/lead",
    f"{SESSION}/swap",
    "/desk/disruptions?who=rivera&first=2027-03-01&last=2027-03-03",
    "/desk/caseload",
    "/desk/engagement",
    "/desk/reminders",
    "/desk/replies/",
    "/desk/evenings/",
    SESSION,
    f"{SESSION}/recording",
    f"{SESSION}/attendance",
    PATIENT,
    f"{PATIENT}/signing",
    f"{PATIENT}/texts",
    f"{PATIENT}/paper",
    f"{PATIENT}/stop",
    f"{PATIENT}/disclosures",
    f"{PATIENT}/contact/jordan-mother",
    f"{PATIENT}/readiness/jordan-mother",
    f"{PATIENT}/safe/jordan-mother",
    f"{PATIENT}/discharge",
    f"{PATIENT}/participation",
    f"{PATIENT}/stays",
    f"{PATIENT}/stays/pause",
    f"{PATIENT}/stays/move",
    f"{PATIENT}/details",
    f"{PATIENT}/appointments",
    f"{PATIENT}/hours/jordan-mother",
    f"{PATIENT}/relatives/add",
    "/desk/people?q=jordan",
    "/desk/people/admit",
    "/desk/people/join",
    "/desk/people/roster",
    "/desk/clinic-file",
    "/desk/cohorts/evening/places",
    "/desk/practice",
    "/desk/closures",
    "/desk/staff",
    "/desk/staff/new",
    "/desk/staff/rivera/setup",
    "/desk/rooms/new",
    "/desk/programs",
    "/desk/programs/adult/setup",
    "/desk/programs/adult/week",
    "/desk/programs/adult/versions",
    "/desk/broken",
    "/desk/lost-factor",
    "/desk/webhooks",
    "/desk/password",
    "/desk/passkeys",
    f"{PATIENT}/codes/jordan-mother",
    "/desk/cohorts/evening/setup",
    "/mine/busy/",
]
DEMO = ["/demo/mailbox", "/demo/phones", "/demo/styleguide"]
PHONE = "+16175550142"
SAID_BELOW = (
    r"\d+ days without a session after",
    r"The program has \d+ weeks; usual are \d+ to \d+: keep the reason on record",
    r"is planned \d+ times",
    r"has one address for all who were ever in it, .*? would keep them apart",
    r"the door for replies did not take the answer",
    r"This would break a rule: [^<]*",
    r"[^>]* engaged then, in [^<]*; choose another time",
)
"""Sentences that packages below the doors make themselves and keep in rows, so that no catalog can
say them when they are shown: what planning finds (in the document of a plan), and why an error
was raised. The desk is the only one to read them, in English.
"""
LETTER = "00000000000000000001-000000"


@pytest.fixture(scope="module")
def pseudo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pseudo_language(tmp_path_factory.mktemp("pseudo"), desk=True):
        yield


@pytest.fixture
def clock() -> Iterator[Watch]:
    """The clock of everything, on a day before the cohort starts."""
    watch = Watch(NOW)
    with turned_to(watch):
        yield watch


@pytest.fixture
def desk(sqlite_app: Flask, clock: Watch, pseudo: None) -> FlaskClient:
    """A coordinator at the desk of a practice that has published."""
    move_in()
    return at_the_desk(sqlite_app)


@pytest.fixture
def new_desk(sqlite_app: Flask, clock: Watch, pseudo: None) -> FlaskClient:
    """The same before anything is planned."""
    begin_anew()
    return at_the_desk(sqlite_app)


@pytest.fixture
def demo(sqlite_url: str, clock: Watch, pseudo: None, tmp_path: Path) -> Iterator[FlaskClient]:
    """The demo, with one letter in its mailbox."""
    app = create_app(replace(settings(sqlite_url, mail_in="lmtp://127.0.0.1:9"), demo=True))
    app.config["DEMO_MAILBOX"] = tmp_path / "mailbox"
    app.config["DEMO_MAILBOX"].mkdir()
    app.testing = True
    with app.app_context():
        move_in()
        invitation = db.session.scalars(select(Letter).where(Letter.kind == "invitation")).first()
        assert invitation is not None
        (app.config["DEMO_MAILBOX"] / f"{LETTER}.eml").write_bytes(invitation.mime)
        yield browser(app)
        db.session.remove()
        db.engine.dispose()


def at_the_desk(app: Flask) -> FlaskClient:
    client = browser(app)
    sam = person_by_key("desk")
    assert sam.clinician is not None
    sam.clinician.roles = (Role.COORDINATOR, Role.ADMINISTRATOR, Role.AUDITOR)
    db.session.commit()
    sign_in(client, sam)
    return client


def spoken(address: str) -> str:
    """Return an address that asks for the made-up language."""
    return f"{address}{'&' if '?' in address else '?'}lang={TAG}"


def do(client: FlaskClient, address: str, form: dict[str, str], page: str) -> TestResponse:
    """Send a form, and return its answer or the page that it leads to."""
    answer = send(client, spoken(address), form, page=spoken(page))
    return client.get(spoken(answer.location)) if answer.status_code == 303 else answer


SUBJECT = r"<span class=\"subject\">.*?</span>"


def read(page: TestResponse) -> list[str]:
    """Return what is left over on a page, which must be one in the made-up language; letters and
    their sources are their readers'.
    """
    assert f'<html lang="{TAG}"' in page.text
    theirs = (r"<pre\b.*?</pre>", r"<div class=\"letter\">.*?</div>", r"<code\b.*?</code>", SUBJECT)
    text = re.sub(f"(?s){'|'.join(theirs)}", " ", page.text)
    for sentence in SAID_BELOW:
        text = re.sub(sentence, " ", text)
    given = (*state_names().values(), *holidays_of_the_state())
    return left_over_on(text, (*NAMES, *given, *subjects(), *signed_words()))


def holidays_of_the_state() -> list[str]:
    """Return the names of public holidays, which are the law's and not the catalogs'."""
    year = NOW.date().replace(month=1, day=1)
    days = closed_days("MA", "closed", [], year, year.replace(year=year.year + 1, month=12, day=31))
    return sorted(set(days.values()), key=len, reverse=True)


def subjects() -> list[str]:
    """Return what letters say of themselves, in the languages of their readers."""
    db.session.rollback()
    found = []
    for letter in db.session.scalars(select(Letter)):
        found.append(str(message_from_bytes(letter.mime, policy=policy.default)["Subject"]))
    return found


def signed_words() -> list[str]:
    """Return what may be chosen and is signed, in the words it is signed in."""
    words = [wording("HL Scheduling", PHONE)]
    for name, told in purpose_words("en").values():
        words += [name, told]
    return words


def proposal_arrives(clock: Watch, method: str = "COUNTER", sender: str | None = None) -> str:
    """Let the mother mail about her first date; return the id of her reply."""
    clock.moment += timedelta(minutes=5)
    told = min(told_dates([person_by_key("jordan-mother").id]), key=lambda date: date.begins_at)
    row = db.session.get(Invitation, told.uid)
    assert row is not None
    said = Said(
        told.uid,
        told.begins_at + timedelta(hours=2),
        clock.moment - timedelta(minutes=1),
        who="dana@family.example",
        method=method,
        word="TENTATIVE" if method == "COUNTER" else "DECLINED",
        sequence=row.sequence,
        recurrence=told.recurrence,
    )
    receive(mailed("gmail", said, sender=sender), by="reply", now=clock.moment)
    db.session.commit()
    (held,) = waiting_replies()
    held_id = held.id
    db.session.rollback()
    return held_id


@pytest.mark.parametrize("page", PAGES)
def test_pages_of_the_desk_have_no_left_overs(desk: FlaskClient, page: str) -> None:
    answer = desk.get(spoken(page))

    assert (answer.status_code, read(answer)) == (200, [])


def test_opened_letter_has_no_left_overs(desk: FlaskClient) -> None:
    letter_id = db.session.scalars(select(Letter.id).where(Letter.kind == "invitation")).first()
    db.session.rollback()

    opened = desk.get(spoken(f"/desk/letters/{letter_id}"))

    assert opened.status_code == 200
    assert "Back to the letters" not in opened.text


def test_every_page_of_the_desk_and_the_demo_is_read(demo: FlaskClient) -> None:
    publication = "/desk/cohorts/evening/publish"
    letter = f"/demo/letters/{LETTER}/page"
    adapter = demo.application.url_map.bind("")
    seen = {adapter.match(page.partition("?")[0])[0] for page in [*PAGES, *DEMO]}
    discard = "/desk/cohorts/evening/discard"
    opened = f"/desk/letters/{LETTER}"
    ahead = (f"{SESSION}/look", f"{SESSION}/lead/look", f"{SESSION}/swap/look")
    disruptions = ("/desk/disruptions/look", f"/desk/disruptions/{LETTER}")
    others = (publication, discard, letter, opened, *ahead, *disruptions)
    seen |= {adapter.match(page)[0] for page in others}
    rules = demo.application.url_map.iter_rules()
    ours = [rule for rule in rules if rule.rule.startswith(("/desk", "/demo", "/mine/busy"))]

    assert {rule.endpoint for rule in ours if "GET" in (rule.methods or ())} == seen


@pytest.mark.parametrize("page", ["/desk/", "/desk/cohorts/evening", "/desk/letters", PATIENT])
def test_desk_before_any_plan_has_no_left_overs(new_desk: FlaskClient, page: str) -> None:
    answer = new_desk.get(spoken(page))

    assert (answer.status_code, read(answer)) == (200, [])


def test_plan_and_its_publication_have_no_left_overs(new_desk: FlaskClient) -> None:
    weeks = "/desk/cohorts/evening"
    planned = do(new_desk, f"{weeks}/plan", {}, weeks)
    preview = new_desk.get(spoken(f"{weeks}/publish"))
    shown = re.search(r'name="proposal" value="([0-9a-f]{32})"', preview.text)
    assert shown is not None
    discard = new_desk.get(spoken(f"{weeks}/discard"))
    published = do(new_desk, f"{weeks}/publish", {"proposal": shown[1]}, f"{weeks}/publish")

    assert [read(page) for page in (planned, preview, discard, published)] == [[], [], [], []]


def test_printed_weeks_have_no_left_overs(desk: FlaskClient) -> None:
    weeks = "/desk/cohorts/evening"

    assert read(do(desk, f"{weeks}/print", {"week": "all"}, weeks)) == []


@pytest.mark.parametrize("deed", ["move", "cancel"])
def test_change_of_a_session_has_no_left_overs(desk: FlaskClient, deed: str) -> None:
    wish = MOVE | {"deed": deed}
    look = do(desk, f"{SESSION}/look", wish, SESSION)
    done = do(desk, SESSION, wish | {"seen": "1"}, SESSION)
    back = do(desk, f"{SESSION}/back", {}, SESSION)

    assert [read(page) for page in (look, done, back)] == [[], [], []]


@pytest.mark.parametrize("minutes", [0, 20])
def test_room_of_a_session_has_no_left_overs(
    sqlite_app: Flask, desk: FlaskClient, clock: Watch, minutes: int
) -> None:
    clock.moment = datetime(2027, 3, 2, 22, tzinfo=UTC) - timedelta(minutes=minutes)
    leader = browser(sqlite_app)
    sign_in(leader, person_by_key("rivera"))
    room = do(leader, f"{SESSION}/room", {}, SESSION)

    assert (room.status_code, read(room), "video.example" in room.text) == (200, [], minutes == 0)


@pytest.mark.parametrize("form", [{}, MOVE | {"at": "17:00", "day": "2027-03-02"}])
def test_change_that_lacks_something_has_no_left_overs(
    desk: FlaskClient, form: dict[str, str]
) -> None:
    assert read(do(desk, f"{SESSION}/look", form, SESSION)) == []


@pytest.mark.parametrize("kind", ["never_invite", "do_not_contact", "deceased"])
def test_barrier_has_no_left_overs(desk: FlaskClient, kind: str) -> None:
    stop = f"{PATIENT}/stop"
    lacking = do(desk, f"{PATIENT}/bar", {"kind": kind, "person": "x"}, stop)
    form = {"kind": kind, "person": "jordan-mother", "reason": "12"}
    ahead = do(desk, f"{PATIENT}/bar", form, stop)
    kept_out = do(desk, f"{PATIENT}/bar", form | {"at_once": "1"}, stop)
    shown = desk.get(spoken(stop))

    assert [read(page) for page in (lacking, ahead, kept_out, shown)] == [[], [], [], []]


def test_withdrawal_at_the_desk_has_no_left_overs(desk: FlaskClient) -> None:
    stop = f"{PATIENT}/stop"
    nobody = do(desk, stop, {}, stop)
    unknown = do(desk, stop, {"person": "x"}, stop)
    done = do(desk, stop, {"person": "*"}, stop)
    patient = desk.get(spoken(PATIENT))

    assert [read(page) for page in (nobody, unknown, done, patient)] == [[], [], [], []]


def test_paper_typed_off_has_no_left_overs(desk: FlaskClient) -> None:
    paper = f"{PATIENT}/paper"
    lacking = do(desk, paper, {}, paper)
    far = do(desk, paper, {"signed": "1900-01-01"}, paper)
    form = {"person": "jordan-mother", "purpose": "family_therapy", "ending": "discharge"}
    recorded = do(desk, paper, form | {"signed": "2027-02-20"}, paper)

    assert [read(page) for page in (lacking, far, recorded)] == [[], [], []]


def test_paper_older_than_a_withdrawal_has_no_left_overs(desk: FlaskClient) -> None:
    paper = f"{PATIENT}/paper"
    do(desk, f"{PATIENT}/stop", {"person": "*"}, f"{PATIENT}/stop")
    form = {"person": "jordan-mother", "purpose": "family_therapy", "ending": "discharge"}

    assert read(do(desk, paper, form | {"signed": "2027-02-20"}, paper)) == []


def test_authority_and_finding_have_no_left_overs(desk: FlaskClient) -> None:
    signing = f"{PATIENT}/signing"
    authority = {"name": "Dana Lee", "evidence": "12", "capacity": "proxy", "first": "2027-01-01"}
    recorded = do(desk, f"{PATIENT}/authority", authority, signing)
    finding = {"circumstance": "incapable", "since": "2027-02-01", "ground": "12"}
    found = do(desk, f"{PATIENT}/finding", finding, signing)

    assert [read(page) for page in (recorded, found)] == [[], []]


@pytest.mark.parametrize("what", ["agree", "end"])
def test_agreement_to_texts_has_no_left_overs(desk: FlaskClient, what: str) -> None:
    texts = f"{PATIENT}/texts"
    person_by_key("jordan-mother").phone = PHONE
    db.session.commit()
    do(desk, texts, {"person": "jordan-mother", "what": "agree"}, texts)

    assert read(do(desk, texts, {"person": "jordan-mother", "what": what}, texts)) == []


def test_reminders_that_are_kept_have_no_left_overs(desk: FlaskClient) -> None:
    form = {"program": "adult", "audience": "relative", "earliest": "8", "latest": "20"}

    assert read(do(desk, "/desk/reminders", form, "/desk/reminders")) == []


def test_proposal_of_another_time_has_no_left_overs(desk: FlaskClient, clock: Watch) -> None:
    replies = "/desk/replies/"
    held = proposal_arrives(clock)
    waiting = desk.get(spoken(replies))
    unsaid = do(desk, f"{replies}{held}", {}, replies)
    look = do(desk, f"{replies}{held}/look", {}, replies)
    taken = do(desk, f"{replies}{held}", {"decision": "accept", "seen": "1"}, replies)

    assert [read(page) for page in (waiting, unsaid, look, taken)] == [[], [], [], []]


def test_proposal_that_is_declined_has_no_left_overs(desk: FlaskClient, clock: Watch) -> None:
    held = proposal_arrives(clock)

    assert read(do(desk, f"/desk/replies/{held}", {"decision": "decline"}, "/desk/replies/")) == []


def test_answer_that_is_not_certain_has_no_left_overs(desk: FlaskClient, clock: Watch) -> None:
    replies = "/desk/replies/"
    held = proposal_arrives(clock, "REPLY", sender="lee@other.example")
    waiting = desk.get(spoken(replies))
    counted = do(desk, f"{replies}{held}", {"decision": "count"}, replies)
    patient = desk.get(spoken(PATIENT))

    assert [read(page) for page in (waiting, counted, patient)] == [[], [], []]


@pytest.mark.parametrize("what", ["send", "none"])
def test_letters_held_after_a_restore_have_no_left_overs(desk: FlaskClient, what: str) -> None:
    db.session.add(Hold(since=NOW, reason="12"))
    db.session.commit()
    held = desk.get(spoken("/desk/letters"))
    go_on = do(desk, "/desk/letters/release", {"what": what}, "/desk/letters")

    assert [read(page) for page in (held, go_on)] == [[], []]


def test_task_has_no_left_overs(desk: FlaskClient) -> None:
    patient = person_by_key("jordan").id
    tasks.raise_task("unanswered", "12", "34", about_id=patient, now=NOW)
    db.session.commit()

    assert read(desk.get(spoken("/desk/needs"))) == []


def test_busy_times_have_no_left_overs(desk: FlaskClient) -> None:
    busy = "/mine/busy/"
    nothing = do(desk, busy, {}, busy)
    followed = do(desk, f"{busy}address", {"address": "https://cal.example/a.ics"}, busy)
    forgotten = do(desk, f"{busy}forget", {}, busy)

    assert [read(page) for page in (nothing, followed, forgotten)] == [[], [], []]


@pytest.mark.parametrize("page", DEMO)
def test_pages_of_the_demo_have_no_left_overs(demo: FlaskClient, page: str) -> None:
    answer = demo.get(spoken(page))

    assert (answer.status_code, read(answer)) == (200, [])


def test_answer_in_the_demo_that_did_not_arrive_has_no_left_overs(demo: FlaskClient) -> None:
    answer = do(demo, f"/demo/letters/{LETTER}/answer", {"answer": "yes"}, "/demo/mailbox")

    assert read(answer) == []


def test_phone_in_the_demo_has_no_left_overs(demo: FlaskClient, tmp_path: Path) -> None:
    phones = tmp_path / "phones"
    phones.mkdir()
    for moment, kind, to in (("1", "json", "to"), ("2", "said", "from")):
        path = phones / f"{moment:0>20}-{moment:0>32}.{kind}"
        path.write_text(json.dumps({to: PHONE, "text": "34"}))
    talk = demo.get(spoken("/demo/phones"))
    nothing = demo.get(spoken("/demo/phones?number=12"))

    assert [read(page) for page in (talk, nothing)] == [[], []]


@pytest.mark.parametrize(
    ("page", "form"),
    [
        (
            "contact/jordan-mother",
            DANA,
        ),
        ("readiness/jordan-mother", {"ready": "no", "reason": "12"}),
        ("readiness/jordan-mother", {}),
        ("discharge", {"last": "2027-03-03"}),
        ("discharge", {}),
    ],
)
def test_what_is_shown_before_a_patients_people_change_has_no_left_overs(
    desk: FlaskClient, page: str, form: dict[str, str]
) -> None:
    address = f"{PATIENT}/{page}"

    assert read(do(desk, address, form, address)) == []
