"""`doctor` looks at everything, names what is wrong, and says what to do."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from cast import assemble
from conftest import settings
from fakes.post_office import PostOffice
from fakes.postgres import free_port
from scheduler import create_app, invariants, invitations, tasks
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.kernel.installation import EXTRAS
from scheduler.outbox.models import Heartbeat
from scheduler.people import person_by_key, practice
from scheduler.people.proofs.models import Passkey
from scheduler.planning import propose, publish
from scheduler.programs import RoomService
from scheduler.programs.models import VideoRoom
from scheduler.rooms import RoomSettings, ask_service, configure_rooms
from scheduler.rooms.hand_over import Ask
from scheduler.sessions import cancel_sessions, session_by_key
from tests.fakes.video_services import FakeBigBlueButton, Hosts
from tests.planning import rows as planning_rows

CHECKED = [
    "settings",
    "proxies",
    "database",
    "order of text",
    "pooler",
    "schema",
    "consent gate",
    "bookings",
    "changes",
    "keys",
    "passkeys",
    "scheduler",
    "clock",
    "mail",
    "answers by mail",
    "zones",
    "worker",
    "letters",
    "invariants",
    "outward name",
    "whom to ask",
    "rooms",
    "room services",
    "webhooks",
    "extras",
    "audit",
]

SQLITE_GATE = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%gate%'"
POSTGRESQL_GATE = """SELECT tgname, tgrelid::regclass FROM pg_trigger
WHERE NOT tgisinternal AND tgname LIKE '%gate%'"""


@pytest.fixture
def sound(app: Flask, post_office: PostOffice) -> Flask:
    """A practice in order, with a mail server."""
    assemble()
    return app


def told(runner: FlaskCliRunner, exit_code: int = 1) -> dict[str, str]:
    """Return what doctor found wrong, by the name of the check."""
    said = runner.invoke(args=["doctor", "--json"])
    found = json.loads(said.stdout)
    assert said.exit_code == exit_code
    assert [one["check"] for one in found] == CHECKED
    return {one["check"]: one["seen"] for one in found if not one["passed"]}


def test_sound_house_passes_every_check(sound: Flask, runner: FlaskCliRunner) -> None:
    assert told(runner, 0) == {}


def test_each_check_is_a_line(sound: Flask, runner: FlaskCliRunner) -> None:
    said = runner.invoke(args=["doctor"])

    assert said.exit_code == 0
    usual = {"proxies": "warn"}
    if db.engine.dialect.name == "postgresql":  # the tests' own role may do anything
        usual["database"] = "warn"
    assert [line.split(":")[0] for line in said.output.splitlines()] == [
        f"{usual.get(check, 'ok  ')}  {check}" for check in CHECKED
    ]


@pytest.mark.parametrize(
    ("said", "warned"),
    [
        ({}, ["proxies"]),
        ({"trusted_proxies": ("127.0.0.1",)}, []),
        ({"base_url": "http://127.0.0.1:8000", "demo": True}, []),
        ({"mail_in": "lmtp://127.0.0.1:2424"}, ["proxies", "answers by mail"]),
        ({"mail_in": "lmtp://127.0.0.1:2424", "mail_authserv": "mx.example"}, ["proxies"]),
    ],
)
def test_setting_that_is_only_left_out_is_a_warning(
    sound: Flask, runner: FlaskCliRunner, said: dict[str, Any], warned: list[str]
) -> None:
    sound.config["KINFOLD"] = replace(sound.config["KINFOLD"], **said)

    answer = runner.invoke(args=["doctor", "--json"])
    found = json.loads(answer.stdout)
    named = [one["check"] for one in found if one["warned"]]
    assert [check for check in named if check != "database"] == warned
    assert [one["check"] for one in found if not one["passed"]] == []


@pytest.mark.parametrize(
    ("ago", "stopped", "fault"),
    [(4, False, False), (6, False, True), (6, True, False)],
    ids=["at work", "gone", "stopped on purpose"],
)
def test_worker_that_is_gone_and_was_not_stopped_is_named(
    sound: Flask, runner: FlaskCliRunner, ago: int, stopped: bool, fault: bool
) -> None:
    ticked = clock.now() - timedelta(minutes=ago)
    ended = ticked if stopped else None
    beat = Heartbeat(node="here:1", boot="b", began_at=ticked, ticked_at=ticked, ended_at=ended)
    db.session.add(beat)
    db.session.commit()

    said = told(runner, int(fault))
    assert list(said) == (["worker"] if fault else [])
    if fault:
        assert said["worker"].startswith(f"it has done nothing since {ticked:%Y-%m-%d %H:%M} UTC")


def test_passkeys_made_under_another_name_are_named(sound: Flask, runner: FlaskCliRunner) -> None:
    for number, host in enumerate(("hl-sched.example", "old.example", "old.example")):
        row = Passkey(
            person_id=person_by_key("jordan").id,
            credential=str(number),
            public_key=b"",
            host=host,
            name="My phone",
            made_at=clock.now(),
        )
        db.session.add(row)
    db.session.commit()

    assert told(runner)["passkeys"] == (
        "made for another name than BASE_URL says, so they open nothing: 2 for old.example; set "
        "BASE_URL back, or let their people add new ones"
    )


def test_passkeys_that_nothing_here_can_check_are_named(
    sound: Flask, runner: FlaskCliRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = Passkey(
        person_id=person_by_key("jordan").id,
        credential="1",
        public_key=b"",
        host="hl-sched.example",
        name="My phone",
        made_at=clock.now(),
    )
    db.session.add(row)
    db.session.commit()
    monkeypatch.setitem(EXTRAS, "passkeys", "not_installed_anywhere")

    assert told(runner)["extras"] == (
        "1 passkeys are in use; no passkeys: nobody can add or use one here "
        "(pip install 'kinfold[passkeys]')"
    )


def seen_of_rooms(runner: FlaskCliRunner) -> str:
    found = json.loads(runner.invoke(args=["doctor", "--json"]).stdout)
    return next(str(one["seen"]) for one in found if one["check"] == "rooms")


@pytest.mark.parametrize("shared", [True, False])
def test_fixed_address_is_said_again_and_fails_nothing(
    sound: Flask, runner: FlaskCliRunner, shared: bool
) -> None:
    db.session.add(VideoRoom(key="room-a", url="https://video.example/a", shared=shared))
    db.session.commit()
    reach({"video.example": 200})

    assert told(runner, 0) == {}
    assert seen_of_rooms(runner).startswith("a fixed address (room-a): ")


def test_secret_of_a_room_that_cannot_be_read_is_named(
    sound: Flask, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    room = VideoRoom(key="room-a", url="https://meet.example", service=RoomService.JITSI)
    room.secret_file = str(tmp_path / "none")
    db.session.add(room)
    db.session.commit()

    reach({"meet.example": 200})

    assert told(runner) == {
        "rooms": "room room-a: its secret_file cannot be read (No such file or directory)"
    }


def reach(answers: dict[str, int], ask: Ask = ask_service) -> Hosts:
    """Let video services answer as a test says; the factory of the next test undoes it."""
    hosts = Hosts(answers)
    configure_rooms(RoomSettings(b"k" * 32, ask, hosts.knock))
    return hosts


def rooms_at(**urls: str) -> None:
    for key, url in urls.items():
        db.session.add(VideoRoom(key=key, url=url))
    db.session.commit()


def test_service_that_does_not_answer_is_named_with_its_rooms(
    sound: Flask, runner: FlaskCliRunner
) -> None:
    rooms_at(a="https://video.example/a", b="https://video.example/b", c="https://meet.example/c")
    hosts = reach({"meet.example": 404})

    assert told(runner) == {
        "room services": "room a, b: video.example does not answer; see that the service runs, and "
        "that its address is right"
    }
    assert hosts.asked == ["https://video.example/", "https://meet.example/"]


def test_service_that_says_it_cannot_is_named(sound: Flask, runner: FlaskCliRunner) -> None:
    rooms_at(a="https://video.example:8443/a")
    reach({"video.example:8443": 503})

    assert told(runner) == {
        "room services": "room a: video.example:8443 answers 503; ask whoever runs the service"
    }


@pytest.fixture
def meetings(sound: Flask, tmp_path: Path) -> FakeBigBlueButton:
    (tmp_path / "secret").write_bytes(b"shared")
    url = "https://bbb.example/bigbluebutton"
    room = VideoRoom(key="b", url=url, service=RoomService.BIGBLUEBUTTON)
    room.secret_file = str(tmp_path / "secret")
    db.session.add(room)
    db.session.commit()
    fake = FakeBigBlueButton(url, b"shared", clock.now())
    reach({}, fake.ask)
    return fake


def test_bigbluebutton_that_knows_the_secret_is_well(
    meetings: FakeBigBlueButton, runner: FlaskCliRunner
) -> None:
    assert told(runner, 0) == {}


def test_bigbluebutton_with_another_secret_is_named(
    meetings: FakeBigBlueButton, runner: FlaskCliRunner
) -> None:
    meetings.secret = b"another"

    assert told(runner) == {
        "room services": "room b: bbb.example answers, but not to our secret; put what "
        "`bbb-conf --secret` prints on it into the room's secret_file"
    }


def test_bigbluebutton_that_is_down_is_named_without_the_signed_call(
    meetings: FakeBigBlueButton, runner: FlaskCliRunner
) -> None:
    meetings.is_down = True

    assert told(runner) == {
        "room services": "room b: bbb.example does not answer; see that the service runs, and that "
        "its address is right"
    }


def test_missing_mail_server_is_named(app: Flask, runner: FlaskCliRunner) -> None:
    assemble()

    assert told(runner) == {"mail": "SMTP_URL is not set: letters wait and none leaves"}


def test_silent_mail_server_is_named(sound: Flask, runner: FlaskCliRunner) -> None:
    nobody = f"smtp://127.0.0.1:{free_port()}?starttls=off"
    sound.config["KINFOLD"] = replace(sound.config["KINFOLD"], smtp_url=nobody)

    found = told(runner)

    assert list(found) == ["mail"]
    assert found["mail"].startswith("the mail server cannot be reached")


@pytest.mark.parametrize("is_away", [False, True])
def test_mailbox_that_is_not_watched_is_named(
    sound: Flask, runner: FlaskCliRunner, is_away: bool
) -> None:
    url = "imap://calendar:secret@mail.example"
    sound.config["KINFOLD"] = replace(sound.config["KINFOLD"], mail_in=url)
    since = clock.now() - timedelta(minutes=9)
    if is_away:
        invitations.note_away(invitations.mailbox_id(url), "hung up", now=since)
        invitations.note_away(invitations.mailbox_id(url), "hung up", now=clock.now())
        db.session.commit()

    words = f"the mailbox has not been read since {since:%Y-%m-%d %H:%M} UTC; "
    words += "read it yourself, and see the worker's log"
    assert told(runner, int(is_away)) == ({"answers by mail": words} if is_away else {})


def test_links_without_https_are_named(sound: Flask, runner: FlaskCliRunner) -> None:
    sound.config["KINFOLD"] = replace(sound.config["KINFOLD"], base_url="http://127.0.0.1:8000")

    assert list(told(runner)) == ["settings"]


def test_damaged_gate_is_named(sound: Flask, runner: FlaskCliRunner) -> None:
    if db.engine.dialect.name == "sqlite":
        name = db.session.execute(text(SQLITE_GATE)).scalars().first()
        db.session.execute(text(f"DROP TRIGGER {name}"))
    else:
        name, table = db.session.execute(text(POSTGRESQL_GATE)).first() or ("", "")
        db.session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {name}"))
    db.session.commit()

    found = told(runner)

    assert list(found) == ["consent gate"]
    assert name in found["consent gate"]


@pytest.mark.parametrize("name", ["Sunrise Recovery", "Harbor Light Behavioral Health"])
def test_outward_name_that_gives_the_practice_away_is_named(
    sound: Flask, runner: FlaskCliRunner, name: str
) -> None:
    practice().outward_name = name
    db.session.commit()

    assert list(told(runner)) == ["outward name"]


def test_key_file_others_can_read_is_named(
    sqlite_app: Flask, sqlite_folder: Path, post_office: PostOffice
) -> None:
    assemble()
    (sqlite_folder / "database_key").write_text("k")
    (sqlite_folder / "database_key").chmod(0o644)

    assert told(sqlite_app.test_cli_runner()) == {
        "keys": "database_key can be read by others: chmod 600"
    }


def test_changed_record_is_named(sound: Flask, runner: FlaskCliRunner) -> None:
    runner.invoke(args=["consent", "revoke", "dana", "--patient", "jordan", "--silent"])
    for drop in unguard("audit_entries"):
        db.session.execute(text(drop))
    db.session.execute(text("UPDATE audit_entries SET deed = 'nothing'"))
    db.session.commit()

    assert list(told(runner)) == ["consent gate", "audit"]


def test_empty_database_is_looked_at_to_the_end(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path / 'new.db'}"))

    with app.app_context():
        found = told(app.test_cli_runner())
        db.engine.dispose()

    unwell = [
        "schema",
        "consent gate",
        "bookings",
        "changes",
        "passkeys",
        "mail",
        "zones",
        "worker",
        "letters",
        "invariants",
        "outward name",
        "whom to ask",
        "rooms",
        "room services",
        "webhooks",
        "audit",
    ]
    assert list(found) == unwell
    assert found["schema"].startswith("the schema is empty")
    missing = "there is no schema yet: flask --app wsgi db upgrade"
    assert (found["consent gate"], found["bookings"]) == (missing, missing)


def test_what_the_worker_found_broken_is_named(sound: Flask, runner: FlaskCliRunner) -> None:
    dana = person_by_key("dana")
    for key in ("one", "another"):
        tasks.raise_task(
            invariants.KIND, key, "A letter counts as sent.", about_id=dana.id, now=clock.now()
        )
    tasks.raise_task("returned", "r", "A letter came back.", about_id=dana.id, now=clock.now())
    db.session.commit()

    assert {name: seen.rpartition(": ")[2] for name, seen in told(runner).items()} == {
        "invariants": "A letter counts as sent."
    }


def unguard(table: str) -> list[str]:
    """Return what an intruder would say to get past a table's triggers."""
    if db.engine.dialect.name == "postgresql":
        return [f"ALTER TABLE {table} DISABLE TRIGGER USER"]
    names = text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
    return [
        f"DROP TRIGGER {name}" for name in db.session.execute(names, {"table": table}).scalars()
    ]


