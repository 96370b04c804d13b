"""Every surface the outside can read, one by one: even confirming that somebody comes here is a
disclosure.

A mother is invited, reminded, told of a change and of an end; a father without consent stands by.
"""

import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
import vobject
from flask import Flask
from sqlalchemy import select

from cast import NEW_YORK
from fakes.post_office import Arrived, PostOffice
from household import NOW, Household, place, stand_up
from scheduler import consents, feeds, tasks
from scheduler.invitations import Notice, Reader, announce, lint, names_to_keep_in, reminder_text
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people.models import Role
from scheduler.programs.models import VideoRoom
from scheduler.worker.jobs import DEEDS
from visitor import browser, send, sign_in, words, work

ROOT = Path(__file__).resolve().parents[2]
STATIC, TEMPLATES = ROOT / "scheduler" / "web" / "static", ROOT / "templates"
MOTHER = "m@family.example"
NEUTRAL = (
    r"(Changed: |No longer on your calendar: |Today: |Tomorrow: |In one hour: |Soon: )?"
    r"Appointment (from )?\w{3} \d+ \w+, \d+:\d\d [AP]M(, Chicago time)?|Your code"
)


@pytest.fixture
def home(sqlite_app: Flask, sqlite_home: Household, post_office: PostOffice) -> Household:
    """Letters of every kind have left for the mother: invitation, code, reminder, change,
    cancellation.
    """
    home = sqlite_home
    home.consent()
    session = home.appointment(1)
    session.room = VideoRoom(key="room-a", url="https://video.example/a", dial_in="+16175550100")
    place(session, (NOW + timedelta(hours=10)).astimezone(NEW_YORK).replace(tzinfo=None))
    carry(sqlite_app)
    ask_for_a_code(sqlite_app, post_office)
    place(
        db.session.merge(session),
        (NOW + timedelta(hours=12)).astimezone(NEW_YORK).replace(tzinfo=None),
    )
    carry(sqlite_app)
    mother, jordan = db.session.merge(home.mother), db.session.merge(home.jordan)
    consents.revoke(person=mother, patient=jordan, by="command", now=NOW)
    carry(sqlite_app)
    return home


def carry(app: Flask) -> None:
    db.session.commit()
    announce(by="command", now=NOW)
    db.session.commit()
    work(app)


def ask_for_a_code(app: Flask, office: PostOffice) -> None:
    page = link_in(office.to(MOTHER)[0])
    send(browser(app), f"{page}/send", page=page)
    carry(app)


def link_in(letter: Arrived) -> str:
    found = re.search(r"https://hl-sched\.example(/i/\S+)", letter.part("plain"))
    assert found is not None
    return found[1]


def events(letters: list[Arrived]) -> list[vobject.base.Component]:
    bodies = [letter.calendar.decode() for letter in letters if letter.calendar]
    return [event for body in bodies for event in vobject.readOne(body).vevent_list]


def subjects_to_her(office: PostOffice) -> list[str]:
    """Return the subjects of her letters; one of just 77 letters is folded after its name."""
    return [str(letter.message["Subject"]).strip() for letter in office.to(MOTHER)]


def own_words(letter: EmailMessage) -> list[str]:
    return [
        str(part.get_content()) for part in letter.walk() if part.get_content_maintype() == "text"
    ]


def test_letters_of_every_kind_went_to_the_mother_and_none_to_the_father(
    home: Household, post_office: PostOffice
) -> None:
    subjects = [re.sub(r" \w{3} \d+ .*", "", subject) for subject in subjects_to_her(post_office)]

    assert set(subjects) == {
        "Appointment",
        "Your code",
        "Changed: Appointment",
        "No longer on your calendar: Appointment",
    }
    assert post_office.to(home.father.email) == []


def test_subject_says_when_and_nothing_else(home: Household, post_office: PostOffice) -> None:
    subjects = subjects_to_her(post_office)

    assert [each for each in subjects if not re.fullmatch(NEUTRAL, each)] == []


def test_body_has_no_hidden_beginning_that_a_list_of_mail_would_show(
    home: Household, post_office: PostOffice
) -> None:
    secrets = names_to_keep_in(["Jordan Lee", "Ana Rivera", "Small Pines Practice"])
    pages = [one.part("html") for one in post_office.to(MOTHER)]

    assert [
        page for page in pages if "display:none" in page.replace(" ", "") or "hidden" in page
    ] == []
    assert [finding for page in pages for finding in lint(page, secrets)] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_text_message_says_who_writes_and_when_and_nothing_else(language: str) -> None:
    notice = Notice(
        title="Appointment",
        sender="SP Calendar",
        zone="America/New_York",
        link="https://hl-sched.example/j/" + "x" * 43,
        now=((NOW, 60),),
    )
    said = reminder_text(notice, Reader(language, "America/Chicago"), asks=True)

    assert said.startswith("SP Calendar: ")
    assert (lint(said), len(said) <= 160) == ([], True)


