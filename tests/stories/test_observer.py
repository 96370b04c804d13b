"""Random histories of a clinic, watched by an observer that knows no line of the product: nothing leaves uncovered."""

import json
import random
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from scheduler.kernel.database import db
from servers.postgres import free_port
from stories.brook_house import CANARIES, EXPIRES, MONDAY, TODAY

OBSERVER = Path(__file__).resolve().parent.parent / "servers" / "observer.py"
KINDS = ("family_workshop", "caregiver_group", "multi_family_group")
RELATIVES = 3


def clinic(dice: random.Random, patients: int, version: int) -> dict[str, Any]:
    """Give the clinic as one file would say it: the same people, every consent thrown anew; no father has any."""
    hours = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "09:00", "to": "21:00"}]
    groups = [
        {"key": f"g{number}", "kind": kind, "title": "Kin evening", "days": [day], "at": "19:00", "minutes": 60,
         "weeks": [1, 4]}
        for number, (kind, day) in enumerate(zip(KINDS, ("mon", "tue", "wed"), strict=True))
    ]  # fmt: skip
    return {
        "version": 1,
        "practice": {"name": "Brookhouse Recovery", "outward_name": "BH Scheduling", "zone": "America/New_York",
                     "outward_email": "calendar@bh-sched.example", "state": "MA", "holidays": "open"},
        "clinicians": [{"key": "moss", "name": "Ana Ferncombe", "email": "moss@bh-sched.example", "hours": hours,
                        "licences": [{"state": "MA", "until": day(EXPIRES)}]}],
        "programs": [{"key": "evening", "name": "Evening IOP", "outward_title": "Appointment", "weeks": 4,
                      "rules": {"week_hours": [0, 19], "day_hours_max": 4}, "groups": groups, "appointments": []}],
        "cohorts": [{"key": "brook", "program": "evening", "starts": day(MONDAY),
                     "leads": {group["key"]: "moss" for group in groups}}],
        "patients": [patient(dice, number, version) for number in range(patients)],
    }  # fmt: skip


def patient(dice: random.Random, number: int, version: int) -> dict[str, Any]:
    family = [
        {"key": f"p-{number}-{who}", "name": "Zephyrine Quellandrix", "relationship": "relative",
         "email": f"r{number}-{who}@family.example", "ready": dice.random() < 0.9,
         "consents": papers(dice, version) if who else []}
        for who in range(RELATIVES)
    ]  # fmt: skip
    return {"key": f"p-{number}", "name": "Jordan Quellandrix", "email": f"p{number}@patient.example",
            "cohort": "brook", "from": day(MONDAY), "clinician": "moss", "family": family}  # fmt: skip


def papers(dice: random.Random, version: int) -> list[dict[str, Any]]:
    """Throw the papers of one relative: none, some purposes, ended, not begun, or ending before the last week."""
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
        paper = {"kinds": [kind], "signed": day(signed), "expires": day(expires), "signed_by": "patient"}
        found.append(paper | ({"others": dice.random() < 0.6} if kind == "multi_family_group" else {}))
    return found


def day(said: date) -> str:
    return said.isoformat()


@contextmanager
def watched(folder: Path) -> Iterator[tuple[str, Callable[[], dict[str, Any]]]]:
    """Start an observer; give the address of its mail server, and what asks for its findings."""
    port = free_port()
    words = [sys.executable, str(OBSERVER), str(port), str(folder)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
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
    log, sent, version = tmp_path / "log.jsonl", 0, 0
    with watched(tmp_path) as (url, findings):
        app.config["KINFOLD"] = replace(app.config["KINFOLD"], smtp_url=url)
        while sent < wanted and version < 80:
            name, begun = f"clinic-{version}.yaml", time.time()
            (tmp_path / name).write_text(json.dumps(clinic(dice, patients, version)))
            run(runner, "clinic", "load", str(tmp_path / name))
            with log.open("a") as lines:
                lines.write(json.dumps({"begun": begun, "ended": time.time(), "file": name}) + "\n")
            if version == 0:
                run(runner, "cohort", "plan", "brook", "--seconds", "1")
                run(runner, "cohort", "publish", "brook")
            sent += int(run(runner, "worker", "drain").split()[0])
            version += 1
        (tmp_path / "sessions.jsonl").write_text(run(runner, "sessions", "export"))
        found = findings()
    print(f"seed {seed}: {found['letters']} letters, {found['cancellations']} of them cancellations, {version} files")

    assert (found["uncovered"], found["canaries"], found["many"]) == ([], [], [])
    assert found["letters"] == sent >= wanted


def run(runner: FlaskCliRunner, *words: str) -> str:
    db.session.remove()
    said = runner.invoke(args=list(words))
    assert said.exit_code in (0, 3), said.output
    return said.stdout


def test_observer_finds_what_is_planted(tmp_path: Path) -> None:
    said = clinic(random.Random(1), 1, 0)
    (tmp_path / "clinic.yaml").write_text(json.dumps(said))
    (tmp_path / "log.jsonl").write_text(json.dumps({"begun": 0, "ended": 0, "file": "clinic.yaml"}) + "\n")
    (tmp_path / "sessions.jsonl").write_text("")
    (tmp_path / "canaries.txt").write_text("\n".join(CANARIES))
    father, other = "r0-0@family.example", "r0-1@family.example"
    with watched(tmp_path) as (url, findings):
        with smtplib.SMTP("127.0.0.1", int(url.rpartition(":")[2].partition("?")[0])) as mail:
            mail.sendmail("x@bh-sched.example", [father, other], "Subject: Family therapy\r\n\r\nAt seven.\r\n")
        found = findings()

    assert (found["letters"], found["canaries"], found["many"]) == (1, ["family therapy"], [[father, other]])
    assert [one[0] for one in found["uncovered"]] == [father]
