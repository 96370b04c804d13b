"""A relative's pages: nothing before the code, only what the consent lets be known behind it; the
father stands by.
"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cast import Cast, assemble, session
from scheduler.audit.models import AuditEntry
from scheduler.consents import revoke
from scheduler.disclosures.models import Opened, Opening
from scheduler.invitations import announce, configure, invitations_of, link_token, told_dates
from scheduler.invitations.model.links import link_settings
from scheduler.invitations.model.models import Answer, AnswerGiven, HeldReply, Invitation
from scheduler.kernel.database import db
from scheduler.people import Help, person_by_key, practice
from scheduler.people.models import Relative
from scheduler.programs import Kind
from scheduler.programs.models import Enrolment, VideoRoom
from scheduler.sessions import cancel, edit_sessions
from scheduler.sessions.models import Session
from visitor import SIGN_IN, code_mailed, letters, send, sign_in, text_of, words
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 9, 21, 0, tzinfo=UTC)
TOLD_NOBODY = (
    "Jordan",
    "Quellandrix",
    "Dana",
    "Miguel",
    "Rivera",
    "Harbor Light",
    "amily",
    "herapy",
)


@pytest.fixture
def stage(client: FlaskClient, watch: Watch) -> Cast:
    stage = assemble(Kind.FAMILY_THERAPY, Kind.PROGRESS_UPDATE)
    room = VideoRoom(key="room-a", url="https://video.example/a", dial_in="+16175550100")
    session(stage, datetime(2027, 3, 9, 16, 0)).room = room
    announce(by="command", now=NOW)
    db.session.commit()
    return stage


def token(stage: Cast) -> str:
    (row,) = invitations_of(stage.dana.id)
    return link_token(row.uid)


def test_door_of_a_relative_s_page_says_whom_to_ask(client: FlaskClient, stage: Cast) -> None:
    practice().help = Help(words="The front desk")
    db.session.commit()

    page = client.get(f"/i/{token(stage)}").text

    assert "<p>Whom to ask: The front desk</p>" in page


def test_sign_in_says_whom_to_ask_where_a_letter_led_there(
    client: FlaskClient, stage: Cast
) -> None:
    """A stranger reads nobody's number."""
    practice().help = Help("+16175550199", "Mon to Fri", None)
    db.session.commit()
    strange = client.get("/").text
    client.get(f"/i/{token(stage)}")

    shown = [page.count("tel:+16175550199") for page in (strange, client.get("/").text)]
    assert shown == [0, 1]


def test_page_says_where_to_write_when_nobody_is_named(client: FlaskClient, stage: Cast) -> None:
    """Where no mail is read, it says nothing: that would lead nowhere."""
    page = f"/i/{token(stage)}"
    configured = link_settings()
    shown = []
    for reads_mail in (True, False):
        configure(replace(configured, reads_mail=reads_mail))
        shown.append('href="mailto:calendar@hl-sched.example"' in client.get(page).text)
    configure(configured)

    assert shown == [True, False]


def token_of(stage: Cast) -> str:
    """The secret of the mother's page, whatever became of the invitation."""
    return link_token(db.session.scalars(select(Invitation.uid)).one())


def said() -> list[tuple[str, datetime | None]]:
    db.session.rollback()
    rows = db.session.scalars(select(AnswerGiven).order_by(AnswerGiven.given_at))
    return [(row.answer, row.recurrence) for row in rows]


def test_page_before_the_code_tells_the_time_and_nothing_else(
    client: FlaskClient, stage: Cast
) -> None:
    page = client.get(f"/i/{token(stage)}")

    assert page.status_code == 200
    assert (
        "Appointment Tue 9 March, 3:00 – 4:00 PM, Chicago time (4:00 – 5:00 PM, New York time)"
        in words(page)
    )
    assert [word for word in TOLD_NOBODY if word in page.text] == []
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == (
        "no-store",
        "no-referrer",
    )


def test_looking_writes_nothing(client: FlaskClient, stage: Cast) -> None:
    for page in ("", "/code"):
        client.get(f"/i/{token(stage)}{page}")
        client.head(f"/i/{token(stage)}{page}")

    assert (letters("code"), said()) == ([], [])


def test_code_goes_to_the_person_invited_and_to_nobody_else(
    client: FlaskClient, stage: Cast
) -> None:
    answer = send(client, f"/i/{token(stage)}/send", page=f"/i/{token(stage)}")

    assert (answer.status_code, answer.location) == (303, f"/i/{token(stage)}/code")
    assert [one.address for one in letters("code")] == ["dana@family.example"]
    assert [word for word in TOLD_NOBODY if word in text_of(letters("code")[0])] == []


