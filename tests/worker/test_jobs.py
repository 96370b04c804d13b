"""What a tick does stands each on its own: one job's failure is not another's."""

from datetime import timedelta

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select, text

from cast import NEW_YORK
from fakes.post_office import PostOffice
from household import NOW, Household, place
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import ask_for_code
from scheduler.worker.jobs import do_deeds


@pytest.fixture
def home(home: Household) -> Household:
    """The mother may know of an appointment in ten hours; where the patient and the clinician are,
    it is about noon now.
    """
    for person in (home.jordan, home.rivera):
        person.zone = f"Etc/GMT{NOW.hour - 12:+d}"
    home.consent()
    place(
        home.appointment(1), (NOW + timedelta(hours=10)).astimezone(NEW_YORK).replace(tzinfo=None)
    )
    db.session.commit()
    return home


def lose(table: str) -> None:
    """Take a table away, so that the job that needs it fails for real."""
    db.session.execute(text(f"ALTER TABLE {table} RENAME TO lost"))
    db.session.commit()


def test_sound_house_has_no_failing_job(home: Household) -> None:
    assert (do_deeds(), do_deeds()) == ([], [])


def test_failing_job_in_the_middle_stops_neither_side(home: Household) -> None:
    lose("room_entries")

    assert do_deeds() == ["rooms"]
    assert {(row.address, row.kind) for row in db.session.scalars(select(Letter))} == {
        ("m@family.example", "invitation"),
        ("one@patient.example", "reminder"),
        ("rivera@sp-cal.example", "reminder"),
    }


def test_failing_last_job_undoes_nothing_of_the_first(home: Household) -> None:
    lose("reminders")

    assert do_deeds() == ["reminders"]
    assert [letter.address for letter in db.session.scalars(select(Letter))] == ["m@family.example"]


def test_drain_carries_the_rest_names_the_failed_job_and_exits_1(
    home: Household, runner: FlaskCliRunner, post_office: PostOffice
) -> None:
    lose("reminders")

    said = runner.invoke(args=["worker", "drain"])

    assert said.exit_code == 1
    assert "job reminders failed" in said.stderr
    assert [letter.recipients for letter in post_office.messages] == [["m@family.example"]]


def test_code_that_was_asked_for_leaves_in_the_same_round(
    home: Household, runner: FlaskCliRunner, post_office: PostOffice
) -> None:
    address = home.jordan.email
    ask_for_code(address, browser="a", known=False, asked_language=None, language="en", now=now())
    db.session.commit()
    runner.invoke(args=["worker", "drain"])

    kinds = db.session.scalars(select(Letter.kind).where(Letter.address == address))
    assert "code" in kinds.all()
    assert [address] in [letter.recipients for letter in post_office.messages]


def test_codes_that_cannot_be_made_stop_no_other_letter(
    home: Household, runner: FlaskCliRunner, post_office: PostOffice
) -> None:
    lose("code_asks")
    runner.invoke(args=["worker", "drain"])

    assert ["m@family.example"] in [letter.recipients for letter in post_office.messages]
