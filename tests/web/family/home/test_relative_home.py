"""A relative's own pages: a note, another time, what helps, how ready, silence, one date alone; the
father without consent stands by and is offered nothing of the patient's.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cast import Cast, assemble, grant, session
from scheduler import consents, feeds, homes
from scheduler.homes import Needs
from scheduler.invitations import (
    announce,
    change_way,
    invitations_of,
    link_token,
    note_answer,
    told_dates,
)
from scheduler.invitations.model.models import Answer, HeldReply
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import Window, choose_calendar
from scheduler.people.models import Way
from scheduler.programs import Kind
from scheduler.programs.models import VideoRoom
from scheduler.sessions import edit_sessions
from scheduler.sessions.models import Session
from scheduler.tasks import open_tasks
from visitor import browser, send, sign_in, words
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
AT = datetime(2027, 3, 9, 16, 0)


@pytest.fixture
def stage(client: FlaskClient, watch: Watch) -> Cast:
    return assemble()


def invited(stage: Cast) -> tuple[Session, str]:
    """A family session that the mother is invited to, and the address of her page."""
    row = session(stage, AT)
    announce(by="desk", now=NOW)
    db.session.commit()
    (invitation,) = invitations_of(stage.dana.id)
    return row, f"/i/{link_token(invitation.uid)}"


def held() -> list[HeldReply]:
    db.session.rollback()
    return list(db.session.scalars(select(HeldReply)))


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def test_note_with_an_answer_waits_for_staff(client: FlaskClient, stage: Cast) -> None:
    _, page = invited(stage)
    sign_in(client, stage.dana)
    answer = send(client, f"{page}/answer", {"answer": "yes", "note": " I may be late "}, page=page)

    (row,) = held()
    assert (answer.status_code, row.comment, row.person_id) == (
        303,
        "I may be late",
        stage.dana.id,
    )
    sign_in(client, stage.jordan)
    assert "late" not in client.get("/mine/").text


def test_note_of_too_many_letters_is_kept_and_nothing_answered(
    client: FlaskClient, stage: Cast
) -> None:
    _, page = invited(stage)
    sign_in(client, stage.dana)
    answer = send(client, f"{page}/answer", {"answer": "yes", "note": "a" * 501}, page=page)

    assert (answer.status_code, "a" * 501 in answer.text, held()) == (422, True, [])
    assert "So far you said" not in words(client.get(page))


def offered(text: str) -> list[str]:
    return re.findall(r'name="start" value="([^"]+)"', text)


def way_to_other_times(client: FlaskClient, page: str) -> str:
    found = re.search(r'href="(/i/[^"]+/other-time\?date=[^"]+)"', client.get(page).text)
    assert found is not None
    return found[1].replace("&#43;", "+")


def test_another_time_is_asked_for_and_the_old_one_stands(client: FlaskClient, stage: Cast) -> None:
    stage.dana.free = (Window(("tue", "wed"), 14 * 60, 18 * 60),)
    row, page = invited(stage)
    sign_in(client, stage.dana)
    way = way_to_other_times(client, page)
    shown = client.get(way)
    start = offered(shown.text)[0]
    name = re.search(r'name="date" value="([^"]+)"', shown.text)
    assert name is not None
    said = {"date": name[1].replace("&#43;", "+"), "start": start}
    answer = send(client, f"{page}/other-time", said, page=way)

    hers = [datetime.fromisoformat(each) - timedelta(hours=1) for each in offered(shown.text)]
    assert all(each.weekday() in {1, 2} and 14 <= each.hour < 18 for each in hers)
    (proposal,) = held()
    assert (answer.status_code, proposal.starts_at is not None) == (303, True)
    assert row.starts_local == "2027-03-09T16:00"
    assert offered(shown.text)[:6] == sorted(offered(shown.text)[:6])
    assert "Until they say yes, the time stays as it is now." in words(client.get(page))
    again = words(client.get(page))
    assert "Your clinic will answer. Until then, the time stays as it is now." in again
    assert f"You asked for this time instead: {hers[0]:%a} {hers[0].day} {hers[0]:%B}," in again


def test_time_that_is_gone_is_not_asked_for(client: FlaskClient, stage: Cast) -> None:
    _, page = invited(stage)
    sign_in(client, stage.dana)
    way = way_to_other_times(client, page)
    shown = client.get(way).text
    start = offered(shown)[0]
    name = re.search(r'name="date" value="([^"]+)"', shown)
    assert name is not None
    taken = session(stage, datetime(2027, 3, 30, 9, 0), kind=Kind.INDIVIDUAL, series="one")
    edit_sessions(taken, to=datetime.fromisoformat(start), by="desk", now=NOW)
    db.session.commit()
    said = {"date": name[1].replace("&#43;", "+"), "start": start}
    answer = send(client, f"{page}/other-time", said, page=way)

    assert (answer.status_code, held()) == (409, [])
    assert "That time is gone by now. Choose another one." in words(answer)
    assert start not in offered(answer.text)


def test_hours_that_leave_nothing_say_what_to_do(client: FlaskClient, stage: Cast) -> None:
    stage.dana.free = (Window(("tue",), 15 * 60, 16 * 60),)
    _, page = invited(stage)
    stage.jordan.free = (Window(("tue",), 16 * 60, 17 * 60, AT.date()),)
    db.session.commit()
    sign_in(client, stage.dana)
    said = words(client.get(way_to_other_times(client, page)))

    assert "There is no other time near at which all could come." in said


def test_other_times_are_shown_to_nobody_else(client: FlaskClient, stage: Cast) -> None:
    _, page = invited(stage)
    sign_in(client, stage.dana)
    way = way_to_other_times(client, page)
    stranger = browser(client.application).get(way)
    sign_in(client, stage.miguel)
    father = client.get(way)

    assert [answer.status_code for answer in (stranger, father)] == [303, 303]


def test_what_helps_and_how_ready_reach_staff(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)
    send(client, "/family/helps", {"interpreter": "es", "captions": "yes", "other": " "})
    ready = dict.fromkeys(("room", "device", "time", "calm"), "yes") | {"room": "no"}
    send(client, "/family/ready", ready)

    kinds = {task.kind for task in open_tasks()}
    assert {"family_needs", "self_check"} <= kinds
    assert "checked" in client.get("/family/helps").text


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("/family/helps", {"interpreter": "tlh"}),
        ("/family/helps", {"other": "a" * 301}),
        ("/family/helps", {"other": " "}),
        ("/family/ready", {"room": "yes"}),
        ("/family/ready", {"room": "x", "device": "yes", "time": "yes", "calm": "yes"}),
    ],
)
def test_bad_word_of_what_helps_is_refused_beside_its_field(
    client: FlaskClient, stage: Cast, page: str, said: dict[str, str]
) -> None:
    sign_in(client, stage.dana)
    answer = send(client, page, said)

    assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
    assert [task.kind for task in open_tasks()] == []


def test_what_helped_may_be_taken_back(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    sign_in(client, stage.dana)
    send(client, "/family/helps", {"captions": "yes"})
    watch.moment = NOW + timedelta(minutes=1)

    assert send(client, "/family/helps", {}).status_code == 303
    assert homes.needs_of(stage.dana) == Needs()


def test_thanks_in_spanish_name_the_day_with_its_article(client: FlaskClient, stage: Cast) -> None:
    _, page = invited(stage)
    stage.dana.language = "es"
    (date,) = told_dates([stage.dana.id])
    name = date.recurrence.isoformat()
    db.session.commit()
    sign_in(client, stage.dana)
    send(client, f"{page}/answer", {"answer": "yes", "date": name}, page=page)

    said = words(client.get(f"{page}?dates=all"))
    assert "Gracias. Su respuesta para el martes 9 de marzo, " in said


def test_relative_sets_phone_zone_and_language_but_no_address(
    client: FlaskClient, stage: Cast
) -> None:
    """The old number is no reason to write to the father, who has no consent."""
    kept = []
    for person in (stage.dana, stage.miguel):
        person.phone = "+16175550199"
        db.session.commit()
        sign_in(client, person)
        before = person.email
        seen = client.get("/mine/contact").text.partition('name="seen" value="')[2]
        form = {"phone": "+1 617 555 0123", "zone": "America/Bogota", "language": "es"}
        form |= {"email": "x@y.example", "seen": seen.partition('"')[0]}
        send(client, "/mine/contact", form)
        db.session.refresh(person)
        is_same = person.email == before
        kept.append((person.phone, person.zone, person.language, is_same))

    told = select(Letter.recipient_id).where(Letter.kind == "contact")
    assert kept == [("+16175550123", "America/Bogota", "es", True)] * 2
    assert db.session.scalars(told).all() == [stage.dana.id]


def test_clock_of_the_clinic_stands_quietly_behind_the_own(
    client: FlaskClient, stage: Cast
) -> None:
    _, page = invited(stage)
    sign_in(client, stage.dana)

    for address in ("/family", page):
        shown = plain(client.get(address).text).replace("\N{WORD JOINER}", "")
        assert 'PM, Chicago time <span class="held">(4:00 – 5:00 PM, New York time)' in shown


def test_mother_of_two_patients_says_it_for_one(client: FlaskClient, stage: Cast) -> None:
    """One human in two families is two strangers: a word of one page is on none of the other's."""
    stage.dana.body_id = stage.miguel.body_id = stage.dana.id
    db.session.commit()
    homes.tell_needs(stage.dana, Needs("es"), now=NOW)
    homes.stop_contact(stage.dana, by="dana", now=NOW)
    db.session.commit()
    sign_in(client, stage.miguel)

    said = words(client.get("/family/helps")) + words(client.get("/family/stop"))
    assert homes.needs_of(stage.miguel) == Needs()
    assert ("Nothing is sent to you" in said, "Dana" in said) == (False, False)


