"""Signing in: one page for all, the same answer whoever asks."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.kernel.database import db
from scheduler.people import end_all, person_by_key
from tests.web.house import PASSWORD, codes, post, sign_in_by_code, sign_in_staff
from visitor import SIGN_IN
from watch import Watch

FORGOTTEN = '"cache", "storage"'


def test_right_password_leads_to_the_desk(visitor: FlaskClient) -> None:
    answer = sign_in_staff(visitor)

    assert (answer.status_code, answer.location) == (303, "/desk/")


@pytest.mark.parametrize(
    "address", ["rivera@hl.example", "jordan@patient.example", "nobody@else.example"]
)
def test_wrong_password_and_unknown_address_are_answered_alike(
    visitor: FlaskClient, address: str
) -> None:
    known = sign_in_staff(visitor, "a wrong password")
    other = sign_in_staff(visitor, "a wrong password", address)

    assert known.status_code == other.status_code == 422
    assert plain(known.text, "sam@hl.example") == plain(other.text, address)


def plain(page: str, address: str) -> list[str]:
    return [
        line for line in page.replace(address, "ADDRESS").splitlines() if "csrf_token" not in line
    ]


@pytest.mark.parametrize(
    "address", ["miguel@family.example", "rivera@hl.example", "nobody@else.example"]
)
def test_code_is_offered_to_all_and_mailed_only_to_those_who_may(
    visitor: FlaskClient, address: str
) -> None:
    known = post(visitor, "/", address="dana@family.example", way="code")
    other = post(visitor, "/", address=address, way="code")

    assert (known.status_code, known.location) == (other.status_code, other.location)
    assert len(codes("dana@family.example")) == 1
    assert codes(address) == []


def test_code_leads_home_once(house: Flask) -> None:
    first, second = house.test_client(), house.test_client()
    answer = sign_in_by_code(first, "jordan@patient.example")
    post(second, "/", address="jordan@patient.example", way="password")
    again = post(second, "/code", "/code", code=codes("jordan@patient.example")[0])

    assert (answer.status_code, answer.location) == (303, "/mine/")
    assert again.status_code == 422


def test_code_opens_nothing_for_who_may_have_none_any_more(visitor: FlaskClient) -> None:
    post(visitor, "/", address="dana@family.example", way="code")
    (code,) = codes("dana@family.example")
    mother = person_by_key("jordan-mother").relative
    assert mother is not None
    mother.ready = False
    db.session.commit()

    assert post(visitor, "/code", "/code", code=code).status_code == 422


def test_code_is_void_after_ten_minutes(visitor: FlaskClient, clock: Watch) -> None:
    post(visitor, "/", address="jordan@patient.example", way="code")
    (code,) = codes("jordan@patient.example")
    clock.moment += timedelta(minutes=10)

    answer = post(visitor, "/code", "/code", code=code)

    assert answer.status_code == 422


def test_sixth_failure_within_a_minute_is_refused_before_any_hash(visitor: FlaskClient) -> None:
    answers = [sign_in_staff(visitor, "a wrong password").status_code for _ in range(5)]
    right = sign_in_staff(visitor)

    assert answers == [422] * 5
    assert (right.status_code, right.headers["Retry-After"]) == (429, "60")


def test_owner_is_let_in_again_after_a_minute(visitor: FlaskClient, clock: Watch) -> None:
    for _ in range(6):
        sign_in_staff(visitor, "a wrong password")
    clock.moment += timedelta(seconds=61)

    assert sign_in_staff(visitor).status_code == 303


def test_half_an_hour_of_nothing_signs_out(visitor: FlaskClient, clock: Watch) -> None:
    """And the browser forgets the pages it kept; a stranger's has kept none."""
    answers = [visitor.get("/desk/")]
    sign_in_staff(visitor)
    clock.moment += timedelta(minutes=30)
    answers.append(visitor.get("/desk/"))

    assert [answer.location for answer in answers] == ["/", "/"]
    assert [answer.headers.get("Clear-Site-Data") for answer in answers] == [None, FORGOTTEN]