def test_nothing_is_pushed_to_any_device() -> None:
    ours = [
        path.read_text() for folder in (STATIC, TEMPLATES) for path in sorted(folder.rglob("*.*"))
    ]

    assert len(ours) > 30
    assert [
        word
        for word in ("serviceWorker", "PushManager", "Notification(", "manifest")
        for text in ours
        if word in text
    ] == []


def test_letters_are_signed_by_the_practices_own_mail_server_if_at_all(
    home: Household, post_office: PostOffice
) -> None:
    headers = {name for one in post_office.messages for name in one.message}

    assert {"DKIM-Signature", "ARC-Seal"} & headers == set()


def test_sender_reply_address_message_id_and_envelope_are_the_neutral_identity(
    home: Household, post_office: PostOffice
) -> None:
    for letter in post_office.to(MOTHER):
        message = letter.message
        assert message["From"].addresses[0].domain == letter.sender.rpartition("@")[2]
        assert (
            str(message["Message-ID"])
            .rstrip(">")
            .endswith(f"@{message['From'].addresses[0].domain}")
        )
        assert [
            name
            for name in ("Reply-To", "Sender", "List-Unsubscribe", "Cc", "Bcc")
            if message[name]
        ] == []
        assert lint(str(message["From"]), ["Small Pines Practice"]) == []


def test_link_host_and_page_title_are_neutral(
    home: Household, sqlite_app: Flask, post_office: PostOffice
) -> None:
    first = browser(sqlite_app).get("/")

    hosts = {
        host
        for one in post_office.to(MOTHER)
        for host in re.findall(r"https?://([^/\s\"<]+)", one.part("plain"))
    }
    assert hosts == {"hl-sched.example"}
    assert lint(re.findall(r"<title>(.*?)</title>", first.text)[0]) == []
    assert lint((STATIC / "icon.svg").read_text()) == []


def test_entry_says_appointment_and_leaves_every_other_field_neutral(
    home: Household, post_office: PostOffice
) -> None:
    found = events(post_office.to(MOTHER))
    telling = {"categories", "comment", "contact", "resources", "geo", "attach", "related-to"}

    assert {event.summary.value for event in found} == {"Appointment"}
    assert [event for event in found if telling & set(event.contents)] == []
    for event in found:
        for name in {"description", "location", "url"} & set(event.contents):
            assert lint(event.contents[name][0].value) == []
        if "location" in event.contents:
            assert event.location.value == "Online"


def test_organizer_is_the_role_mailbox_under_its_neutral_name(
    home: Household, post_office: PostOffice
) -> None:
    found = {
        (event.organizer.value, tuple(event.organizer.params.get("CN", [])))
        for event in events(post_office.to(MOTHER))
    }

    assert len(found) == 1
    ((address, names),) = found
    assert address.partition(":")[2] == post_office.messages[0].sender
    assert lint(" ".join(names), names_to_keep_in(["Ana Rivera", "Jordan Lee"])) == []


def test_recipient_is_the_only_attendee_and_the_only_one_addressed(
    home: Household, post_office: PostOffice
) -> None:
    for letter in post_office.messages:
        assert len(letter.recipients) == 1
        assert [one.addr_spec for one in letter.message["To"].addresses] == letter.recipients
    assert {
        tuple(one.value.lower() for one in event.attendee_list)
        for event in events(post_office.to(MOTHER))
    } == {(f"mailto:{MOTHER}",)}


def test_uid_is_random_and_derived_from_nothing(home: Household, post_office: PostOffice) -> None:
    uids = {event.uid.value for event in events(post_office.to(MOTHER))}

    assert [uid for uid in uids if not re.fullmatch(r"[0-9a-f]{32}@[\w.-]+", uid)] == []
    for person in (home.jordan, home.mother, home.rivera):
        assert [uid for uid in uids if person.id in uid or person.key in uid] == []


def test_link_is_opaque_and_asks_for_a_code_before_any_detail(
    home: Household, sqlite_app: Flask, post_office: PostOffice
) -> None:
    home.consent()
    place(
        home.appointment(2, week=2),
        (NOW + timedelta(days=9)).astimezone(NEW_YORK).replace(tzinfo=None),
    )
    carry(sqlite_app)
    page = link_in(post_office.to(MOTHER)[-1])
    shut = browser(sqlite_app).get(page)

    assert re.fullmatch(r"/i/[\w-]{43}", page)
    assert shut.status_code == 200
    assert (
        lint(shut.text, names_to_keep_in(["Jordan Lee", "Ana Rivera", "Small Pines Practice"]))
        == []
    )