def test_silence_is_asked_once_more_and_told_to_staff_alone(
    client: FlaskClient, stage: Cast
) -> None:
    invited(stage)
    sign_in(client, stage.jordan)
    before = words(client.get("/mine/"))
    written = len(db.session.scalars(select(Letter)).all())
    sign_in(client, stage.dana)
    send(client, "/family/stop")
    said, home = (words(client.get(page)) for page in ("/family/stop", "/family"))
    sign_in(client, stage.jordan)

    since = "You asked us on 2 March 2027 to stop."
    assert [page.count(since) for page in (said, home)] == [1, 1]
    assert ("a letter tells you" in home, "The one way back: call us." in home) == (False, True)
    assert consents.standing_grant(stage.dana, NOW) is None, "no code is mailed to them"
    assert words(client.get("/mine/")) == before
    assert len(db.session.scalars(select(Letter)).all()) == written
    assert [task.kind for task in open_tasks()] == ["stop_contact"]


def test_dates_of_who_has_an_address_alone_stand_on_their_page(
    client: FlaskClient, stage: Cast
) -> None:
    session(stage, AT)
    feeds.make(stage.dana, by="dana", now=NOW)
    choose_calendar(stage.dana, way=Way.FEED, first_names=False, by="dana", now=NOW)
    announce(by="desk", now=NOW)
    db.session.commit()
    pages = []
    for person in (stage.dana, stage.miguel):
        sign_in(client, person)
        pages.append(plain(words(client.get("/family"))))

    times = "Family session Tue 9 March, 3:00 – 4:00 PM, Chicago time"
    assert [times in page for page in pages] == [True, False]


