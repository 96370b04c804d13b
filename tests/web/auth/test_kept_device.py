""" "This is my phone": no code until the program ends, and never where consent is given."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from cast import Cast, assemble, grant, session
from scheduler.consents import revoke
from scheduler.invitations import announce, invitations_of, link_token
from scheduler.kernel.database import db
from scheduler.people.models import KeptDevice, Person, SignIn
from scheduler.programs import Kind
from scheduler.programs.models import Enrolment, VideoRoom
from scheduler.web.auth.kept_device import may_be_kept
from visitor import browser, code_mailed, letters, send, sign_in, words
from watch import Watch

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
STARTS = datetime(2027, 3, 9, 21, 0, tzinfo=UTC)
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1"
LATER = timedelta(hours=13)
"""After which nobody is signed in any more."""


@pytest.fixture
def stage(client: FlaskClient, watch: Watch, tmp_path: Path) -> Cast:
    stage = assemble(Kind.FAMILY_THERAPY)
    session(stage, datetime(2027, 3, 9, 16, 0)).room = VideoRoom(
        key="room-a", url="https://video.example/a"
    )
    announce(by="command", now=NOW)
    db.session.commit()
    return stage


def door(person: Person) -> str:
    (row,) = invitations_of(person.id)
    return f"/j/{link_token(row.uid)}"


def keep(client: FlaskClient, person: Person) -> None:
    """Type a code at the door and say that the phone is one's own."""
    page = door(person)
    send(client, f"{page}/send", page=page)
    said = {"code": code_mailed(), "keep": "yes"}
    client.environ_base["HTTP_USER_AGENT"] = PHONE
    send(client, page, said, page=f"{page}/code")


