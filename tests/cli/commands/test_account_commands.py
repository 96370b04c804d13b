"""`staff invite`, `list`, `roles`, `deactivate`, `reset-second-factor`."""

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from scheduler.clinics import load, read
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.people import (
    begin_sign_in,
    confirm_factor,
    factor_of,
    new_factor,
    person_by_key,
    set_password,
    signed_in,
)
from tests.web.house import NOW, clinic_file
from watch import Watch


@pytest.fixture(autouse=True)
def clinic(app: Flask) -> object:
    with turned_to(Watch(NOW)):
        load(read(clinic_file()), by="command", now=NOW)
        db.session.commit()
        yield


def test_invited_is_listed_with_their_roles(runner: FlaskCliRunner) -> None:
    done = runner.invoke(args=["staff", "invite", "kim.roe@hl.example", "--role", "auditor"])
    listed = runner.invoke(args=["staff", "list"]).output.splitlines()

    assert (done.exit_code, done.output.splitlines()[0]) == (0, "kim-roe  auditor")
    assert listed[1] == "kim-roe  auditor  no-second-factor  open  kim.roe@hl.example"


@pytest.mark.parametrize(
    ("email", "role", "code"),
    [
        ("no address", "auditor", 2),
        ("kim@hl.example", "boss", 2),
        ("sam@hl.example", "auditor", 1),
    ],
)
def test_wrong_invitation_is_refused(
    runner: FlaskCliRunner, email: str, role: str, code: int
) -> None:
    done = runner.invoke(args=["staff", "invite", email, "--role", role])

    assert done.exit_code == code


def test_shut_account_is_signed_out_at_the_next_request(runner: FlaskCliRunner) -> None:
    secret = begin_sign_in(person_by_key("rivera"), now=NOW)
    db.session.commit()

    done = runner.invoke(args=["staff", "deactivate", "rivera"])

    said = "the account of rivera is shut; 0 sessions to come are still theirs\n"
    assert (done.exit_code, done.output) == (0, said)
    assert signed_in(secret, now=NOW) is None


@pytest.mark.parametrize("words", [["deactivate", "desk"], ["roles", "desk", "coordinator"]])
def test_last_administrator_stays(runner: FlaskCliRunner, words: list[str]) -> None:
    done = runner.invoke(args=["staff", *words])

    said = "desk is the last administrator: make another one first"
    assert (done.exit_code, done.stderr.strip()) == (1, said)


def test_lost_second_factor_waits_for_an_administrator_unless_there_is_none(
    runner: FlaskCliRunner,
) -> None:
    set_password(person_by_key("desk"), "nineteen quiet herons", by="command", now=NOW)
    said = []
    for key in ("rivera", "desk"):
        person = person_by_key(key)
        secret = new_factor(person, now=NOW).secret
        assert confirm_factor(person, pyotp.TOTP(secret).at(NOW), now=NOW)
        db.session.commit()
        done = runner.invoke(args=["staff", "reset-second-factor", key])
        said.append((done.exit_code, done.output.partition(":")[0]))

    at_once = "taken away at once, as no other administrator could confirm it"
    assert said == [(0, "reported"), (0, at_once)]
    assert factor_of(person_by_key("rivera")) is not None
    assert factor_of(person_by_key("desk")) is None


def test_second_factor_of_nobody_is_refused(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["staff", "reset-second-factor", "nobody"]).exit_code == 2


@pytest.mark.parametrize(
    ("words", "said", "left"),
    [
        (["jordan"], "jordan is signed out everywhere\n", [None, "rivera"]),
        (["--everybody"], "2 sign-ins have ended\n", [None, None]),
    ],
)
def test_somebody_or_everybody_is_signed_out(
    runner: FlaskCliRunner, words: list[str], said: str, left: list[str | None]
) -> None:
    secrets = [begin_sign_in(person_by_key(key), now=NOW) for key in ("jordan", "rivera")]
    db.session.commit()
    done = runner.invoke(args=["staff", "sign-out", *words])
    found = [signed_in(secret, now=NOW) for secret in secrets]

    assert (done.exit_code, done.output) == (0, said)
    assert [each[0].key if each else None for each in found] == left


@pytest.mark.parametrize("words", [[], ["jordan", "--everybody"]])
def test_signing_out_nobody_or_both_is_a_wrong_call(
    runner: FlaskCliRunner, words: list[str]
) -> None:
    assert runner.invoke(args=["staff", "sign-out", *words]).exit_code == 2
