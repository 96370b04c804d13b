"""Deeds that a borrowed browser must not do ask for a proof that is not older than five minutes."""

from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.people import Deed, confirm_factor, new_factor, person_by_key
from scheduler.people.models import Role
from scheduler.web.auth.desk_deeds import DEEDS
from scheduler.web.auth.steps.fresh_proof import NEEDS_PROOF
from tests.web.house import NOW, PASSWORD, post, sign_in_staff
from visitor import SIGN_IN, sign_in
from watch import Watch

ASKED = "Is it still you?"
ACCOUNTS = "/desk/accounts/"
LATER = timedelta(minutes=5)
NAMED = {
    "disclosures.to_print",
    "keep_out.lift",
    "letters.release",
    "lost_factor.ask",
    "second_factor.confirm",
    "staff_passkeys.add",
    "staff_passkeys.begin",
    "staff_passkeys.end",
    "where_signed_in.end",
}


@pytest.fixture
def desk(house: Flask) -> FlaskClient:
    desk = person_by_key("desk").clinician
    assert desk is not None
    desk.roles = (Role.COORDINATOR, Role.ADMINISTRATOR)
    client = house.test_client()
    sign_in_staff(client)
    return client


def give_roles(client: FlaskClient, **said: str) -> TestResponse:
    return post(client, f"{ACCOUNTS}rivera/roles", ACCOUNTS, roles="auditor", **said)


def roles() -> tuple[Role, ...]:
    db.session.expire_all()
    account = person_by_key("rivera").clinician
    assert account is not None
    return account.roles


def test_accounts_roles_and_what_was_named_need_a_proof(house: Flask) -> None:
    posted = set()
    for rule in house.url_map.iter_rules():
        if "POST" in (rule.methods or ()) and DEEDS.get(rule.endpoint) in {
            Deed.ACCOUNTS,
            Deed.RELEASE_LETTERS,
        }:
            posted.add(rule.endpoint)

    assert posted | NAMED == NEEDS_PROOF


@pytest.mark.parametrize("endpoint", sorted(NEEDS_PROOF))
def test_each_of_them_asks_whoever_proved_too_long_ago(
    house: Flask, desk: FlaskClient, clock: Watch, endpoint: str
) -> None:
    key = "jordan" if endpoint.startswith(("disclosures", "keep_out")) else "rivera"
    rule = next(
        rule
        for rule in house.url_map.iter_rules()
        if rule.endpoint == endpoint and "POST" in (rule.methods or ())
    )
    clock.moment += LATER
    answer = post(desk, rule.rule.replace("<key>", key), "/desk/", day="2027-03-05")

    assert (answer.status_code, ASKED in answer.text) == (403, True)
    assert 'name="day" value="2027-03-05"' in answer.text


def test_within_five_minutes_nothing_is_asked(desk: FlaskClient, clock: Watch) -> None:
    clock.moment += LATER - timedelta(seconds=1)

    assert give_roles(desk).status_code == 303
    assert roles() == (Role.AUDITOR,)


def test_proof_goes_on_with_what_was_typed_and_lasts(desk: FlaskClient, clock: Watch) -> None:
    clock.moment += LATER
    assert give_roles(desk).status_code == 403
    assert roles() == (Role.CLINICIAN,)

    assert give_roles(desk, proof=PASSWORD).status_code == 303
    assert roles() == (Role.AUDITOR,)
    assert give_roles(desk).status_code == 303


def test_wrong_proof_does_nothing_and_is_written_down(desk: FlaskClient, clock: Watch) -> None:
    clock.moment += LATER
    answer = give_roles(desk, proof="another's password")

    assert (answer.status_code, ASKED in answer.text) == (422, True)
    assert "another" not in answer.text
    assert roles() == (Role.CLINICIAN,)
    failed = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "sign_in.failed"))
    assert [row.details for row in failed] == [
        {"proof": "anew", "page": "staff_accounts.set_roles"}
    ]


def test_guessing_proofs_is_slowed_down(desk: FlaskClient, clock: Watch) -> None:
    clock.moment += LATER
    answers = [give_roles(desk, proof=f"guess {number}").status_code for number in range(6)]

    assert answers == [422] * 5 + [429]


def test_code_of_the_telephone_is_a_proof_once(house: Flask, clock: Watch) -> None:
    person = person_by_key("desk")
    secret = new_factor(person, now=NOW).secret
    assert confirm_factor(person, pyotp.TOTP(secret).at(NOW), now=NOW)
    db.session.commit()
    client = house.test_client()
    sign_in(client, person)
    clock.moment += LATER
    code = pyotp.TOTP(secret).at(clock.moment)

    assert give_roles(client, proof=code).status_code == 303
    clock.moment += LATER
    assert give_roles(client, proof=code).status_code == 422


def test_proof_of_one_browser_is_none_of_another(
    house: Flask, desk: FlaskClient, clock: Watch
) -> None:
    other = house.test_client()
    sign_in(other, person_by_key("desk"))
    clock.moment += LATER
    give_roles(desk, proof=PASSWORD)

    assert give_roles(other).status_code == 403


def test_cookie_of_before_a_proof_means_nothing_after_it(
    house: Flask, desk: FlaskClient, clock: Watch
) -> None:
    thief, stolen = house.test_client(), desk.get_cookie(SIGN_IN)
    assert stolen is not None
    thief.set_cookie(SIGN_IN, stolen.value)
    clock.moment += LATER
    assert thief.get("/desk/").status_code == 200
    give_roles(desk, proof=PASSWORD)

    assert (thief.get("/desk/").status_code, desk.get("/desk/").status_code) == (303, 200)


@pytest.mark.parametrize("page", ["/desk/staff/rivera/setup", "/desk/staff/new"])
def test_roles_are_given_on_a_colleagues_page_by_a_proof_alone(
    desk: FlaskClient, clock: Watch, page: str
) -> None:
    clock.moment += LATER
    answer = post(desk, page, page, email="rivera@hl.example", roles="administrator")

    assert (answer.status_code, ASKED in answer.text) == (403, True)
    assert roles() == (Role.CLINICIAN,)


@pytest.mark.parametrize(
    ("page", "address"),
    [
        ("/desk/patients/jordan/contact/jordan", "jordan@patient.example"),
        ("/desk/staff/rivera/setup", "rivera@hl.example"),
    ],
)
def test_address_that_codes_are_mailed_to_is_changed_by_a_proof_alone(
    desk: FlaskClient, clock: Watch, page: str, address: str
) -> None:
    clock.moment += LATER
    said = {"name": "Jordan Quell", "roles": "clinician"}
    same = post(desk, page, page, email=address, **said)
    other = post(desk, page, page, email="thief@evil.example", **said)

    assert (ASKED in same.text, other.status_code, ASKED in other.text) == (False, 403, True)
