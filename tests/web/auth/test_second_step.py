"""Signing in by two steps, a password behind a link, and ending what is signed in."""

from dataclasses import replace
from datetime import timedelta

import pyotp
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people import (
    confirm_factor,
    factor_of,
    invite,
    new_factor,
    person_by_key,
    report_factor_lost,
)
from scheduler.people.models import Role
from scheduler.sessions.models import Session
from tests.web.house import NOW, PASSWORD, post, sign_in_staff
from visitor import SIGN_IN, sign_in
from watch import Watch


def factor() -> str:
    """Give the desk a second factor; return its secret."""
    desk = person_by_key("desk")
    secret = new_factor(desk, now=NOW).secret
    assert confirm_factor(desk, pyotp.TOTP(secret).at(NOW), now=NOW)
    db.session.commit()
    return secret


def test_password_alone_signs_nobody_in_who_has_a_second_factor(house: Flask) -> None:
    factor()
    client = house.test_client()

    assert sign_in_staff(client).location == "/second-step"
    assert client.get("/desk/").status_code == 303


def test_code_of_the_telephone_signs_in_and_a_used_one_does_not(house: Flask, clock: Watch) -> None:
    secret = factor()
    client, thief = house.test_client(), house.test_client()
    used = pyotp.TOTP(secret).at(NOW)
    sign_in_staff(thief)
    assert post(thief, "/second-step", "/second-step", code=used).status_code == 422

    clock.moment = NOW.replace(minute=NOW.minute + 2)
    sign_in_staff(client)
    code = pyotp.TOTP(secret).at(clock.moment)
    assert post(client, "/second-step", "/second-step", code=code).status_code == 303
    assert client.get("/desk/").status_code == 200


def test_telephone_whose_clock_is_off_is_told_so_in_words(house: Flask, clock: Watch) -> None:
    secret = factor()
    client = house.test_client()
    clock.moment += timedelta(minutes=10)
    sign_in_staff(client)
    ahead = pyotp.TOTP(secret).at(clock.moment + timedelta(minutes=3))
    refused = post(client, "/second-step", "/second-step", code=ahead)

    assert refused.status_code == 422
    assert "the clock of your telephone may be wrong" in refused.text


def test_second_step_without_the_first_leads_to_it(house: Flask) -> None:
    secret = factor()
    client = house.test_client()

    assert client.get("/second-step").location == "/"
    said = {"code": pyotp.TOTP(secret).at(NOW + timedelta(seconds=30)), "address": "sam@hl.example"}
    assert post(client, "/second-step", "/", **said).location == "/"
    assert client.get("/desk/").location == "/"


def test_from_the_day_it_is_needed_only_setting_it_up_is_open(house: Flask) -> None:
    settings = house.config["KINFOLD"]
    house.config["KINFOLD"] = replace(settings, second_factor_from=NOW.date())
    client = house.test_client()
    sign_in_staff(client)

    assert client.get("/desk/letters").location == "/desk/second-factor"
    shown = post(client, "/desk/second-factor", "/desk/second-factor")
    secret = new_factor(person_by_key("desk"), now=NOW).secret
    db.session.rollback()
    assert secret in shown.text
    code = pyotp.TOTP(secret).at(NOW)
    assert "<code>" in post(client, "/desk/second-factor", "/desk/second-factor", code=code).text
    assert client.get("/desk/letters").status_code == 200


def test_invited_choose_a_password_once(house: Flask, clock: Watch) -> None:
    _, secret = invite("kim@hl.example", [Role.COORDINATOR], by="desk", now=NOW)
    db.session.commit()
    address = f"/password/{secret}"
    client = house.test_client()
    said = {"password": "nineteen quiet herons", "again": "nineteen quiet herons"}

    assert post(client, address, address, **said).status_code == 303
    assert client.get(address).status_code == 404
    sign_in_staff(client, said["password"], "kim@hl.example")
    assert client.get("/desk/").status_code == 200


def test_all_sign_ins_end_at_once(house: Flask) -> None:
    here, there = house.test_client(), house.test_client()
    for client in (here, there):
        sign_in_staff(client, PASSWORD)
    post(here, "/desk/sign-ins", "/desk/sign-ins")

    assert there.get("/desk/").status_code == 303


def test_stolen_cookie_means_nothing_after_the_owner_signed_out(house: Flask) -> None:
    owner, thief = house.test_client(), house.test_client()
    sign_in_staff(owner)
    stolen = owner.get_cookie(SIGN_IN)
    assert stolen is not None
    thief.set_cookie(SIGN_IN, stolen.value)
    assert thief.get("/desk/").status_code == 200
    post(owner, "/sign-out", "/desk/")

    assert thief.get("/desk/").status_code == 303


def test_clinician_who_leaves_in_mid_cohort_is_out_at_once_and_sessions_named(
    house: Flask,
) -> None:
    leaving, desk = house.test_client(), an_administrator(house)
    sign_in(leaving, person_by_key("rivera"))
    assert leaving.get("/desk/").status_code == 200
    accounts = "/desk/accounts/"
    post(desk, f"{accounts}rivera/deactivate", accounts)

    assert leaving.get("/desk/").status_code == 303
    shown = desk.get(accounts).text
    led = db.session.scalars(select(Session.key).where(Session.ends_at > NOW)).all()
    assert [key for key in led if key not in shown] == []
    assert led != []


