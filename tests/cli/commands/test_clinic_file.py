from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from scheduler.cli.commands.clinic_file import clinic
from scheduler.clinics import read
from scheduler.kernel.database import db
from scheduler.people.models import Person
from tests.clinics.small_pines import SMALL_PINES, changed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small-pines.yaml"
    path.write_bytes(SMALL_PINES.encode())
    return path


def people() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Person)) or 0


def test_load_says_what_it_changed_and_keeps_it(
    app: Flask, runner: FlaskCliRunner, file: Path
) -> None:
    done = runner.invoke(clinic, ["load", str(file)])
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "practice: added")
    assert people() == 6


def test_load_warns_of_a_fixed_address_and_takes_it(
    app: Flask, runner: FlaskCliRunner, file: Path
) -> None:
    done = runner.invoke(clinic, ["load", str(file)])

    assert (done.exit_code, done.stderr) == (
        0,
        "video_rooms[0].url: a fixed address: whoever was in one session can go into the next; "
        "name a service, or write shared: true\n",
    )


def test_load_is_silent_about_an_address_that_the_clinic_shares(
    app: Flask, runner: FlaskCliRunner, file: Path
) -> None:
    file.write_bytes(changed('dial_in: "+16175550100"', "shared: true"))

    done = runner.invoke(clinic, ["load", str(file)])

    assert (done.exit_code, done.stderr) == (0, "")


def test_loading_again_says_that_nothing_changed(
    app: Flask, runner: FlaskCliRunner, file: Path
) -> None:
    runner.invoke(clinic, ["load", str(file)])
    assert runner.invoke(clinic, ["load", str(file)]).stdout == "nothing changed\n"


def test_a_dry_run_says_the_same_and_keeps_nothing(
    app: Flask, runner: FlaskCliRunner, file: Path
) -> None:
    dry = runner.invoke(clinic, ["load", str(file), "--dry-run"])
    assert (dry.exit_code, people()) == (0, 0)
    done = runner.invoke(clinic, ["load", str(file)])
    assert dry.stdout.replace("would change", "changed") == done.stdout


def test_a_consent_left_out_is_withdrawn_and_told(
    app: Flask, runner: FlaskCliRunner, file: Path
) -> None:
    runner.invoke(clinic, ["load", str(file)])
    file.write_bytes(changed("[family_therapy, caregiver_group]", "[caregiver_group]"))
    done = runner.invoke(clinic, ["load", str(file)])
    told = "consent of p-1-mother: revoked (family_therapy, signed 2027-02-20)\n1 record changed\n"
    assert (done.exit_code, done.stdout) == (0, told)


def test_no_name_and_no_address_is_printed(app: Flask, runner: FlaskCliRunner, file: Path) -> None:
    told = runner.invoke(clinic, ["load", str(file)]).output
    assert [
        word
        for word in ("Jordan", "Lee", "Miguel", "@", "Small Pines", "video.example")
        if word in told
    ] == []


def test_a_bad_file_exits_2_with_a_line_for_each_problem(
    app: Flask, runner: FlaskCliRunner, file: Path
) -> None:
    file.write_bytes(
        changed("America/Chicago", "America/Bostn", changed("minutes: 90", "minutes: 0").decode())
    )
    done = runner.invoke(clinic, ["load", str(file)])
    assert (done.exit_code, done.stdout, people()) == (2, "", 0)
    assert [line.split(": ")[0] for line in done.stderr.splitlines()] == [
        "programs[0].groups[0].minutes",
        "patients[0].family[0].zone",
    ]


def test_a_file_that_is_not_there_exits_2(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    done = runner.invoke(clinic, ["load", str(tmp_path / "none.yaml")])
    assert (done.exit_code, done.stderr) == (
        2,
        f"{tmp_path / 'none.yaml'}: cannot be read (No such file or directory)\n",
    )


def test_export_prints_a_clinic_file(app: Flask, runner: FlaskCliRunner, file: Path) -> None:
    runner.invoke(clinic, ["load", str(file)])
    printed = runner.invoke(clinic, ["export"])
    assert printed.exit_code == 0
    assert [patient.key for patient in read(printed.stdout.encode()).patients] == ["p-1", "p-2"]


def test_export_before_the_first_load_exits_2_and_says_what_to_do(
    app: Flask, runner: FlaskCliRunner
) -> None:
    done = runner.invoke(clinic, ["export"])
    assert (done.exit_code, done.stderr) == (
        2,
        "no clinic is loaded yet: flask --app wsgi clinic load FILE\n",
    )


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("outward_name: ", "outward_name: Sunrise Recovery ", "practice.outward_name: “recover”"),
        ("outward_email: ", "outward_email: hello.detox.", "practice.outward_email: “detox”"),
        (
            "outward_title: Appointment",
            "outward_title: Therapy",
            "programs.outward_title: “therap”",
        ),
    ],
)
def test_outward_name_that_gives_it_away_is_refused(
    app: Flask, runner: FlaskCliRunner, file: Path, old: str, new: str, complaint: str
) -> None:
    file.write_text(SMALL_PINES.replace(old, new))

    done = runner.invoke(clinic, ["load", str(file)])

    assert (done.exit_code, people()) == (2, 0)
    assert done.stderr.splitlines()[0] == f"{complaint} gives away what this is"
