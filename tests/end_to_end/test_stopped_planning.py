"""A planner killed half-way, as a real process on both engines: the stored proposal is the old one,
whole.
"""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from conftest import KEY
from end_to_end.elm_street import Desk, hours, patient, relative
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.planning import stored_plan
from scheduler.planning.proposals.models import Proposal

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def desk(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> Desk:
    """More patients of one clinician than she has hours for: the search goes on as long as it
    may.
    """
    desk = Desk(runner, tmp_path / "elm.json")
    for number in range(30):
        key = f"p-{number}"
        family = [
            relative(f"{key}-father", "father", []),
            relative(f"{key}-kin", "kin", ["family_therapy"]),
        ]
        person = patient(key, "moss", hours(f"{12 + number % 5}:00", "18:00")) | {"family": family}
        desk.said["patients"].append(person)
    return desk


def count(row: type) -> int:
    db.session.remove()
    found = db.session.scalar(select(func.count()).select_from(row)) or 0
    db.session.remove()
    return found


def test_a_killed_planner_leaves_the_old_proposal_whole(
    desk: Desk, database_url: str, tmp_path: Path
) -> None:
    desk.load()
    desk.run("cohort", "plan", "elm", "--seconds", "1", ends=(3,))
    before, proposals, noted = stored_plan("elm"), count(Proposal), count(AuditEntry)

    terminal, end = pty.openpty()
    told = {
        "DATABASE_URL": database_url,
        "DATABASE_KEY": KEY,
        "SECRET_KEY": "a secret of the tests",
    }
    words = [
        sys.executable,
        "-m",
        "flask",
        "--app",
        "wsgi",
        "cohort",
        "plan",
        "elm",
        "--seconds",
        "300",
        "--seed",
        "7",
    ]
    planner = subprocess.Popen(
        words,
        cwd=ROOT,
        env=dict(os.environ) | told | {"KINFOLD_INSTANCE": str(tmp_path / "instance")},
        stdout=subprocess.PIPE,
        stderr=end,
    )
    os.close(end)
    assert os.read(terminal, 1) != b""
    planner.send_signal(signal.SIGKILL)
    said, _ = planner.communicate()
    os.close(terminal)

    assert (planner.returncode, said) == (-signal.SIGKILL, b"")
    db.session.remove()
    assert stored_plan("elm") == before
    assert (count(Proposal), count(AuditEntry)) == (proposals, noted)
    db.session.remove()
    desk.run("cohort", "plan", "elm", "--seconds", "1", ends=(3,))
