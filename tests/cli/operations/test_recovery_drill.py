"""The drill: machine and SECRET_KEY are gone; a copy and the recovery key bring the practice back.
A father without consent stands by.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyrage
import pytest
from flask import Flask

from conftest import KEY, settings
from household import Household
from scheduler import audit, create_app, outbox
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, open_engine
from scheduler.kernel.keys.kept_keys import FormerKey, KeptKeys
from scheduler.kernel.schema.migrate import upgrade
from scheduler.people.models import Practice

LOST = "a secret of the tests"


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    """The recovery key, in the safe."""
    path = tmp_path / "recovery.txt"
    path.write_text(str(pyrage.x25519.Identity.generate()))
    return path


@pytest.fixture
def copy(app: Flask, home: Household, identity: Path, tmp_path: Path) -> Path:
    """Last night's copy, a letter waiting in it."""
    home.consent()
    home.appointment(1)
    announce(by="worker", now=now())
    audit.append("load", about="clinic", by="command", now=now())
    db.session.commit()
    path = tmp_path / "night.copy"
    key = str(pyrage.x25519.Identity.from_str(identity.read_text()).to_public())
    db.session.remove()
    said = app.test_cli_runner().invoke(args=["backup", "--recipient", key, str(path)])
    assert said.exit_code == 0, said.output
    return path


def new_machine(folder: Path, secret: str) -> Flask:
    """Return the application of a new machine, with an empty database and a secret of its own."""
    folder.mkdir()
    (folder / "secret_key").write_text(secret)
    url = f"sqlite:///{folder / 'kinfold.db'}"
    engine = open_engine(url, KEY)
    upgrade(engine)
    engine.dispose()
    return create_app(settings(url, secret_key=secret))


def restored(app: Flask, *words: str) -> tuple[int, str]:
    """Ask for a restore and return what was said."""
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["restore", *words])
        db.session.remove()
        db.engine.dispose()
    return done.exit_code, done.output


def test_lost_secret_comes_back_with_the_copy(
    copy: Path, identity: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "new"
    monkeypatch.setenv("KINFOLD_INSTANCE", str(place))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    machine = new_machine(place, "made anew")

    without = restored(machine, str(copy))
    code, said = restored(machine, "--identity", str(identity), str(copy))

    assert (without[0], "not a copy made with this SECRET_KEY" in without[1]) == (2, True)
    assert code == 0, said
    assert said.startswith(f"the copy's SECRET_KEY is kept in {place}/secret_key: restart\n")
    assert (place / "secret_key").read_text() == LOST
    assert (place / "secret_key.before").read_text() == "made anew"
    assert (place / "secret_key").stat().st_mode & 0o777 == 0o600
    with create_app(settings(f"sqlite:///{place / 'kinfold.db'}", secret_key=LOST)).app_context():
        assert audit.verify() is None
        assert db.session.get(Practice, 1) is not None
        assert outbox.suspended() is not None
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_keys_of_before_come_back_with_the_copy(
    app: Flask, copy: Path, identity: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "new"
    monkeypatch.setenv("KINFOLD_INSTANCE", str(place))
    monkeypatch.delenv("SECRET_KEY", raising=False)
    former = KeptKeys(former=(FormerKey(LOST, date(2027, 3, 30)),))
    changed = replace(app.config["KINFOLD"], secret_key="newer", kept_keys=former)
    app.config["KINFOLD"] = changed
    app.extensions["hand_out_keys"](changed)
    copy.unlink()
    key = str(pyrage.x25519.Identity.from_str(identity.read_text()).to_public())
    made = app.test_cli_runner().invoke(args=["backup", "--recipient", key, str(copy)])
    assert made.exit_code == 0, made.output
    machine = new_machine(place, "made anew")

    code, said = restored(machine, "--identity", str(identity), str(copy))

    assert code == 0, said
    assert (place / "secret_key").read_text() == f"newer\n{LOST} until 2027-03-30"
    with machine.app_context():
        assert audit.verify() is None
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_secret_that_is_said_is_not_kept_over(
    copy: Path, identity: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "new"
    monkeypatch.setenv("KINFOLD_INSTANCE", str(place))
    monkeypatch.setenv("SECRET_KEY", "made anew")
    machine = new_machine(place, "made anew")

    code, said = restored(machine, "--identity", str(identity), str(copy))

    assert (code, said) == (
        1,
        "SECRET_KEY: the copy was made under another one; leave SECRET_KEY and SECRET_KEY_FILE "
        "unset, then the copy's own is kept in KINFOLD_INSTANCE\n",
    )
    assert (place / "secret_key").read_text() == "made anew"