def test_each_date_stands_once_with_its_answer_however_it_comes(
    client: FlaskClient, stage: Cast
) -> None:
    over, _page = invited(stage)
    session(stage, AT + timedelta(days=7), series="another")
    announce(by="desk", now=NOW)
    feeds.make(stage.dana, by="dana", now=NOW)
    change_way(stage.dana, way=Way.FEED, by="dana", now=NOW)
    note_answer(over, stage.dana, Answer.DECLINED, by="dana", now=NOW)
    db.session.commit()
    sign_in(client, stage.dana)

    page = client.get("/family")

    said = plain(words(page))
    assert re.findall(r"Tue \d+ March", said) == ["Tue 9 March", "Tue 16 March"]
    assert "4:00 – 5:00 PM, New York time) You said no. Change my answer Family" in said
    assert page.text.count('class="entry"') == 2


def test_entry_of_a_calendar_leads_its_owner_alone_to_the_page_of_its_date(
    client: FlaskClient, stage: Cast
) -> None:
    row, page = invited(stage)
    found = {}
    for name, person in (("dana", stage.dana), ("miguel", stage.miguel), ("jordan", stage.jordan)):
        sign_in(client, person)
        found[name] = client.get(f"/date/{row.id}").location
    stranger = browser(client.application).get(f"/date/{row.id}")

    assert found == {
        "dana": f"{page}?dates=all",
        "miguel": None,
        "jordan": f"/mine/#date-{row.id}",
    }
    assert (stranger.status_code, stranger.location) == (303, "/")


def test_entry_of_a_date_without_a_page_leads_to_what_begins_one(
    client: FlaskClient, stage: Cast
) -> None:
    row = session(stage, AT)
    feeds.make(stage.dana, by="dana", now=NOW)
    choose_calendar(stage.dana, way=Way.FEED, first_names=False, by="dana", now=NOW)
    db.session.commit()
    sign_in(client, stage.dana)

    shown = client.get(f"/date/{row.id}")
    led = send(client, "/family/date", {"session": row.id}, page=f"/date/{row.id}")

    assert "Say if you come" in words(shown)
    assert led.location.startswith("/i/")