def test_code_opens_what_the_consent_lets_be_known(client: FlaskClient, stage: Cast) -> None:
    send(client, f"/i/{token(stage)}/send", page=f"/i/{token(stage)}")

    answer = send(client, f"/i/{token(stage)}/code", {"code": code_mailed()})
    told = words(client.get(answer.location))

    assert told.startswith(
        "Family session with Jordan Quellandrix Tue 9 March, 3:00 – 4:00 PM, Chicago time"
    )
    assert (
        "lets you know about: family session and progress update, through 31 December 2099." in told
    )
    assert "42 CFR part 2 prohibits unauthorized use or disclosure of these records." in told


def test_wrong_code_opens_nothing_and_keeps_the_page(client: FlaskClient, stage: Cast) -> None:
    send(client, f"/i/{token(stage)}/send", page=f"/i/{token(stage)}")
    wrong = f"{(int(code_mailed()) + 1) % 1_000_000:06d}"

    answer = send(client, f"/i/{token(stage)}/code", {"code": wrong})

    assert answer.status_code == 422
    assert "This code is not right" in words(answer)
    assert words(client.get(f"/i/{token(stage)}")).startswith("Appointment")


def test_code_works_once(client: FlaskClient, stage: Cast) -> None:
    send(client, f"/i/{token(stage)}/send", page=f"/i/{token(stage)}")
    code = code_mailed()
    send(client, f"/i/{token(stage)}/code", {"code": code})
    client.delete_cookie(SIGN_IN)

    assert send(client, f"/i/{token(stage)}/code", {"code": code}).status_code == 422


@pytest.mark.parametrize("who", ["miguel", "jordan", "rivera"])
def test_page_stays_shut_for_everybody_else(client: FlaskClient, stage: Cast, who: str) -> None:
    sign_in(client, getattr(stage, who))

    page = client.get(f"/i/{token(stage)}")

    assert words(page).startswith("Appointment Tue 9 March")
    assert [word for word in TOLD_NOBODY if word in page.text] == []


def test_answer_is_kept_and_may_be_changed(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)
    page = f"/i/{token(stage)}"

    send(client, f"{page}/answer", {"answer": "yes"}, page=page)
    send(client, f"{page}/answer", {"answer": "maybe"}, page=page)

    assert said() == [(Answer.ACCEPTED, None), (Answer.TENTATIVE, None)]
    assert "So far you said maybe." in words(client.get(page))


def test_nothing_is_chosen_beforehand_and_nothing_is_sent_without_a_choice(
    client: FlaskClient, stage: Cast
) -> None:
    sign_in(client, stage.dana)
    page = f"/i/{token(stage)}"

    answer = send(client, f"{page}/answer", page=page)

    assert (" checked" in client.get(page).text, answer.status_code, said()) == (False, 422, [])
    assert "Choose yes, no or maybe." in words(answer)


def test_answer_without_the_form_s_token_is_refused(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)

    answer = client.post(f"/i/{token(stage)}/answer", data={"answer": "yes"})

    assert (answer.status_code, said()) == (400, [])


def test_answer_of_somebody_else_is_not_taken(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.miguel)

    send(client, f"/i/{token(stage)}/answer", {"answer": "no"}, page=f"/i/{token(stage)}")

    assert said() == []


def test_answer_ends_with_the_start(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    watch.moment = STARTS + timedelta(minutes=1)
    sign_in(client, stage.dana)

    page = words(client.get(f"/i/{token(stage)}?dates=all"))

    assert ("Will you come?" in page, "Join online" in page) == (False, True)


def test_one_date_of_a_series_is_answered_alone(client: FlaskClient, stage: Cast) -> None:
    days = (datetime(2027, 3, day, 17, 30) for day in (11, 18, 25))
    rows = [
        session(stage, at, minutes=20, kind=Kind.PROGRESS_UPDATE, series="upd", week=week)
        for week, at in enumerate(days, start=2)
    ]
    name = rows[1].starts_at.isoformat()
    (told,) = announce(by="command", now=NOW)
    page = f"/i/{link_token(told.uid)}"
    sign_in(client, stage.dana)

    send(client, f"{page}/answer", {"answer": "no", "date": name}, page=page)

    shown = words(client.get(page))
    assert said() == [(Answer.DECLINED, datetime.fromisoformat(name))]
    assert shown.count("You said no.") == 1
    ways = [shown.count(way) for way in ("Change my answer", "Answer for this date only")]
    assert ways == [1, 2]
    assert shown.index("The dates") < shown.index(
        "Will you come on the dates you have not answered"
    )


def no_longer(what: str, stage: Cast, watch: Watch) -> None:
    """Make an end of what the mother was invited to."""
    if what == "withdrawn":
        revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)
    elif what == "cancelled":
        cancel(db.session.scalars(select(Session)).one(), by="sam", now=NOW)
    elif what == "told":
        cancel(db.session.scalars(select(Session)).one(), by="sam", now=NOW)
        announce(by="sam", now=NOW)
    else:
        watch.moment = STARTS + timedelta(hours=1)
    db.session.commit()