def test_being_there_keeps_signed_in_for_twelve_hours_at_most(
    visitor: FlaskClient, clock: Watch
) -> None:
    sign_in_staff(visitor)
    statuses = []
    for _ in range(36):
        clock.moment += timedelta(minutes=20)
        statuses.append(visitor.get("/desk/").status_code)

    assert statuses == [200] * 35 + [303]


def test_signing_out_ends_the_row_and_not_only_the_cookie(visitor: FlaskClient) -> None:
    sign_in_staff(visitor)
    cookie = visitor.get_cookie(SIGN_IN)
    assert cookie is not None
    post(visitor, "/sign-out", "/desk/")
    visitor.set_cookie(SIGN_IN, cookie.value)

    assert visitor.get("/desk/").location == "/"


def test_sign_ins_ended_elsewhere_end_here(visitor: FlaskClient, clock: Watch) -> None:
    sign_in_staff(visitor)
    end_all(person_by_key("desk"), now=clock.moment)
    db.session.commit()

    assert visitor.get("/desk/").location == "/"


def test_wanted_page_comes_after_signing_in(visitor: FlaskClient) -> None:
    visitor.get("/desk/letters")

    assert sign_in_staff(visitor).location == "/desk/letters"


def test_cookie_is_bound_to_the_host_on_https(house: Flask) -> None:
    client = house.test_client()
    base = "https://hl-sched.example"
    page = client.get("/", base_url=base).text
    form = {"csrf_token": page.partition('csrf_token" value="')[2].partition('"')[0]}
    client.post("/", base_url=base, data=form | {"address": "sam@hl.example", "way": "password"})

    answer = client.post("/password", base_url=base, data=form | {"password": PASSWORD})

    cookies = {one.partition("=")[0]: one for one in answer.headers.getlist("Set-Cookie")}
    said = cookies["__Host-kinfold"].partition("; ")[2]
    assert said == "Secure; HttpOnly; Path=/; SameSite=Lax"


def test_signing_out_lets_the_browser_forget_what_it_kept(visitor: FlaskClient) -> None:
    sign_in_staff(visitor)

    answer = post(visitor, "/sign-out", "/desk/")
    assert answer.headers["Clear-Site-Data"] == FORGOTTEN


def test_password_holds_until_somebody_changes_it(visitor: FlaskClient, clock: Watch) -> None:
    clock.moment += timedelta(days=900)

    assert sign_in_staff(visitor).location == "/desk/"


@pytest.mark.parametrize("wanted", ["//evil.example/desk", "/\\evil.example", "/desk/letters//x"])
def test_nobody_is_led_to_another_house_after_signing_in(visitor: FlaskClient, wanted: str) -> None:
    visitor.get(wanted)

    assert sign_in_staff(visitor).location == "/desk/"


def test_sign_in_before_is_ended_by_a_new_one(house: Flask) -> None:
    client, thief = house.test_client(), house.test_client()
    sign_in_staff(client)
    before = client.get_cookie(SIGN_IN)
    assert before is not None
    thief.set_cookie(SIGN_IN, before.value)
    assert thief.get("/desk/").status_code == 200
    post(client, "/", "/desk/", address="sam@hl.example", way="password")
    post(client, "/password", "/desk/", password=PASSWORD)

    assert (thief.get("/desk/").status_code, client.get("/desk/").status_code) == (303, 200)


@pytest.mark.parametrize(
    ("address", "pages"),
    [
        ("sam@hl.example", ("/desk/", "/desk/letters", "/desk/patients/jordan", "/mine/busy/")),
        ("jordan@patient.example", ("/mine/", "/mine/feed", "/mine/sharing", "/devices/")),
        ("dana@family.example", ("/family", "/family/calendar/", "/devices/")),
    ],
)
def test_every_page_behind_a_sign_in_offers_the_way_out(
    visitor: FlaskClient, address: str, pages: tuple[str, ...]
) -> None:
    if address.startswith("sam"):
        sign_in_staff(visitor)
    else:
        sign_in_by_code(visitor, address)
    answers = {page: visitor.get(page) for page in pages}

    assert {page: answer.status_code for page, answer in answers.items()} == dict.fromkeys(
        pages, 200
    )
    assert [
        page for page, answer in answers.items() if 'action="/sign-out"' not in answer.text
    ] == []
