"""`backup`, `restore` and `letters release` as commands."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskCliRunner

from household import stand_up
from scheduler import audit
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.models import Heartbeat


def run(app: Flask, *words: str) -> tuple[int, str]:
    db.session.remove()
    runner: FlaskCliRunner = app.test_cli_runner()
    done = runner.invoke(args=words)
    return done.exit_code, done.output


def test_copy_and_restore_and_release(app: Flask, tmp_path: Path) -> None:
    home = stand_up()
    home.consent()
    home.appointment(1)
    announce(by="worker", now=now())
    db.session.commit()
    file = str(tmp_path / "monday.kinfold")

    code, said = run(app, "backup", file)
    assert (code, "copied and checked" in said) == (0, True)
    code, said = run(app, "restore", file)
    assert code == 0
    assert said.splitlines()[1:] == [
        "kept from since then: nothing new; 0 withdrawals",
        "nothing leaves until you let it: look at the desk's letters, then `letters release`",
    ]
    assert run(app, "letters", "release") == (0, "1 letters go out; new ones leave as usual\n")
    assert run(app, "letters", "release") == (0, "nothing is held\n")
    assert audit.verify() is None


def test_copy_to_where_nothing_can_be_written_is_wrong_input(app: Flask) -> None:
    code, said = run(app, "backup", "/proc/a.copy")

    assert (code, said) == (2, "/proc/a.copy: cannot be written (No such file or directory)\n")


def test_missing_copy_is_wrong_input(app: Flask, tmp_path: Path) -> None:
    code, said = run(app, "restore", str(tmp_path / "none"))

    assert (code, "there is no such file" in said) == (2, True)


def test_restore_waits_for_the_worker_to_stop(app: Flask, tmp_path: Path) -> None:
    file = str(tmp_path / "copy")
    run(app, "backup", file)
    moment = now() - timedelta(seconds=5)
    db.session.add(
        Heartbeat(node="a:1", boot="b", began_at=moment, ticked_at=moment, ended_at=None)
    )
    db.session.commit()

    assert run(app, "restore", file) == (1, "a worker is running: stop it first, then restore\n")
