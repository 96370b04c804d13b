"""`secrets rotate`: every key can be changed, and what people hold of before goes on working."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from threading import Timer

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.engine import Connection

from conftest import KEY, settings
from household import NOW, Household
from scheduler import audit, feeds
from scheduler.config import Config
from scheduler.invitations import announce, by_token, link_token
from scheduler.invitations.model.models import FormerLink, Invitation
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, open_engine
from scheduler.kernel.keys.change_key import change_file_key
from scheduler.kernel.keys.kept_keys import KeptKeys, read_keys
from scheduler.kernel.schema.sealed_text import use_keys
from scheduler.outbox.models import Heartbeat
from scheduler.people import new_factor
from scheduler.people.accounts.models import SecondFactor
from scheduler.webhooks import Event, make_webhook, webhook_named
from visitor import sign_in

OLD = "a secret of the tests"


@pytest.fixture
def kept(home: Household, app: Flask, tmp_path: Path) -> Iterator[Path]:
    """A practice whose keys are kept in files: a mother was invited, a father was not, and a
    clinician has a second factor.
    """
    db.session.commit()
    db.engine.dispose()  # What tests before kept open would be in the way as another process is.
    (tmp_path / "secret_key").write_text(OLD)
    (tmp_path / "database_key").write_text(KEY)
    has_file = db.engine.dialect.name == "sqlite"
    app.config["KINFOLD"] = replace(
        app.config["KINFOLD"],
        kept_keys=KeptKeys(
            secret_file=tmp_path / "secret_key",
            database_file=tmp_path / "database_key" if has_file else None,
        ),
    )
    home.consent()
    home.appointment(1)
    announce(by="worker", now=now())
    new_factor(home.rivera, now=NOW)
    make_webhook("ehr", "https://hooks.example/a", tuple(Event), by="desk", now=NOW)
    db.session.commit()
    yield tmp_path
    app.extensions["hand_out_keys"](settings("sqlite:///x"))


def run(app: Flask, *words: str) -> tuple[int, str]:
    db.session.remove()
    done = app.test_cli_runner().invoke(args=["secrets", "rotate", *words])
    return done.exit_code, done.output


def other_process(app: Flask) -> Connection:
    """Return a connection such as a web process or a worker holds."""
    config = app.config["KINFOLD"]
    line = open_engine(config.database_url, KEY).connect()
    line.detach()
    return line


def begin_anew(app: Flask, kept: Path) -> None:
    """Let this process be one that was started after the change."""
    keys = read_keys((kept / "secret_key").read_text(), of="SECRET_KEY")
    before: Config = app.config["KINFOLD"]
    known = replace(before.kept_keys, former=keys.former, coming_secret=None)
    fresh = replace(before, secret_key=keys.newest, kept_keys=known)
    app.config["KINFOLD"] = fresh
    app.extensions["hand_out_keys"](fresh)


def state(kept: Path) -> tuple[list[str], str, list[tuple[str, ...]], list[tuple[str, ...]]]:
    """Return all that a change of SECRET_KEY touches."""
    links = db.session.execute(text("SELECT uid, token_hash FROM invitations ORDER BY uid")).all()
    sealed = db.session.execute(text("SELECT person_id, sealed FROM second_factors")).all()
    sealed += db.session.execute(text("SELECT name, sealed FROM webhooks")).all()
    db.session.rollback()
    files = sorted(path.name for path in kept.iterdir())
    key = (kept / "secret_key").read_text()
    return files, key, [tuple(row) for row in links], [tuple(row) for row in sealed]


def test_dry_run_says_what_would_change_and_changes_nothing(app: Flask, kept: Path) -> None:
    before = state(kept)
    code, said = run(app, "SECRET_KEY", "--dry-run", "--honour-days", "30")
    last = now().date() + timedelta(days=30)

    assert (code, state(kept)) == (0, before)
    assert said.splitlines()[:2] == [
        "SECRET_KEY: 1 second factors are sealed anew, and the secrets of 1 webhooks",
        "SECRET_KEY: 1 personal pages get a new address; the old ones, and 0 links of text "
        f"messages, work until {last.isoformat()}",
    ]


def test_links_calendar_and_record_of_before_hold_after_the_change(
    home: Household, app: Flask, client: FlaskClient, kept: Path
) -> None:
    (row,) = db.session.scalars(select(Invitation))
    before, address = link_token(row.uid), feeds.make(home.mother, by="desk", now=now())
    sign_in(client, home.mother)
    db.session.commit()
    assert run(app, "SECRET_KEY")[0] == 0
    begin_anew(app, kept)
    after = link_token(row.uid)

    assert after != before
    pages = [client.get(f"/{way}/{link}") for link in (before, after) for way in "ij"]
    assert [page.status_code for page in pages] == [200] * 4
    assert client.get(f"/feeds/{address}.ics").status_code == 200
    assert audit.verify() is None
    assert audit.examine().faults == ()


def test_link_of_before_ends_when_its_time_is_over(app: Flask, kept: Path) -> None:
    (row,) = db.session.scalars(select(Invitation))
    before, uid = link_token(row.uid), row.uid
    run(app, "SECRET_KEY", "--honour-days", "30")
    begin_anew(app, kept)

    found = [by_token(before, now=now() + timedelta(days=days)) for days in (30, 31.1)]
    assert [it.uid if it else None for it in found] == [uid, None]
    assert by_token(link_token(uid), now=now() + timedelta(days=31)) is not None


def test_link_of_before_ends_at_once_where_nothing_is_honoured(app: Flask, kept: Path) -> None:
    (row,) = db.session.scalars(select(Invitation))
    before = link_token(row.uid)
    run(app, "SECRET_KEY", "--honour-days", "0")
    begin_anew(app, kept)

    assert by_token(before, now=now()) is None


def test_what_is_sealed_opens_with_the_new_key_alone(app: Flask, kept: Path) -> None:
    secret = db.session.scalars(select(SecondFactor)).one().secret
    signs = webhook_named("ehr").secret
    run(app, "SECRET_KEY")
    keys = read_keys((kept / "secret_key").read_text(), of="SECRET_KEY")
    alone = replace(app.config["KINFOLD"], secret_key=keys.newest, kept_keys=KeptKeys())
    app.extensions["hand_out_keys"](alone)
    db.session.expire_all()

    assert db.session.scalars(select(SecondFactor)).one().secret == secret
    assert webhook_named("ehr").secret == signs
    assert [(known.key, known.until > date.today()) for known in keys.former] == [(OLD, True)]


def test_second_change_keeps_the_links_of_both_keys_of_before(app: Flask, kept: Path) -> None:
    (row,) = db.session.scalars(select(Invitation))
    uid, links = row.uid, []
    for _change in range(2):
        links.append(link_token(uid))
        run(app, "SECRET_KEY")
        begin_anew(app, kept)

    found = [by_token(link, now=now()) for link in (*links, link_token(uid))]
    assert [it.uid if it else None for it in found] == [uid] * 3
    assert audit.verify() is None


def test_entry_made_with_an_old_key_after_the_change_is_found(app: Flask, kept: Path) -> None:
    before: Config = app.config["KINFOLD"]
    run(app, "SECRET_KEY")
    begin_anew(app, kept)
    audit.append("first", "with the new key", by="command", now=now())
    app.extensions["hand_out_keys"](before)
    forged = audit.append("second", "with the old one", by="command", now=now())
    begin_anew(app, kept)

    assert audit.verify() == forged.number


def test_worker_that_runs_is_waited_for(app: Flask, kept: Path) -> None:
    before = state(kept)
    moment = now()
    beat = Heartbeat(node="a:1", boot="b", began_at=moment, ticked_at=moment, ended_at=None)
    db.session.add(beat)
    db.session.commit()
    code, said = run(app, "SECRET_KEY")

    assert (code, "a worker is running: stop it first" in said) == (1, True)
    assert state(kept) == before


def test_session_that_goes_on_is_waited_for(home: Household, app: Flask, kept: Path) -> None:
    before = state(kept)
    session = home.appointment(2, week=2)
    session.starts_at, session.ends_at = now(), now() + timedelta(hours=1)
    db.session.commit()
    code, said = run(app, "SECRET_KEY")

    assert (code, "a session runs until" in said) == (1, True)
    assert state(kept) == before


def test_key_in_the_environment_is_refused_with_what_to_do(home: Household, app: Flask) -> None:
    code, said = run(app, "SECRET_KEY")

    assert code == 2
    assert "put it into a file, name that file by SECRET_KEY_FILE" in said


def test_failure_in_the_middle_leaves_the_old_state(app: Flask, kept: Path) -> None:
    """A secret that no key of ours opens stops the sealing."""
    row = db.session.scalars(select(SecondFactor)).one()
    use_keys([b"of another house" * 2])
    row.sealed = f"{row.plain}x"
    db.session.execute(text("UPDATE second_factors SET sealed = 'no seal at all'"))
    db.session.commit()
    app.extensions["hand_out_keys"](app.config["KINFOLD"])
    before = state(kept)
    entries = len(list(audit.entries()))

    assert run(app, "SECRET_KEY")[0] == 1
    assert state(kept) == before
    assert len(list(audit.entries())) == entries


def test_change_cut_off_before_the_key_took_over_works_and_is_finished(
    app: Flask, kept: Path
) -> None:
    """The database is already the next key's, the file still holds the old one."""
    (row,) = db.session.scalars(select(Invitation))
    before, uid = link_token(row.uid), row.uid
    run(app, "SECRET_KEY")
    (kept / "secret_key").rename(kept / "secret_key.next")
    (kept / "secret_key").write_text(OLD)
    coming = read_keys((kept / "secret_key.next").read_text(), of="SECRET_KEY").newest
    beside = replace(app.config["KINFOLD"].kept_keys, former=(), coming_secret=coming)
    cut = replace(app.config["KINFOLD"], secret_key=OLD, kept_keys=beside)
    app.config["KINFOLD"] = cut
    app.extensions["hand_out_keys"](cut)
    db.session.expire_all()

    assert len(db.session.scalars(select(SecondFactor)).one().secret) == 32
    found = by_token(before, now=now())
    assert found is not None
    assert found.uid == uid
    assert audit.verify() is None
    assert run(app, "SECRET_KEY") == (
        0,
        "SECRET_KEY: a change that was cut off is finished; start web and worker\n",
    )
    begin_anew(app, kept)
    assert by_token(link_token(uid), now=now()) is not None
    assert db.session.scalar(select(func.count()).select_from(FormerLink)) == 1
    assert not (kept / "secret_key.next").exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_file_of_the_database_opens_with_its_new_key_alone(app: Flask, kept: Path) -> None:
    assert run(app, "DATABASE_KEY") == (
        0,
        "DATABASE_KEY: the database has another key; start web and worker\n",
    )
    key = (kept / "database_key").read_text().strip()
    engine = open_engine(app.config["KINFOLD"].database_url, key)
    with engine.connect() as line:
        assert line.execute(text("SELECT count(*) FROM invitations")).scalar_one() == 1
    engine.dispose()
    change_file_key(app.config["KINFOLD"].database_url, key, KEY)  # for what is read afterwards
    assert key != KEY
    assert sorted(path.name for path in kept.iterdir()) == ["database_key", "secret_key"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_has_no_key_of_its_own(app: Flask, kept: Path) -> None:
    code, said = run(app, "DATABASE_KEY")

    assert (code, "PostgreSQL has none" in said) == (2, True)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_change_beside_another_connection_is_refused(app: Flask, kept: Path) -> None:
    before = state(kept)
    with other_process(app):
        refused = run(app, "SECRET_KEY")

    assert refused == (
        1,
        "1 other connections to the database: stop web and worker first; nothing was changed\n",
    )
    assert state(kept) == before


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_change_waits_for_a_connection_that_is_just_leaving(app: Flask, kept: Path) -> None:
    """PostgreSQL shows a line for a moment after its program has closed it."""
    line = other_process(app)
    leaving = Timer(0.3, line.close)
    leaving.start()
    code, _said = run(app, "SECRET_KEY")
    leaving.join()

    assert code == 0