def test_address_ends_in_one_tap_and_is_nothing_after_a_fortnight(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    session(stage, AT)
    token = feeds.make(stage.dana, by="dana", now=NOW)
    db.session.commit()
    sign_in(client, stage.dana)
    send(client, "/family/calendar/end", page="/family/calendar/")
    body = client.get(f"/feeds/{token}.ics").text
    answers = []
    for days in (13, 14):
        watch.moment = NOW + timedelta(days=days)
        answers.append(browser(client.application).get(f"/feeds/{token}.ics").status_code)

    assert (body.count("BEGIN:VEVENT"), "20000101T120000" in body, "20270309" in body) == (
        1,
        True,
        False,
    )
    assert answers == [200, 404]


def test_one_date_is_a_neutral_file_for_whom_it_is(client: FlaskClient, stage: Cast) -> None:
    _, page = invited(stage)
    sign_in(client, stage.dana)
    found = re.search(r'href="(/i/[^"]+/date\.ics\?date=[^"]+)"', client.get(page).text)
    assert found is not None
    way = found[1].replace("&#43;", "+")
    file = client.get(way)
    send(client, f"{page}/answer", {"answer": "no"}, page=page)
    refused = client.get(way)
    sign_in(client, stage.miguel)
    father = client.get(way)

    assert (file.status_code, file.mimetype, father.status_code) == (200, "text/calendar", 404)
    assert file.headers["Content-Disposition"] == 'attachment; filename="appointment.ics"'
    assert file.text.count("BEGIN:VEVENT") == 1
    assert "DTSTART;TZID=America/New_York:20270309T160000" in file.text
    assert "SUMMARY:Appointment" in file.text
    free = "TRANSP:TRANSPARENT"
    assert [free in one.text for one in (file, refused)] == [False, True]
    assert [name for name in ("Jordan", "Rivera", "Family") if name in file.text] == []
    unfolded = file.text.replace("\r\n ", "")
    links = set(re.findall(r"https?://\S+/", unfolded))
    assert links == {"https://hl-sched.example/date/"}


def test_group_is_entered_after_a_promise_asked_once(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    grant(stage.dana, stage.jordan, Kind.FAMILY_WORKSHOP)
    room = VideoRoom(key="room-a", url="https://video.example/a", dial_in=None)
    rows = []
    for day in (9, 16):
        row = session(stage, datetime(2027, 3, day, 19, 30), kind=Kind.FAMILY_WORKSHOP, week=day)
        row.series, row.room = "evening-2027-03.learn", room
        row.key = f"evening-2027-03.learn.{day}"
        rows.append(row)
    announce(by="desk", now=NOW)
    db.session.commit()
    uids = {date.session_id: date.uid for date in told_dates([stage.dana.id])}
    entered = []
    for row in rows:
        door = f"/j/{link_token(uids[row.id])}"
        watch.moment = row.starts_at
        sign_in(client, stage.dana)
        entered.append(send(client, door).text)
        if len(entered) == 1:
            entered.append(send(client, door, {"agree": "yes"}).text)

    assert ["https://video.example/a" in page for page in entered] == [False, True, True]
    assert "What they say stays in the room." in entered[0]


def test_right_to_left_name_stays_apart_from_the_words_around_it(
    client: FlaskClient, stage: Cast
) -> None:
    stage.dana.name = "דנה לי"
    invited(stage)
    sign_in(client, stage.jordan)

    assert "<bdi>דנה לי</bdi>" in client.get("/mine/").text


def test_answer_on_two_devices_at_once_is_told_to_the_second(
    client: FlaskClient, stage: Cast
) -> None:
    _, page = invited(stage)
    tablet = browser(client.application)
    forms = []
    for device in (client, tablet):
        sign_in(device, stage.dana)
        fields = re.findall(r'name="(csrf_token|opened)" value="([^"]+)"', device.get(page).text)
        forms.append(dict(fields[:2]))
    first = client.post(f"{page}/answer", data=forms[0] | {"answer": "yes"})
    second = tablet.post(f"{page}/answer", data=forms[1] | {"answer": "no"})

    assert (first.status_code, second.status_code) == (303, 409)
    assert "You sent this form from another browser after you opened it here" in second.text
    assert "So far you said yes." in words(client.get(page))
