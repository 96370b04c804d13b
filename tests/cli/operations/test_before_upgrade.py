"""`doctor --before-upgrade` says whether an upgrade may begin, and what to do first."""

import json
from datetime import timedelta
from pathlib import Path

from flask.testing import FlaskCliRunner
from sqlalchemy import text

from household import Household
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.kernel.schema.migrate import newest
from scheduler.outbox.models import Heartbeat

CHECKED = ["versions", "copy", "room", "role", "worker", "letters"]


def told(runner: FlaskCliRunner) -> tuple[int, dict[str, str]]:
    """Return the exit code and what was found wrong, by the name of the check."""
    said = runner.invoke(args=["doctor", "--before-upgrade", "--json"])
    found = json.loads(said.stdout)
    assert [one["check"] for one in found] == CHECKED
    return said.exit_code, {one["check"]: one["seen"] for one in found if not one["passed"]}


def test_upgrade_may_begin_after_a_copy_while_letters_wait(
    home: Household, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    db.session.commit()
    before = told(runner)
    runner.invoke(args=["backup", str(tmp_path / "copy")])

    missing = "there is no copy: backup FILE, by the program of now, before anything"
    assert before == (1, {"copy": missing})
    assert told(runner) == (0, {})


def test_copy_of_yesterday_is_too_old(
    home: Household, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    db.session.commit()
    runner.invoke(args=["backup", str(tmp_path / "copy")])
    later = clock.now() + timedelta(hours=25)

    with clock.turned_to(lambda: later):
        found = told(runner)

    assert found == (1, {"copy": "the newest copy is 25 hours old: backup FILE first"})


def test_worker_that_runs_is_to_be_stopped(home: Household, runner: FlaskCliRunner) -> None:
    moment = clock.now()
    db.session.add(Heartbeat(node="here:1", boot="b", began_at=moment, ticked_at=moment))
    db.session.commit()

    assert told(runner)[1]["worker"].startswith("it runs: stop it")


def test_schema_of_a_newer_program_is_named(home: Household, runner: FlaskCliRunner) -> None:
    db.session.commit()
    db.session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    db.session.commit()

    found = told(runner)[1]

    assert found["versions"] == f"the schema is 9999, newer than this program's {newest()}"
