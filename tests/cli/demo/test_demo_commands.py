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
from sqlalchemy import ColumnElement, func, select

from conftest import settings
from fakes.postgres import free_port
from scheduler import create_app
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.cli.demo.demo_clinic import clinic_file
from scheduler.clinics import read
from scheduler.homes import who_cannot_come
from scheduler.invitations.model.models import Answer, AnswerGiven
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import is_right, person_by_key
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.programs.models import Enrolment
from scheduler.sessions.models import Session, Status
from warm import World


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


@pytest.fixture
def demo_house(app: Flask, runner: FlaskCliRunner, world: World) -> Flask:
    """The made-up clinic as a visitor finds it, loaded once for all tests."""
    world.begin(lambda: load_once(runner))
    return app


def load_once(runner: FlaskCliRunner) -> None:
    assert runner.invoke(args=["demo", "load"]).exit_code == 0


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
        "p-205": "es",
        "p-205-wife": "pt-BR",
        "p-303": "es",
        "p-303-mother": "es",
        "p-304": "pt-BR",
        "p-304-husband": "pt-BR",
    }


def test_load_says_who_may_sign_in_and_where_to_begin(
    demo_house: Flask, runner: FlaskCliRunner
) -> None:
    first = runner.invoke(args=["demo", "load"])
    again = runner.invoke(args=["demo", "load"])
    db.session.rollback()

    assert (first.exit_code, again.exit_code, again.output) == (0, 0, first.output)
    kept = Path(demo_house.config["DEMO_MAILBOX"]).parent / "demo_password"
    said = re.search(r"desk@tw-sched\.example .* password: (\S+)\n", first.output)
    okafor = person_by_key("okafor")
    assert (said is not None and said[1], kept.stat().st_mode & 0o777) == (kept.read_text(), 0o600)
    assert okafor.clinician is not None
    assert is_right(okafor.clinician.password_hash, kept.read_text())
    assert re.search(r"A Monday to walk: +\S+/desk/\?day=\d{4}-\d\d-\d\d\n", first.output)


def ahead(*bounds: ColumnElement[bool]) -> list[Session]:
    """Return the sessions that lie ahead of a visitor who comes now."""
    wanted = select(Session).where(Session.starts_at > clock.now(), *bounds)
    return list(db.session.scalars(wanted).unique())


def test_weeks_behind_were_held_and_who_came_was_written_down(demo_house: Flask) -> None:
    past = Session.ends_at < clock.now() - timedelta(days=1)
    over = Counter(db.session.scalars(select(Session.status).where(past)))
    words = {row.state for row in db.session.scalars(select(AttendanceMark))}

    assert over[Status.HELD] > 20
    assert over.keys() <= {Status.HELD, Status.SCHEDULED}
    assert over[Status.SCHEDULED] <= 1
    assert words == set(AttendanceState)


def test_last_group_is_left_for_the_visitor_to_write_down(demo_house: Flask) -> None:
    over = select(Session.series).where(
        Session.ends_at < clock.now() - timedelta(days=1),
        Session.status == Status.SCHEDULED,
    )

    assert set(db.session.scalars(over)) <= {"evening.skills"}


def test_patient_said_that_they_cannot_come_to_a_group_ahead(demo_house: Flask) -> None:
    absent = [person.key for session in ahead() for person in who_cannot_come(session)]

    assert absent == ["p-203"]


def test_relative_declined_a_date_ahead(demo_house: Flask) -> None:
    given = select(AnswerGiven.answer, Person.key).join(Person, Person.id == AnswerGiven.person_id)
    declined = given.where(AnswerGiven.answer == Answer.DECLINED)
    accepted = given.where(AnswerGiven.answer == Answer.ACCEPTED)

    assert [key for _answer, key in db.session.execute(declined)] == ["p-202-husband"]
    assert {key for _answer, key in db.session.execute(accepted)} == {
        "p-201-mother",
        "p-202-husband",
        "p-205-wife",
    }


def test_one_date_ahead_was_moved_and_one_cancelled(demo_house: Flask) -> None:
    moved = ahead(Session.moved_from.is_not(None))
    cancelled = ahead(Session.status == Status.CANCELLED)

    assert [session.series for session in moved] == ["evening.one.p-203"]
    assert [session.series for session in cancelled] == ["evening.one.p-201"]


@pytest.mark.parametrize("kind", [Kind.MULTI_FAMILY_GROUP, Kind.CAREGIVER_GROUP])
def test_group_of_families_was_held_and_comes_again(demo_house: Flask, kind: Kind) -> None:
    held = select(Session).where(Session.kind == kind, Session.status == Status.HELD)

    assert len(db.session.scalars(held).unique().all()) > 0
    assert len(ahead(Session.kind == kind)) > 0


@pytest.mark.parametrize(
    ("key", "appointment"), [("p-205", b"Cita"), ("p-205-wife", b"Compromisso")]
)
def test_readers_of_spanish_and_portuguese_are_written_to_in_theirs(
    demo_house: Flask, key: str, appointment: bytes
) -> None:
    letters = select(Letter.mime).join(Person, Person.id == Letter.recipient_id)
    written = db.session.scalars(letters.where(Person.key == key)).all()
    subjects = [mime.partition(b"\nSubject: ")[2].partition(b"\nDate: ")[0] for mime in written]

    assert len(subjects) > 0
    assert [subject for subject in subjects if appointment not in subject] == []


def test_one_patient_waits_for_a_place(demo_house: Flask) -> None:
    waiting = select(Enrolment.id).where(Enrolment.waits.is_not(None))

    assert len(db.session.scalars(waiting).all()) == 1


def test_letters_go_to_relatives_with_consent_alone(demo_house: Flask) -> None:
    written = select(Person.key).join(Letter, Letter.recipient_id == Person.id)

    assert {key for key in db.session.scalars(written) if "-" in key[2:]} == {
        "p-201-mother",
        "p-202-husband",
        "p-204-sister",
        "p-205-wife",
    }


@pytest.mark.parametrize("command", ["load", "mailbox"])
def test_nothing_happens_outside_the_demo(sqlite_app: Flask, command: str) -> None:
    result = sqlite_app.test_cli_runner().invoke(args=["demo", command])

    assert (result.exit_code, db.session.scalar(select(func.count()).select_from(Person))) == (2, 0)