def test_rooms_address_stands_in_no_letter_and_no_entry(
    home: Household, post_office: PostOffice
) -> None:
    letters = [
        one.content.decode() + " ".join(own_words(one.message)) for one in post_office.messages
    ]

    assert [word for word in ("video.example", "room-a") for text in letters if word in text] == []


def test_no_alarm_is_sent_along(home: Household, post_office: PostOffice) -> None:
    assert [event for event in events(post_office.to(MOTHER)) if "valarm" in event.contents] == []


def test_product_is_neutral_and_calendars_and_parts_have_no_name(
    home: Household, post_office: PostOffice
) -> None:
    letters = [letter for letter in post_office.to(MOTHER) if letter.calendar is not None]
    assert letters != []
    for letter in letters:
        calendar = vobject.readOne(letter.calendar.decode())
        assert lint(calendar.prodid.value) == []
        assert {"name", "x-wr-calname"} & set(calendar.contents) == set()
        assert [part.get_filename() for part in letter.message.walk() if part.get_filename()] == []


def test_class_is_private(home: Household, post_office: PostOffice) -> None:
    requests = [one for one in post_office.to(MOTHER) if b"METHOD:REQUEST" in (one.calendar or b"")]

    assert {event.contents["class"][0].value for event in events(requests)} == {"PRIVATE"}


def test_feed_is_secret_neutral_and_empties_with_the_consent(
    home: Household, sqlite_app: Flask
) -> None:
    token = feeds.make(home.mother, by="command", now=NOW)
    db.session.commit()
    answer = browser(sqlite_app).get(f"/feeds/{token}.ics")

    assert (answer.status_code, answer.data.count(b"BEGIN:VEVENT")) == (200, 0)
    assert re.fullmatch(r"[\w-]{43}", token)
    assert answer.headers["Cache-Control"].startswith("private")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert b"X-WR-CALNAME:My appointments" in answer.data
    assert lint(answer.data, names_to_keep_in(["Jordan Lee", "Small Pines Practice"])) == []


def test_cancellation_names_its_one_attendee_and_never_why(
    home: Household, post_office: PostOffice
) -> None:
    (gone,) = [one for one in post_office.to(MOTHER) if b"METHOD:CANCEL" in (one.calendar or b"")]
    said = " ".join([str(gone.message["Subject"]), *own_words(gone.message)]).lower()

    assert [
        word for word in ("withdrawn", "consent", "revoked", "permission") if word in said
    ] == []
    assert [len(event.attendee_list) for event in events([gone])] == [1]
    assert [event for event in events([gone]) if "status" in event.contents] == []
    assert f"mailto:{home.father.email}" not in said


def test_address_that_bounces_is_not_tried_elsewhere_and_is_a_task_for_staff(
    sqlite_app: Flask, post_office: PostOffice
) -> None:
    home = stand_up()
    home.consent()
    home.appointment(1)
    post_office.refuse[MOTHER] = "550 no such mailbox"
    carry(sqlite_app)
    carry(sqlite_app)

    assert post_office.messages == []
    assert [(row.address, row.state) for row in db.session.scalars(select(Letter))] == [
        (MOTHER, LetterState.SET_ASIDE),
    ]
    (task,) = tasks.open_tasks()
    assert (task.about_id, task.words.startswith(f"A letter to {MOTHER} came back (RCPT: 550")) == (
        home.mother.id,
        True,
    )
    assert "may be a breach to report" in task.words


def test_staff_errors_and_jobs_name_nobody(home: Household, sqlite_app: Flask) -> None:
    desk = browser(sqlite_app)
    rivera = db.session.merge(home.rivera)
    assert rivera.clinician is not None
    rivera.clinician.roles = (Role.COORDINATOR,)
    sign_in(desk, rivera)
    pages = [desk.get(f"/desk/patients/{key}") for key in ("jordan-lee", "p-1-mother", "rivera")]

    assert [page.status_code for page in pages] == [404] * 3
    assert len({words(page) for page in pages}) == 1
    assert [name for name, _ in DEEDS if lint(name)] == []


def test_figures_name_nobody(home: Household, sqlite_app: Flask) -> None:
    said = browser(sqlite_app).get("/metrics").text.casefold()

    assert [
        word
        for word in ("jordan", "lee", "dana", "rivera", "@", "family", "pines", "p-1")
        if word in said
    ] == []


def test_log_holds_no_name_and_no_address(
    sqlite_app: Flask, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    home = stand_up()
    home.consent()
    home.appointment(1)
    names = [
        "Jordan Lee",
        "Dana",
        "Miguel",
        "Rivera",
        "Small Pines Practice",
        MOTHER,
        home.father.email,
    ]
    post_office.answer = "451 try later"
    carry(sqlite_app)

    ours = [one.getMessage() for one in caplog.records if one.name.startswith("scheduler")]
    assert [(line, name) for line in ours for name in names if name in line] == []