ENDS = ["withdrawn", "cancelled", "told", "over"]
GONE = (
    "Nothing to do here There is nothing to see or to answer on this page any more. You need not "
    "do anything. What stands for you is on your own page. To open it, give the address that our "
    "messages come to. Did you ask us to stop writing to you? Then no code comes to you. Call us "
    "if you want that back. To your own page What is on your calendar now is in the newest message "
    "you have. If you miss something, reply to that message."
)


@pytest.mark.parametrize(
    ("what", "signed_in"), [("withdrawn", True), *[(what, False) for what in ENDS]]
)
def test_page_of_what_no_longer_stands_says_the_same_whatever_the_reason(
    client: FlaskClient, stage: Cast, watch: Watch, what: str, signed_in: bool
) -> None:
    page = token(stage)
    no_longer(what, stage, watch)
    if signed_in:
        sign_in(client, stage.dana)

    found = [client.get(address) for address in (f"/i/{page}", f"/i/{page}/code", f"/j/{page}")]

    assert {(one.status_code, words(one)) for one in found} == {(410, GONE)}
    assert {one.headers["Cache-Control"] for one in found} == {"no-store"}
    assert [word for word in TOLD_NOBODY for one in found if word in one.text] == []


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("cancelled", "This appointment is cancelled"),
        ("over", "This appointment is over"),
    ],
)
def test_old_link_leads_its_owner_to_what_became_of_it(
    client: FlaskClient, stage: Cast, watch: Watch, what: str, says: str
) -> None:
    page = token(stage)
    no_longer(what, stage, watch)
    sign_in(client, stage.dana)

    answer = client.get(f"/i/{page}")

    assert (answer.status_code, answer.location) == (302, f"/j/{page}")
    assert words(client.get(f"/j/{page}")).startswith(says)


@pytest.mark.parametrize("what", ENDS)
def test_answer_to_what_no_longer_stands_is_not_taken(
    client: FlaskClient, stage: Cast, watch: Watch, what: str
) -> None:
    sign_in(client, stage.dana)
    page = f"/i/{token(stage)}"
    form = client.get(page).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    no_longer(what, stage, watch)
    sign_in(client, stage.dana)

    answer = client.post(f"{page}/answer", data={"csrf_token": form, "answer": "yes"})

    assert (answer.status_code, words(answer), said()) == (410, GONE, [])


def test_answer_after_the_start_is_not_taken_and_the_page_says_so(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    sign_in(client, stage.dana)
    page = f"/i/{token(stage)}"
    form = client.get(page).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    watch.moment = STARTS + timedelta(minutes=1)
    sign_in(client, stage.dana)

    answer = client.post(f"{page}/answer", data={"csrf_token": form, "answer": "yes"})

    assert (answer.status_code, said()) == (409, [])
    assert "It has begun, so there is nothing to answer any more." in words(answer)


def test_withdrawn_consent_sends_no_code(client: FlaskClient, stage: Cast) -> None:
    page = f"/i/{token(stage)}"
    form = client.get(page).text.partition('name="csrf_token" value="')[2].partition('"')[0]
    revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)
    db.session.commit()

    answer = client.post(f"{page}/send", data={"csrf_token": form})

    assert (answer.status_code, letters("code")) == (410, [])


def test_home_lists_what_stands_for_them(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.dana)

    page = client.get("/family")

    assert words(page).startswith(
        "Your appointments Family session Tue 9 March, 3:00 – 4:00 PM, Chicago time"
    )
    assert f"/i/{token(stage)}" in page.text


def test_home_begins_with_what_comes_first(house: Flask, visitor: FlaskClient) -> None:
    sign_in(visitor, person_by_key("jordan-mother"))

    times = re.findall(r"Tue \d+ March", words(visitor.get("/family")))
    assert times == ["Tue 2 March", "Tue 9 March"]


def test_home_of_the_father_is_empty(client: FlaskClient, stage: Cast) -> None:
    sign_in(client, stage.miguel)

    page = client.get("/family")

    assert words(page).startswith("Your appointments There is nothing coming up for you.")