def test_own_phone_is_asked_for_no_code_again(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    keep(client, stage.dana)
    watch.moment = STARTS

    answer = send(client, door(stage.dana))

    assert words(answer).startswith("The room is open")


def test_phone_that_was_not_said_to_be_ones_own_is_asked_again(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    page = door(stage.dana)
    send(client, f"{page}/send", page=page)
    send(client, page, {"code": code_mailed()}, page=f"{page}/code")
    watch.moment = NOW + LATER

    assert "Send me a code" in words(client.get(page))


def test_wrong_code_keeps_no_device(client: FlaskClient, stage: Cast) -> None:
    page = door(stage.dana)
    send(client, f"{page}/send", page=page)
    wrong = f"{(int(code_mailed()) + 1) % 1_000_000:06d}"
    send(client, page, {"code": wrong, "keep": "yes"}, page=f"{page}/code")

    assert db.session.scalars(select(KeptDevice)).all() == []


def test_own_phone_opens_the_pages_of_its_person(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    keep(client, stage.dana)
    watch.moment = NOW + LATER

    pages = [client.get("/family"), client.get(f"{door(stage.dana).replace('/j/', '/i/')}")]

    assert [page.status_code for page in pages] == [200, 200]
    assert "Will you come?" in words(pages[1])


def test_own_phone_is_stored_as_a_hash_only(client: FlaskClient, stage: Cast) -> None:
    keep(client, stage.dana)

    cookie = client.get_cookie("__Host-kinfold-device")
    (row,) = db.session.scalars(select(KeptDevice))
    assert cookie is not None
    assert (row.what, row.token_hash in cookie.value, cookie.http_only) == ("iPhone", False, True)


def test_forged_cookie_is_nobodys_phone(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    keep(client, stage.dana)
    cookie = client.get_cookie("__Host-kinfold-device")
    assert cookie is not None
    watch.moment = NOW + LATER
    said, dot, signature = cookie.value.rpartition(".")
    client.set_cookie("__Host-kinfold-device", f"{said}{dot}{signature[::-1]}")

    assert "Send me a code" in words(client.get(door(stage.dana)))


def test_code_is_asked_again_where_consent_is_given(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    sign_in(client, stage.jordan)
    send(client, "/sign-out", page="/mine/")
    send(client, "/", {"address": stage.jordan.email, "way": "code"})
    send(client, "/code", {"code": code_mailed(), "keep": "yes"})
    watch.moment = NOW + LATER

    pages = [client.get(address) for address in ("/mine/", "/mine/let", "/mine/sharing")]

    assert [page.status_code for page in pages] == [200, 303, 303]
    assert "Your e-mail" in words(client.get(pages[1].location))


def test_program_that_is_over_ends_it(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    keep(client, stage.dana)
    db.session.scalars(select(Enrolment)).one().last = date(2027, 3, 3)
    db.session.commit()
    watch.moment = datetime(2027, 3, 4, 6, tzinfo=UTC)

    assert client.get("/family").status_code == 303


def test_withdrawn_consent_ends_it(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    keep(client, stage.dana)
    revoke(person=stage.dana, patient=stage.jordan, by="sam", now=NOW)
    db.session.commit()
    watch.moment = NOW + LATER

    assert client.get("/family").status_code == 303
    assert client.get(door(stage.dana)).status_code == 410


def test_two_relatives_share_a_device_and_each_goes_in_as_themselves(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    grant(stage.miguel, stage.jordan, Kind.FAMILY_THERAPY)
    announce(by="command", now=NOW)
    db.session.commit()
    keep(client, stage.dana)
    watch.moment += timedelta(minutes=1)
    keep(client, stage.miguel)
    watch.moment = STARTS

    said = []
    for person in (stage.dana, stage.miguel):
        said.append(words(send(client, door(person))).startswith("The room is open"))

    assert said == [True, True]
    assert client.get("/family").status_code == 303


def test_people_who_share_a_mailbox_have_a_code_each(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    grant(stage.miguel, stage.jordan, Kind.FAMILY_THERAPY)
    stage.miguel.email = stage.dana.email
    announce(by="command", now=NOW)
    db.session.commit()
    watch.moment = STARTS
    mother, father = door(stage.dana), door(stage.miguel)
    send(client, f"{mother}/send", page=mother)
    hers = code_mailed()

    refused = send(client, father, {"code": hers}, page=f"{father}/code")
    opened = send(client, mother, {"code": hers}, page=f"{mother}/code")

    assert (refused.status_code, opened.status_code) == (422, 200)
    assert {letter.recipient_id for letter in letters("code")} == {stage.dana.id}


def test_device_page_lists_and_ends(client: FlaskClient, stage: Cast, watch: Watch) -> None:
    keep(client, stage.dana)
    watch.moment = NOW + LATER
    listed = words(client.get("/devices/"))
    (row,) = db.session.scalars(select(KeptDevice))

    ended = send(client, "/devices/", {"device": row.id})

    assert "iPhone · this one since 2 March 2027" in listed
    assert (ended.status_code, client.get("/family").status_code) == (303, 303)


def test_device_page_ends_a_lost_phone_from_another_device(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    lost = browser(client.application)
    keep(lost, stage.dana)
    watch.moment += timedelta(minutes=1)
    keep(client, stage.dana)
    send(client, "/devices/")
    watch.moment = NOW + LATER

    assert [lost.get("/family").status_code, client.get("/family").status_code] == [303, 303]


def test_sign_in_elsewhere_is_listed_and_ended(client: FlaskClient, stage: Cast) -> None:
    there = browser(client.application)
    for one in (client, there):
        sign_in(one, stage.dana)
    rows = db.session.scalars(select(SignIn.id).order_by(SignIn.began_at, SignIn.id)).all()
    page = client.get("/devices/").text
    (elsewhere,) = [row for row in rows if row in page]

    assert words(client.get("/devices/")).count("since 2 March 2027") == 2
    assert send(client, "/devices/", {"sign_in": elsewhere}).status_code == 303
    assert [one.get("/family").status_code for one in (client, there)] == [200, 303]


@pytest.mark.parametrize("key", ["dana", "jordan"])
def test_all_sign_ins_elsewhere_end_at_once(client: FlaskClient, stage: Cast, key: str) -> None:
    """A relative's and a patient's; another's goes on."""
    person, other = getattr(stage, key), browser(client.application)
    home = {"dana": "/family", "jordan": "/mine/"}[key]
    everywhere = [client, *(browser(client.application) for _ in range(2))]
    for one in everywhere:
        sign_in(one, person)
    sign_in(other, stage.rivera)
    assert "Sign out everywhere but here" in client.get("/devices/").text
    assert send(client, "/devices/", {"sign_in": "others"}).status_code == 303

    assert [one.get(home).status_code for one in everywhere] == [200, 303, 303]
    assert other.get("/desk/").status_code == 200


def test_lost_phone_alone_ends_nothing_elsewhere(
    client: FlaskClient, stage: Cast, watch: Watch
) -> None:
    keep(client, stage.dana)
    watch.moment = NOW + LATER
    there = browser(client.application)
    sign_in(there, stage.dana)
    row = db.session.scalars(select(SignIn.id).order_by(SignIn.began_at.desc())).first()
    answer = send(client, "/devices/", {"sign_in": str(row)})

    assert (answer.status_code, answer.location) == (303, "/")
    assert there.get("/family").status_code == 200


def test_device_of_somebody_else_is_not_ended(client: FlaskClient, stage: Cast) -> None:
    keep(client, stage.dana)
    (row,) = db.session.scalars(select(KeptDevice))
    device = row.id
    other = browser(client.application)
    sign_in(other, stage.jordan)

    send(other, "/devices/", {"device": device}, page="/mine/")

    db.session.expire_all()
    assert db.session.scalars(select(KeptDevice.ended_at)).all() == [None]


@pytest.mark.parametrize("way", ["door", "sign-out"])
def test_device_forgets_its_person(
    client: FlaskClient, stage: Cast, watch: Watch, way: str
) -> None:
    keep(client, stage.dana)
    page = door(stage.dana)

    send(client, f"{page}/forget" if way == "door" else "/sign-out", page=page)

    assert "Send me a code" in words(client.get(page))
    (row,) = db.session.scalars(select(KeptDevice))
    assert row.ended_at == NOW


def test_staff_stay_known_nowhere(client: FlaskClient, stage: Cast) -> None:
    people = (stage.rivera, stage.sam, stage.dana, stage.jordan)
    assert [may_be_kept(person, NOW) for person in people] == [False, False, True, True]
