"""The clinic file that the documentation shows is a real one: it loads, and it can be planned and
published.
"""

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.sessions.models import Session

PAGE = Path(__file__).parent.parent.parent / "docs" / "clinic_file.md"


def test_shown_file_loads_is_planned_and_published(
    app: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    shown = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.S)
    (tmp_path / "clinic.yaml").write_text(shown[0])

    calls = (
        ["clinic", "load", str(tmp_path / "clinic.yaml")],
        ["cohort", "plan", "spring", "--seconds", "5"],
        ["cohort", "publish", "spring"],
    )
    said = [runner.invoke(args=call) for call in calls]

    assert [(one.exit_code, one.stderr) for one in said] == [(0, "")] * 3
    assert len(db.session.scalars(select(Session)).all()) == 17 + 6 + 3  # Patriots' Day is a Monday
    assert [line for line in said[2].stdout.splitlines() if "p-1-" in line] == [
        "invitation: to p-1-sister for p-1, spring.fam.p-1: consent holds now and at the end, "
        "found ready",
        "not told: p-1-father for p-1, family_therapy, 3 sessions: no consent for this",
    ]