@pytest.mark.parametrize("minutes", [-16, 61])
def test_room_stays_shut_outside_its_time(
    client: FlaskClient, stage: Cast, watch: Watch, minutes: int
) -> None:
    watch.moment = STARTS + timedelta(minutes=minutes)
    sign_in(client, stage.dana)

    page = client.get(f"/j/{token(stage)}")

    assert (page.status_code, '<button class="primary">Join' in page.text) == (200, False)
    assert "video.example" not in page.text


def test_room_opens_by_a_post_a_quarter_of_an_hour_before(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS - timedelta(minutes=15)
    sign_in(client, stage.dana)

    before, after = client.get(f"/j/{token(stage)}"), send(client, f"/j/{token(stage)}")

    assert "video.example" not in before.text
    assert 'href="https://video.example/a"' in after.text


def test_room_does_not_open_for_the_father(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    watch.moment = STARTS
    sign_in(client, stage.miguel)

    page = client.get(f"/j/{token(stage)}")
    answer = send(client, f"/j/{token(stage)}", page=f"/j/{token(stage)}")

    assert ("You can go in now" in page.text, answer.status_code) == (False, 403)
    assert "video.example" not in answer.text


def test_who_comes_too_early_reads_when_it_is(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS - timedelta(minutes=16)
    before = words(client.get(f"/j/{token(stage)}"))
    sign_in(client, stage.dana)

    after = words(client.get(f"/j/{token(stage)}"))
    assert ["Tue 9 March, 3:00 – 4:00 PM, Chicago time" in each for each in (before, after)] == [
        False,
        True,
    ]


def entered() -> list[str]:
    db.session.rollback()
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "sessions.entered"))
    return [row.details["person"] for row in rows]


def test_room_that_was_handed_over_is_on_record_and_one_that_was_not_is_not(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    watch.moment = STARTS - timedelta(minutes=16)
    sign_in(client, stage.dana)
    send(client, f"/j/{token(stage)}", page="/family")
    early = entered()
    watch.moment = STARTS

    send(client, f"/j/{token(stage)}")

    assert (early, entered()) == ([], [stage.dana.id])
    read = db.session.scalars(select(Opening).where(Opening.page == Opened.ROOM)).all()
    assert [(row.person_id, row.patient_id) for row in read] == [(stage.dana.id, stage.jordan.id)]


@pytest.mark.parametrize("what", ["discharged", "withdrawn", "cancelled", "ended", "not ready"])
def test_room_stays_shut_when_anything_it_stands_on_is_gone(
    client: FlaskClient, stage: Cast, watch: Watch, what: str
) -> None:
    watch.moment = STARTS
    sign_in(client, stage.dana)
    form = (
        client.get(f"/j/{token(stage)}")
        .text.partition('name="csrf_token" value="')[2]
        .partition('"')[0]
    )
    if what == "discharged":
        db.session.scalars(select(Enrolment)).one().last = STARTS.date() - timedelta(days=1)
    elif what == "ended":
        for grant in stage.grants.values():
            grant.valid_until = STARTS
    elif what == "not ready":
        relative = db.session.get(Relative, stage.dana.id)
        assert relative is not None
        relative.ready = False
    else:
        no_longer(what, stage, watch)
    db.session.commit()

    page = client.get(f"/j/{token_of(stage)}")
    answer = client.post(f"/j/{token_of(stage)}", data={"csrf_token": form})

    status = 200 if what == "cancelled" else 410
    assert (page.status_code, answer.status_code, entered()) == (status, status, [])
    assert "video.example" not in page.text + answer.text


def test_cancelled_date_of_a_series_stands_struck_and_a_moved_one_says_from_where(
    client: FlaskClient, stage: Cast
) -> None:
    second = session(stage, datetime(2027, 3, 16, 16, 0), week=3)
    third = session(stage, datetime(2027, 3, 23, 16, 0), week=4)
    announce(by="command", now=NOW)
    page = f"/i/{link_token(invitation_of(stage, second).uid)}"
    cancel(third, by="desk", now=NOW)
    edit_sessions(second, to=datetime(2027, 3, 16, 18, 0), by="desk", now=NOW)
    announce(by="command", now=NOW)
    db.session.commit()
    sign_in(client, stage.dana)

    said = words(client.get(page))

    assert "Moved from 3:00 PM" in said
    assert "Cancelled Tue 23 March, 3:00 – 4:00 PM, Chicago time" in said
    told = {letter.recipient_id for letter in letters("invitation")}
    assert told == {stage.dana.id}


def invitation_of(stage: Cast, row: Session) -> Invitation:
    """The mother's invitation that tells a session."""
    for invitation in invitations_of(stage.dana.id):
        if row.id in {meeting[0] for meeting in invitation.told["meetings"]}:
            return invitation
    raise AssertionError(row.key)


@pytest.mark.parametrize("door", ["i", "j"])
def test_page_of_the_first_letter_says_where_its_moved_date_went(
    client: FlaskClient, stage: Cast, door: str
) -> None:
    weekly = []
    for week, day in ((3, 16), (4, 23), (5, 30)):
        weekly.append(session(stage, datetime(2027, 3, day, 16, 0), week=week, series="weekly"))
    first = weekly[0]
    announce(by="command", now=NOW)
    older = link_token(invitation_of(stage, first).uid)
    edit_sessions(first, to=datetime(2027, 3, 19, 17, 0), by="desk", now=NOW)
    announce(by="command", now=NOW + timedelta(minutes=1))
    db.session.commit()
    onward = link_token(invitation_of(stage, first).uid)
    before = words(client.get(f"/i/{older}"))
    sign_in(client, stage.dana)

    page = client.get(f"/{door}/{older}")

    moved = "Moved to Fri 19 March, 4:00 PM, Chicago time (from Tue 16 March, 3:00 PM)"
    assert onward != older
    assert f"/i/{onward}?dates=all" in page.text
    if door == "i":
        assert moved in before
        assert moved in words(page)
    else:
        assert words(page).startswith("This appointment has moved Tue 16 March, 3:00")
    assert {letter.recipient_id for letter in letters("invitation")} == {stage.dana.id}


@pytest.fixture
def series(client: FlaskClient, stage: Cast) -> str:
    """The mother's page of three dates; she said no to the second by itself."""
    days = (datetime(2027, 3, day, 17, 30) for day in (11, 18, 25))
    rows = [
        session(stage, at, minutes=20, kind=Kind.PROGRESS_UPDATE, series="upd", week=week)
        for week, at in enumerate(days, start=2)
    ]
    (told,) = announce(by="command", now=NOW)
    page = f"/i/{link_token(told.uid)}"
    sign_in(client, stage.dana)
    name = rows[1].starts_at.isoformat()
    send(client, f"{page}/answer", {"answer": "no", "date": name}, page=page)
    return page


def stand(stage: Cast) -> list[str | None]:
    db.session.rollback()
    dates = told_dates([stage.dana.id])
    return [date.answer and date.answer.value for date in dates if date.begins_at.day > 10]


def test_answer_to_all_leaves_a_date_answered_by_itself(
    client: FlaskClient, stage: Cast, series: str
) -> None:
    shown = words(client.get(series))
    form = {"answer": "yes", "note": "On 18 March I work."}
    said_then = send(client, f"{series}/answer", form, page=series)

    assert "The dates you answered one by one stay as they are." in shown
    assert said_then.status_code == 303
    assert stand(stage) == ["ACCEPTED", "DECLINED", "ACCEPTED"]
    after = words(client.get(series))
    assert "Your answer for all dates but those you answered one by one: yes." in after


def test_all_dates_may_be_changed_as_long_as_none_is_answered_by_itself(
    client: FlaskClient, stage: Cast, series: str
) -> None:
    for word in ("yes", "maybe"):
        send(client, f"{series}/answer", {"answer": word}, page=series)

    assert stand(stage) == ["TENTATIVE", "DECLINED", "TENTATIVE"]


def test_nothing_is_left_for_all_when_each_date_is_answered_by_itself(
    client: FlaskClient, stage: Cast, series: str
) -> None:
    for day in (11, 25):
        name = next(date for date in told_dates([stage.dana.id]) if date.begins_at.day == day)
        form = {"answer": "yes", "date": name.recurrence.isoformat()}
        send(client, f"{series}/answer", form, page=series)
    refused = send(client, f"{series}/answer", {"answer": "no"}, page=series)

    assert refused.status_code == 409
    assert "You answered each date by itself. Change your answer there." in words(refused)
    assert "Send my answer" not in refused.text
    assert stand(stage) == ["ACCEPTED", "DECLINED", "ACCEPTED"]


def test_note_alone_changes_no_answer(client: FlaskClient, stage: Cast, series: str) -> None:
    form = {"only": "note", "note": "I come by train.", "answer": "yes"}
    empty = send(client, f"{series}/answer", {"only": "note", "note": " "}, page=series)
    sent = send(client, f"{series}/answer", form, page=series)

    assert (empty.status_code, sent.status_code) == (422, 303)
    assert "Write a note first." in words(empty)
    assert "It changed no answer." in words(client.get(series))
    assert stand(stage) == [None, "DECLINED", None]
    (held,) = db.session.scalars(select(HeldReply))
    assert (held.comment, held.answer) == ("I come by train.", None)
