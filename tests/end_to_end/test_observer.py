"""Random histories of a clinic, watched by an observer that knows no line of the product: nothing
leaves uncovered.

Consents come and go with clinic files and by `consent revoke`; groups and appointments are invited
to and reminded of.
"""

import json
import random
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from end_to_end.brook_house import CANARIES, EXPIRES, SIGNED, TODAY
from fakes.postgres import free_port
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import db

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
REVOKE = ("consent", "revoke")
OBSERVER = Path(__file__).resolve().parent.parent / "fakes" / "observer.py"
GROUPS = ("family_workshop", "caregiver_group", "multi_family_group")
KINDS = ("family_therapy", *GROUPS)
RELATIVES = 3
MONDAY = TODAY - timedelta(days=TODAY.weekday())
A_DAY = 12
"""How many patients one clinician sees."""


def soon() -> datetime:
    """Return a wall time in New York that an hour-before reminder is due for, and that ends the
    same day.
    """
    start = datetime.now(UTC).astimezone(ZoneInfo("America/New_York")) + timedelta(minutes=45)
    late = start.replace(hour=23, minute=40)
    begins = late if start > late else start
    return begins if begins > start - timedelta(minutes=35) else late + timedelta(minutes=45)


def clinic(dice: random.Random, patients: int, version: int) -> dict[str, Any]:
    """Return the clinic as one file would say it: the same people, every consent thrown anew; no
    father has any.
    """
    hours = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "21:00"}]
    first = soon()
    groups = [
        {
            "key": f"g{number}",
            "kind": kind,
            "title": "Kin evening",
            "days": [DAYS[(first.weekday() + number) % 7]],
            "at": f"{first:%H:%M}",
            "minutes": 15,
            "weeks": [1, 4],
        }
        for number, kind in enumerate(GROUPS)
    ]
    appointment = {
        "key": "fam",
        "kind": "family_therapy",
        "minutes": 60,
        "every_weeks": 2,
        "weeks": [1, 4],
    }
    staff = [f"moss-{number}" for number in range(patients // A_DAY + 1)]
    return {
        "version": 1,
        "practice": {
            "name": "Brookhouse Recovery",
            "outward_name": "BH Scheduling",
            "zone": "America/New_York",
            "outward_email": "calendar@bh-sched.example",
            "state": "MA",
            "holidays": "open",
        },
        "clinicians": [
            {
                "key": key,
                "name": "Ana Ferncombe",
                "email": f"{key}@bh-sched.example",
                "hours": hours,
                "licences": [{"state": "MA", "until": day(EXPIRES)}],
            }
            for key in staff
        ],
        "programs": [
            {
                "key": "evening",
                "name": "Evening IOP",
                "outward_title": "Appointment",
                "weeks": 4,
                "rules": {"week_hours": [0, 19], "day_hours_max": 4},
                "groups": groups,
                "appointments": [appointment],
            }
        ],
        "cohorts": [
            {
                "key": "brook",
                "program": "evening",
                "starts": day(MONDAY),
                "leads": {group["key"]: staff[0] for group in groups},
            }
        ],
        "patients": [patient(dice, number, version, staff) for number in range(patients)],
    }


def patient(dice: random.Random, number: int, version: int, staff: list[str]) -> dict[str, Any]:
    family = [
        {
            "key": f"p-{number}-{who}",
            "name": "Zephyrine Quellandrix",
            "relationship": "relative",
            "email": f"r{number}-{who}@family.example",
            "ready": number == 0 or dice.random() < 0.9,
            "consents": papers(dice, version, (number, who)) if who else [],
        }
        for who in range(RELATIVES)
    ]
    about = {
        "cohort": "brook",
        "from": day(MONDAY),
        "clinician": staff[number % len(staff)],
        "family": family,
    }
    own = {"name": "Jordan Quellandrix", "email": f"p{number}@patient.example"}
    return {"key": f"p-{number}"} | own | about


def papers(dice: random.Random, version: int, who: tuple[int, int]) -> list[dict[str, Any]]:
    """Throw the papers of one relative: none, some purposes, ended, not begun, or ending before the
    last week.

    One mother of the first file always has some, so that there is always somebody to invite and to
    remind.
    """
    if version == 0 and who == (0, 1):
        return [
            {
                "kinds": [*KINDS[:3]],
                "signed": day(SIGNED),
                "expires": day(EXPIRES),
                "signed_by": "patient",
            }
        ]
    found = []
    for kind in dice.sample(KINDS, dice.randint(0, len(KINDS))):
        signed, expires = TODAY - timedelta(days=90 - version), EXPIRES
        fate = dice.random()
        if fate < 0.1:
            expires = TODAY - timedelta(days=1)
        elif fate < 0.2:
            signed = TODAY + timedelta(days=1)
        elif fate < 0.35:
            expires = MONDAY + timedelta(days=dice.randint(0, 27))
        paper = {
            "kinds": [kind],
            "signed": day(signed),
            "expires": day(expires),
            "signed_by": "patient",
        }
        found.append(
            paper | ({"others": dice.random() < 0.6} if kind == "multi_family_group" else {})
        )
    return found


def day(said: date) -> str:
    return said.isoformat()


@contextmanager
def watched(folder: Path) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Start an observer; give the address of its mail server, and what asks for its findings."""
    port = free_port()
    words = [sys.executable, str(OBSERVER), str(port), str(folder)]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

        def judged() -> dict[str, Any]:
            said, _ = process.communicate(timeout=600)
            return dict(json.loads(said))

        try:
            yield f"smtp://127.0.0.1:{port}?starttls=off", judged
        finally:
            process.kill()


@pytest.mark.timeout(7200)
def test_observer_finds_no_letter_without_a_covering_consent(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path, trials: Callable[[int, int], int], seed: int
) -> None:
    dice, wanted = random.Random(seed), trials(20, 10_000)
    patients = trials(5, 150)
    (tmp_path / "canaries.txt").write_text("\n".join(CANARIES))
    log, sent, version, withdrawn = tmp_path / "log.jsonl", 0, 0, 0
    with watched(tmp_path) as (url, findings):
        app.config["KINFOLD"] = replace(app.config["KINFOLD"], smtp_url=url)
        while sent < wanted and version < 80:
            name, said = f"clinic-{version}.yaml", clinic(dice, patients, version)
            (tmp_path / name).write_text(json.dumps(said))
            with noted(log, file=name):
                run(runner, "clinic", "load", str(tmp_path / name))
            if version == 0:
                run(runner, "cohort", "plan", "brook", "--seconds", "1")
                run(runner, "cohort", "publish", "brook")
                told_two_hours_ago()
            sent += drained(runner)
            for person, kind, silent in withdrawals(dice, said, version):
                words = [*(["--kinds", kind] if kind else []), *(["--silent"] if silent else [])]
                with noted(log, revoked=person, kind=kind):
                    run(runner, *REVOKE, person, "--patient", person.rpartition("-")[0], *words)
                withdrawn += 1
            sent += drained(runner)
            version += 1
        (tmp_path / "sessions.jsonl").write_text(run(runner, "sessions", "export"))
        found = findings()
    about = (
        f"{found['cancellations']} of them cancellations, {found['reminders']} reminders, "
        f"{found['placed']} placed"
    )
    print(
        f"seed {seed}: {found['letters']} letters, {about}; {version} files, {withdrawn} "
        "withdrawals by command"
    )

    assert (found["uncovered"], found["canaries"], found["many"]) == ([], [], [])
    assert found["letters"] == sent >= wanted
    assert [name for name in ("cancellations", "reminders", "placed") if not found[name]] == []
    assert withdrawn > 0


@contextmanager
def noted(log: Path, **what: Any) -> Iterator[None]:
    """Write down for the observer when a command began and ended, and what it was."""
    begun = time.time()
    yield
    with log.open("a") as lines:
        lines.write(json.dumps({"begun": begun, "ended": time.time(), **what}) + "\n")


def withdrawals(
    dice: random.Random, said: dict[str, Any], version: int
) -> Iterator[tuple[str, str | None, bool]]:
    """Throw who withdraws by command, of which kind (None: all) and whether silently; first a
    mother, of all.
    """
    given = [one for each in said["patients"] for one in each["family"] if holding(one)]
    if version == 0:
        yield given.pop(0)["key"], None, False
    for one in dice.sample(given, min(len(given), 1 + len(given) // 10)):
        kind = dice.choice(holding(one))["kinds"][0]
        yield one["key"], kind if dice.random() < 0.5 else None, dice.random() < 0.3


def holding(relative: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the papers that hold today: what has ended is already as good as withdrawn."""
    today = day(TODAY)
    return [one for one in relative["consents"] if one["signed"] <= today <= one["expires"]]


def told_two_hours_ago() -> None:
    """Nobody is reminded of what they have only just been told: let two hours have passed since."""
    db.session.remove()
    for row in db.session.scalars(select(Invitation)):
        row.told_at -= timedelta(hours=2)
    db.session.commit()


def drained(runner: FlaskCliRunner) -> int:
    """Let a worker do what is due; return how many letters left."""
    return int(run(runner, "worker", "drain").split()[0])


def run(runner: FlaskCliRunner, *words: str) -> str:
    db.session.remove()
    said = runner.invoke(args=list(words))
    assert said.exit_code in (0, 3), said.output
    return said.stdout


def test_observer_finds_what_is_planted(tmp_path: Path) -> None:
    said = clinic(random.Random(1), 1, 0)
    (tmp_path / "clinic.yaml").write_text(json.dumps(said))
    (tmp_path / "log.jsonl").write_text(
        json.dumps({"begun": 0, "ended": 0, "file": "clinic.yaml"}) + "\n"
    )
    (tmp_path / "sessions.jsonl").write_text("")
    (tmp_path / "canaries.txt").write_text("\n".join(CANARIES))
    father, other = "r0-0@family.example", "r0-1@family.example"
    with watched(tmp_path) as (url, findings):
        with smtplib.SMTP("127.0.0.1", int(url.rpartition(":")[2].partition("?")[0])) as mail:
            mail.sendmail(
                "x@bh-sched.example",
                [father, other],
                "Subject: Family therapy\r\n\r\nAt seven.\r\n",
            )
        found = findings()

    assert (found["letters"], found["canaries"], found["many"]) == (
        1,
        ["family therapy"],
        [[father, other]],
    )
    assert [one[0] for one in found["uncovered"]] == [father]


@pytest.mark.parametrize(
    ("kind", "covered"), [("caregiver_group", True), ("family_workshop", False), (None, False)]
)
def test_observer_holds_a_withdrawal_by_command_against_a_reminder(
    tmp_path: Path, kind: str | None, covered: bool
) -> None:
    mother, start = "r0-1@family.example", datetime(2030, 3, 5, 20, tzinfo=UTC)
    (tmp_path / "clinic.yaml").write_text(json.dumps(clinic(random.Random(1), 1, 0)))
    log = [
        {"begun": 0, "ended": 0, "file": "clinic.yaml"},
        {"begun": 1, "ended": 2, "revoked": "p-0-1", "kind": kind},
    ]
    (tmp_path / "log.jsonl").write_text("\n".join(map(json.dumps, log)))
    session = {
        "key": "x",
        "kind": "family_workshop",
        "start": start.isoformat(),
        "end": start.isoformat(),
        "patients": [],
    }
    (tmp_path / "sessions.jsonl").write_text(json.dumps(session))
    (tmp_path / "canaries.txt").write_text("")
    consents = json.loads((tmp_path / "clinic.yaml").read_text())
    (paper,) = consents["patients"][0]["family"][1]["consents"]
    paper["expires"] = "2031-01-01"
    (tmp_path / "clinic.yaml").write_text(json.dumps(consents))
    with watched(tmp_path) as (url, findings):
        with smtplib.SMTP("127.0.0.1", int(url.rpartition(":")[2].partition("?")[0])) as mail:
            said = (
                "Subject: Appointment\r\n\r\nA reminder.\r\n  Tue 5 March 2030, 3:00 - 3:15 "
                "PM, New York time\r\n"
            )
            head = "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            mail.sendmail(
                "x@bh-sched.example", [mother], (head + said.replace(" - ", " – ")).encode()
            )
        found = findings()

    assert (found["letters"], found["reminders"], found["uncovered"] == []) == (1, 1, covered)