def an_administrator(house: Flask) -> FlaskClient:
    client = house.test_client()
    sign_in(client, person_by_key("desk"))
    return client


def test_last_administrator_cannot_take_the_role_from_themselves(house: Flask) -> None:
    client = an_administrator(house)
    accounts = "/desk/accounts/"

    answer = post(client, f"{accounts}desk/roles", accounts, roles="coordinator")
    assert answer.status_code == 409
    account = person_by_key("desk").clinician
    assert account is not None
    assert Role.ADMINISTRATOR in account.roles


def test_lost_telephone_is_mended_by_two_people_at_the_desk(house: Flask) -> None:
    factor()
    account = person_by_key("rivera").clinician
    assert account is not None
    account.roles = (Role.CLINICIAN, Role.ADMINISTRATOR)
    _, _ = invite("kim@hl.example", [Role.ADMINISTRATOR], by="desk", now=NOW)
    db.session.commit()
    asking, other = house.test_client(), house.test_client()
    sign_in(asking, person_by_key("rivera"))
    sign_in(other, person_by_key("kim"))
    lost = "/desk/lost-factor"
    assert post(asking, lost, lost, person="desk").status_code == 303

    answers = [post(client, f"{lost}/desk", lost).status_code for client in (asking, other)]
    assert answers == [422, 303]
    client = house.test_client()
    assert sign_in_staff(client).location == "/desk/"


def test_loss_reported_from_a_shell_is_confirmed_by_one_at_the_desk(house: Flask) -> None:
    client, accounts = an_administrator(house), "/desk/accounts/"
    secret = new_factor(person_by_key("rivera"), now=NOW).secret
    confirm_factor(person_by_key("rivera"), pyotp.TOTP(secret).at(NOW), now=NOW)
    report_factor_lost(person_by_key("rivera"), operator="root", now=NOW)
    db.session.commit()

    assert "is lost, Somebody with access to the server says." in client.get(accounts).text
    assert post(client, "/desk/lost-factor/rivera", accounts).status_code == 303
    assert factor_of(person_by_key("rivera")) is None


def test_day_from_which_it_is_needed_is_set_at_the_desk(house: Flask, clock: Watch) -> None:
    client, accounts = an_administrator(house), "/desk/accounts/"
    day = (NOW.date() + timedelta(days=1)).isoformat()
    form = f"{accounts}second-factor"

    assert post(client, form, accounts, day="9990-01-01").status_code == 422
    assert post(client, form, accounts, day=day).status_code == 303
    assert client.get(accounts).status_code == 200
    clock.moment += timedelta(days=1)
    sign_in(client, person_by_key("desk"))
    assert client.get(accounts).location == "/desk/second-factor"


def test_invited_at_the_desk_get_a_link_that_is_shown_once(house: Flask) -> None:
    client, accounts = an_administrator(house), "/desk/accounts/"
    shown = post(client, accounts, accounts, email="lee@hl.example", roles="auditor")

    assert "/password/" in shown.text
    assert "/password/" not in client.get(accounts).text


def test_record_is_searched_by_whom_it_is_about(house: Flask) -> None:
    account = person_by_key("rivera").clinician
    assert account is not None
    account.roles = (Role.AUDITOR,)
    db.session.commit()
    desk, auditor = an_administrator(house), house.test_client()
    desk.get("/desk/patients/jordan")
    sign_in(auditor, person_by_key("rivera"))

    def opened(address: str) -> bool:
        return "patients.patient" in auditor.get(address).text

    assert opened("/desk/audit?person=jordan&by=desk")
    assert not opened("/desk/audit?person=noemie&by=desk")
    assert not opened("/desk/audit?to=2020-01-01")
    assert auditor.get("/desk/audit?person=nobody").status_code == 422


def test_new_second_factor_ends_every_other_sign_in(house: Flask) -> None:
    here, there = house.test_client(), house.test_client()
    for client in (here, there):
        sign_in_staff(client)
    page = "/desk/second-factor"
    post(here, page, page)
    secret = new_factor(person_by_key("desk"), now=NOW).secret
    db.session.rollback()
    post(here, page, page, code=pyotp.TOTP(secret).at(NOW))

    assert (here.get("/desk/").status_code, there.get("/desk/").status_code) == (200, 303)


def test_administrator_signs_a_colleague_out_and_the_account_stays(house: Flask) -> None:
    desk, colleague = an_administrator(house), house.test_client()
    sign_in(colleague, person_by_key("rivera"))
    accounts = "/desk/accounts/"

    assert post(desk, f"{accounts}rivera/sign-out", accounts).status_code == 303
    assert colleague.get("/desk/").status_code == 303
    sign_in(colleague, person_by_key("rivera"))
    assert colleague.get("/desk/").status_code == 200