def test_setting_that_cannot_be_is_one_line_before_anything_begins() -> None:
    words = [sys.executable, "-m", "flask", "--app", "wsgi", "doctor"]
    there = Path(__file__).parent.parent.parent.parent
    said = subprocess.run(
        words, env=os.environ | {"SMTP_URL": "foo"}, cwd=there, capture_output=True, text=True
    )

    assert (said.returncode, said.stdout, said.stderr) == (
        2,
        "",
        "error: SMTP_URL: want smtp or smtps://host…\n",
    )


def test_a_cohort_whose_plan_no_longer_holds_has_a_line(
    app: Flask, post_office: PostOffice, runner: FlaskCliRunner
) -> None:
    moment = planning_rows.NOW
    with clock.turned_to(lambda: moment):
        planning_rows.clinic()
        propose("evening", seconds=5, seed=1, by="command", now=moment)
        publish("evening", by="command", now=moment)
        before = plan_lines(runner)
        cancel_sessions(session_by_key("evening.one.jordan.w2"), by="sam", now=moment)
        db.session.commit()
        after = plan_lines(runner)
    assert (before, after) == (
        {},
        {
            "plan of evening": "no longer holds (1: cadence): flask --app wsgi cohort holds evening"
            " names each with what mends it"
        },
    )


def plan_lines(runner: FlaskCliRunner) -> dict[str, str]:
    """Return what doctor says of the plans that do not hold, by the name of the check."""
    db.session.commit()
    found = json.loads(runner.invoke(args=["doctor", "--json"]).stdout)
    return {line["check"]: line["seen"] for line in found if line["check"].startswith("plan")}
