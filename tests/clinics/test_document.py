"""The clinic file that the documentation shows is a real one: it loads, and it can be planned and published."""

import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people.models import Person, PersonKind
from scheduler.sessions.models import Session

PAGE = Path(__file__).parent.parent.parent / "docs" / "clinic_file.md"


def test_shown_file_loads_is_planned_and_published(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> None:
    shown = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(), re.S)
    (tmp_path / "clinic.yaml").write_text(shown[0])

    calls = (["clinic", "load", str(tmp_path / "clinic.yaml")], ["cohort", "plan", "spring", "--seconds", "5"],
             ["cohort", "publish", "spring"])  # fmt: skip
    said = [runner.invoke(args=call) for call in calls]

    assert [(one.exit_code, one.stderr) for one in said] == [(0, "")] * 3
    assert len(db.session.scalars(select(Session)).all()) == 17 + 6 + 3  # Patriots' Day is a Monday
    fathers = select(Person.name).where(Person.kind == PersonKind.RELATIVE, Person.key == "p-1-father")
    assert db.session.scalars(fathers).one() not in said[2].stdout.partition("not told")[0]
