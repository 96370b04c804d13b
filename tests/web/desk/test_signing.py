"""At the desk: whose authority is recorded and what was found decide who signs; the father learns
nothing.
"""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from household import NOW, TODAY, Household
from scheduler.consents import set_licence
from scheduler.consents.model.models import Authority, Finding, Grant, Licence, Statement
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.people.models import Clinician, Role
from visitor import TOKEN, browser, say_yes, send, sign_in, words

PAGE = "/desk/patients/p-1/signing"
PAPER = "/desk/patients/p-1/paper"
AUTHORITY = "/desk/patients/p-1/authority"
FINDING = "/desk/patients/p-1/finding"
BEFORE = (TODAY - timedelta(days=9)).isoformat()
PARENT = {
    "name": "Pat Grey",
    "capacity": "guardian",
    "first": BEFORE,
    "evidence": "docket 12 of 2026",
}
SHARED = {"circumstance": "shared_custody", "since": BEFORE, "ground": "docket 4 of 2026"}
SIGNED = {
    "person": "p-1-mother",
    "purpose": "family_therapy",
    "signed": TODAY.isoformat(),
    "signed_by": "guardian",
    "expires": (TODAY + timedelta(days=90)).isoformat(),
}


@pytest.fixture
def home(home: Household) -> Household:
    """Jordan is fifteen and in a mental health program."""
    home.appointment(1)
    assert home.jordan.patient is not None
    home.jordan.patient.born = TODAY.replace(year=TODAY.year - 15, day=1)
    set_licence(home.cohort.program, Licence.MENTAL_HEALTH, by="command", now=NOW)
    assert isinstance(home.rivera.clinician, Clinician)
    home.rivera.clinician.roles = (Role.COORDINATOR,)
    db.session.commit()
    return home


@pytest.fixture
def desk(app: Flask, home: Household) -> FlaskClient:
    desk = browser(app)
    sign_in(desk, home.rivera)
    return desk


def post(desk: FlaskClient, url: str, said: dict[str, object], page: str = PAGE) -> TestResponse:
    found = TOKEN.search(desk.get(page).text)
    assert found is not None
    answer = desk.post(url, data={"csrf_token": found[1]} | said)
    return say_yes(desk, answer, url, said)


def authorities() -> list[Authority]:
    db.session.rollback()
    return list(db.session.scalars(select(Authority).order_by(Authority.name)))


def test_page_says_who_signs_today_and_why(desk: FlaskClient) -> None:
    before = words(desk.get(PAGE))
    post(desk, FINDING, SHARED)
    after = words(desk.get(PAGE))

    assert "Today: a parent or guardian ." in before
    assert "The program: mental health." in before
    assert (
        "Today: a parent or guardian , and both parents , each by an authority of their own."
        in after
    )
    assert "Parents living apart share legal custody: both sign, from" in after


def test_parent_signs_by_a_recorded_authority(desk: FlaskClient) -> None:
    without = post(desk, PAPER, SIGNED, PAPER)
    recorded = post(desk, AUTHORITY, PARENT)
    (held,) = authorities()
    done = post(desk, PAPER, SIGNED | {"authority": held.id}, PAPER)

    assert (without.status_code, recorded.status_code, done.status_code) == (422, 303, 303)
    assert "record the guardian's authority first" in words(without).replace("&#39;", "'")
    assert db.session.scalars(select(Statement.authority_id)).all() == [held.id]


def test_two_parents_who_share_custody_are_both_chosen(desk: FlaskClient) -> None:
    post(desk, FINDING, SHARED)
    post(desk, AUTHORITY, PARENT)
    post(desk, AUTHORITY, PARENT | {"name": "Lee Grey"})
    one, other = (each.id for each in authorities())

    alone = post(desk, PAPER, SIGNED | {"authority": one}, PAPER)
    both = post(desk, PAPER, SIGNED | {"authority": [one, other]}, PAPER)

    assert (alone.status_code, both.status_code) == (422, 303)
    assert "both parents share legal custody" in words(alone)
    assert db.session.scalars(select(Statement.signer_name)).all() == ["Lee Grey and Pat Grey"]


def test_authority_ends_by_a_click_with_all_that_stands_on_it(desk: FlaskClient) -> None:
    post(desk, AUTHORITY, PARENT)
    (held,) = authorities()
    post(desk, PAPER, SIGNED | {"authority": held.id}, PAPER)
    announce(by="command", now=NOW)
    db.session.commit()

    done = desk.get(post(desk, f"{AUTHORITY}/end", {"authority": held.id}).location)
    again = post(desk, f"{AUTHORITY}/end", {"authority": held.id})

    assert "Ended, with 1 consent that stood on it." in words(done)
    assert again.status_code == 422
    rows = list(db.session.scalars(select(Letter)))
    assert [(row.address, row.state.value) for row in rows] == [("m@family.example", "suppressed")]


@pytest.mark.parametrize(
    ("url", "said", "complaint"),
    [
        (AUTHORITY, PARENT | {"first": ""}, "give the first day"),
        (AUTHORITY, PARENT | {"first": "0027-01-01"}, "Give a day between"),
        (AUTHORITY, PARENT | {"last": "9990-01-01"}, "Give a day between"),
        (AUTHORITY, PARENT | {"last": "31.12.2027"}, "Give a day between"),
        (FINDING, SHARED | {"until": "9990-01-01"}, "Give a day between"),
        (AUTHORITY, PARENT | {"evidence": " "}, "needs a name and its evidence"),
        (FINDING, SHARED | {"circumstance": "clever"}, "choose what was found"),
        (FINDING, SHARED | {"circumstance": "dependence_found"}, "two physicians"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    desk: FlaskClient, url: str, said: dict[str, object], complaint: str
) -> None:
    answer = post(desk, url, said)

    assert (answer.status_code, complaint in words(answer)) == (422, True)
    assert [str(said[name]) in answer.text for name in ("name", "ground") if name in said] == [True]
    assert (authorities(), db.session.scalars(select(Finding)).all()) == ([], [])


def test_authority_for_another_patient_is_none_here(desk: FlaskClient) -> None:
    post(desk, AUTHORITY, PARENT)
    (held,) = authorities()

    assert post(desk, "/desk/patients/p-2/authority/end", {"authority": held.id}).status_code == 404
    assert db.session.scalars(select(Grant)).all() == []


def test_what_an_authority_takes_with_it_is_shown_before_it_ends(desk: FlaskClient) -> None:
    post(desk, AUTHORITY, PARENT)
    (held,) = authorities()
    post(desk, PAPER, SIGNED | {"authority": held.id}, PAPER)
    for letter in db.session.scalars(select(Letter)):
        letter.state = LetterState.SENT
        letter.sent_at = NOW
        letter.reply = "250"
    db.session.commit()

    shown = words(send(desk, f"{AUTHORITY}/end", {"authority": held.id}, page=PAGE))

    assert "1 consent ends with it." in shown
    assert "End it and tell 1 person" in shown
    assert "Cancellation: No longer on your calendar" in shown
    assert "Miguel" not in shown
    assert [authority.ended_at for authority in authorities()] == [None]


def test_paper_is_shown_with_its_letters_before_it_is_recorded(desk: FlaskClient) -> None:
    post(desk, AUTHORITY, PARENT)
    (held,) = authorities()

    shown = words(send(desk, PAPER, SIGNED | {"authority": held.id}))

    assert "Dana Lee may know of: Family session." in shown
    assert "Record this paper and tell 1 person" in shown
    assert "Miguel" not in shown
    assert db.session.scalars(select(Grant)).all() == []
