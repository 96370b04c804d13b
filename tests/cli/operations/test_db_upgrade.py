"""`db upgrade`: from nothing to the newest schema, and safe to repeat."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from conftest import settings
from scheduler import consents, create_app
from scheduler.kernel.database import db
from scheduler.kernel.errors import Misconfigured
from scheduler.kernel.schema.migrate import current, newest


def test_upgrade_makes_a_new_file_and_does_nothing_the_second_time(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path / 'new.db'}"))
    runner = app.test_cli_runner()

    first = runner.invoke(args=["db", "upgrade"])
    second = runner.invoke(args=["db", "upgrade"])

    assert (first.exit_code, first.output) == (0, f"schema {newest()}\n")
    assert (second.exit_code, second.output) == (0, f"schema {newest()}, nothing to do\n")
    with app.app_context():
        assert consents.gate_damage(db.session.connection()) == []
        db.session.remove()
        db.engine.dispose()


def test_upgrade_of_the_newest_schema_changes_nothing_on_either_engine(
    app: Flask, runner: FlaskCliRunner
) -> None:
    said = runner.invoke(args=["db", "upgrade"])

    assert (said.exit_code, said.output) == (0, f"schema {newest()}, nothing to do\n")
    assert current(db.engine) == newest()


def test_upgrade_without_a_database_says_so_in_a_line(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path / 'nowhere' / 'new.db'}"))

    said = app.test_cli_runner().invoke(args=["db", "upgrade"])

    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr.startswith("database: ")
    assert said.stderr.count("\n") == 1


def test_links_under_a_telling_address_are_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="BASE_URL gives away what this is: recover"):
        create_app(
            settings(
                f"sqlite:///{tmp_path / 'new.db'}", base_url="https://sunrise-recovery.example"
            )
        )
