"""`demo load`: a made-up clinic, planned, published and told once; a father without consent stands
in it.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from conftest import settings
from fakes.postgres import free_port
from scheduler import create_app
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.cli.demo.demo_clinic import clinic_file
from scheduler.clinics import read
from scheduler.invitations.model.models import Answer, AnswerGiven
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import is_right, person_by_key
from scheduler.people.models import Person
from scheduler.programs.models import Enrolment
from scheduler.sessions.models import Session, Status


@pytest.fixture
def app(sqlite_url: str, tmp_path: Path) -> Iterator[Flask]:
    """The demo on a fresh database, its files in a folder of the test."""
    smtp = f"smtp://127.0.0.1:{free_port()}?starttls=off"
    app = create_app(replace(settings(sqlite_url, smtp_url=smtp), demo=True))
    app.config["DEMO_MAILBOX"] = tmp_path / "instance" / "mailbox"
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_clinic_file_holds_on_every_day_it_may_be_loaded() -> None:
    for days in range(0, 53 * 7, 7):
        read(clinic_file(date(2026, 11, 30) + timedelta(days=days)))


def test_some_patients_and_relatives_read_other_languages() -> None:
    file = read(clinic_file(date(2026, 11, 30)))
    patients = [(patient.key, patient.language) for patient in file.patients]
    relatives = [
        (relative.key, relative.language)
        for patient in file.patients
        for relative in patient.family
    ]

    assert {key: language for key, language in patients + relatives if language} == {
        "p-303": "es",
        "p-303-mother": "es",
        "p-304": "pt-BR",
        "p-304-husband": "pt-BR",
    }


def test_load_leads_into_the_middle_of_the_weeks_and_says_who_may_sign_in(
    app: Flask, runner: FlaskCliRunner
) -> None:
    moment = clock.now()
    first = runner.invoke(args=["demo", "load"])
    db.session.rollback()
    people = set(
        db.session.scalars(select(Person.key).join(Letter, Letter.recipient_id == Person.id))
    )
    past = Session.ends_at < moment - timedelta(days=1)
    over = Counter(db.session.scalars(select(Session.status).where(past)))
    ahead = Counter(db.session.scalars(select(Session.status).where(Session.starts_at > moment)))
    words = {row.state for row in db.session.scalars(select(AttendanceMark))}
    waiting = select(Person.key).join(Enrolment, Enrolment.patient_id == Person.id)
    waiting = waiting.where(Enrolment.waits.is_not(None))
    again = runner.invoke(args=["demo", "load"])
    db.session.rollback()

    assert (first.exit_code, again.exit_code, again.output) == (0, 0, first.output)
    assert {key for key in people if "-" in key[2:]} == {
        "p-201-mother",
        "p-202-husband",
        "p-204-sister",
    }
    assert set(over) == {Status.HELD}
    assert (over[Status.HELD] > 20, ahead[Status.SCHEDULED] > 40) == (True, True)
    assert ahead[Status.CANCELLED] == 1
    assert words == set(AttendanceState)
    assert set(db.session.scalars(select(AnswerGiven.answer))) == {Answer.ACCEPTED, Answer.DECLINED}
    assert (
        len(list(db.session.scalars(select(Enrolment.id).where(Enrolment.waits.is_not(None))))) == 1
    )
    kept = Path(app.config["DEMO_MAILBOX"]).parent / "demo_password"
    said = re.search(r"desk@tw-sched\.example .* password: (\S+)\n", first.output)
    okafor = person_by_key("okafor")
    assert (said is not None and said[1], kept.stat().st_mode & 0o777) == (kept.read_text(), 0o600)
    assert okafor.clinician is not None
    assert is_right(okafor.clinician.password_hash, kept.read_text())


@pytest.mark.parametrize("command", ["load", "mailbox"])
def test_nothing_happens_outside_the_demo(sqlite_app: Flask, command: str) -> None:
    result = sqlite_app.test_cli_runner().invoke(args=["demo", command])

    assert (result.exit_code, db.session.scalar(select(func.count()).select_from(Person))) == (2, 0)
