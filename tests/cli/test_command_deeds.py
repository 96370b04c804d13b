"""Each command is held to the table of roles where it is run for somebody of staff; without a name
it is the operator's. The father has no consent: no command here tells him anything.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module

import click
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from cast import Cast, assemble, session
from scheduler import COMMANDS
from scheduler.attendance import Said, mark
from scheduler.attendance.models import AttendanceMark, AttendanceState
from scheduler.audit.models import AuditEntry
from scheduler.cli.command_deeds import LINES, Line
from scheduler.kernel.clock import turned_to
from scheduler.kernel.database import db
from scheduler.people.models import Clinician, Person, PersonKind, Role
from scheduler.sessions.models import Session

NOW = datetime(2027, 3, 10, 12, tzinfo=UTC)
KEY = "evening-2027-03.fam.jordan.w3"
NOTE = "Zephyrquill slept badly"
SAID = {
    # command: what is asked of the table, and about whom
    "accounting export": "read_records, patient",
    "attendance export": "hold_session, everybody",
    "attendance import": "hold_session, everybody",
    "audit export": "record, everybody",
    "audit verify": "record, everybody",
    "clinic export": "house find_anybody, everybody",
    "clinic load": "house find_anybody, everybody",
    "clinic schema": "nothing, everybody",
    "cohort discard": "plan, everybody",
    "cohort holds": "plan, everybody",
    "cohort plan": "plan, everybody",
    "cohort publish": "plan, everybody",
    "consent authority": "change_patient, patient",
    "consent end-authority": "change_patient, everybody",
    "consent finding": "change_patient, patient",
    "consent give": "change_patient, patient",
    "consent licence": "settings, everybody",
    "consent rehearse": "change_patient, patient",
    "consent revoke": "stop_sharing, patient",
    "consent rules": "settings, everybody",
    "consent set-rules": "house, everybody",
    "letters release": "release_letters, everybody",
    "program check": "settings, everybody",
    "report engagement": "plan, everybody",
    "sessions all-back": "plan, everybody",
    "sessions away": "plan, everybody",
    "sessions cancel": "change_session, session",
    "sessions close": "settings change_session, everybody",
    "sessions closed": "settings plan, everybody",
    "sessions export": "see_session, everybody",
    "sessions lead": "change_session, session",
    "sessions move": "change_session, session",
    "sessions put-back": "change_session, session",
    "sessions zones": "change_session, everybody",
    "staff cover": "accounts, everybody",
    "staff deactivate": "accounts, everybody",
    "staff end": "accounts, everybody",
    "staff invite": "accounts, everybody",
    "staff lend": "accounts, everybody",
    "staff list": "accounts, everybody",
    "staff roles": "accounts, everybody",
    "staff sign-out": "accounts, everybody",
    "staff terms": "accounts, everybody",
    "webhook end": "accounts, everybody",
    "webhook list": "accounts, everybody",
    "webhook make": "accounts, everybody",
}
OPERATORS = {
    "api revoke",
    "api token",
    "api tokens",
    "audit anchor",
    "backup",
    "db grant",
    "db upgrade",
    "demo load",
    "demo mailbox",
    "doctor",
    "drill left",
    "drill prepare",
    "drill withdrawal",
    "feed url",
    "restore",
    "secrets rotate",
    "setup-link",
    "staff password",
    "staff reset-second-factor",
    "web run",
    "worker drain",
    "worker run",
}
"""What no account may run: it needs the machine."""


def commands() -> dict[str, click.Command]:
    """Every command as it is typed."""
    found = {}
    for module, name in COMMANDS:
        top = getattr(import_module(f"scheduler.cli.{module}"), name)
        inner = top.commands if isinstance(top, click.Group) else {"": top}
        for word, command in inner.items():
            found[f"{top.name} {word}".strip()] = command
    return found


def in_words(line: Line) -> str:
    """What a command asks of the table, as it is said above."""
    deeds = " ".join(line.deeds) or "nothing"
    return f"{deeds}, {line.names or 'everybody'}"


def test_every_command_has_its_line_or_is_the_operators() -> None:
    assert set(commands()) == set(LINES) | OPERATORS
    assert set(LINES) & OPERATORS == set()


def test_what_each_command_asks_is_as_it_was_decided() -> None:
    assert {path: in_words(line) for path, line in LINES.items()} == SAID


def test_every_line_names_a_parameter_of_its_command() -> None:
    wrong = []
    for path, line in LINES.items():
        parameters = {parameter.name for parameter in commands()[path].params}
        if (line.names is None) != (line.parameter == "") or not {line.parameter} <= (
            parameters | {""}
        ):
            wrong.append(path)

    assert wrong == []


def test_every_command_asks_the_table_first() -> None:
    silent = []
    for path, command in commands().items():
        asked = command.callback
        while asked is not None and not getattr(asked, "asks_table", False):
            asked = getattr(asked, "__wrapped__", None)
        if asked is None:
            silent.append(path)

    assert silent == []


@pytest.fixture
def house(app: Flask) -> Iterator[Cast]:
    """A session that Rivera led yesterday, with a note, and one that she leads tomorrow."""
    cast = assemble()
    held = session(cast, datetime(2027, 3, 9, 17))
    session(cast, datetime(2027, 3, 16, 17), week=3)
    excused = Said(AttendanceState.EXCUSED, note=NOTE)
    mark(held, cast.jordan, excused, by="rivera", now=NOW)
    db.session.commit()
    with turned_to(lambda: NOW):
        yield cast


def run(app: Flask, account: str | None, *words: str, said: str = "") -> Result:
    """Run a command for somebody of staff; None: the operator's."""
    app.config["KINFOLD"] = replace(app.config["KINFOLD"], acting_as=account)
    result = app.test_cli_runner().invoke(args=list(words), input=said)
    db.session.rollback()
    assert isinstance(result, Result)
    return result


def entries(deed: str) -> list[tuple[str, str]]:
    rows = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == deed))
    return [(row.by, row.about) for row in rows]


def test_session_is_changed_by_who_leads_it_under_their_name(app: Flask, house: Cast) -> None:
    done = run(app, "rivera", "sessions", "cancel", KEY)

    assert (done.exit_code, done.stderr) == (0, "")
    row = db.session.scalars(select(Session).where(Session.key == KEY)).unique().one()
    assert row.cancelled_by == "rivera"


def test_clinician_bends_no_rule_of_their_own_session(app: Flask, house: Cast) -> None:
    to = ("--to", "2027-03-16T18:00", "--override", "they asked")

    refused = run(app, "rivera", "sessions", "move", KEY, *to)

    assert refused.exit_code == 1
    assert refused.stderr == "--override: only who may bend rules gives a reason\n"


def test_record_of_a_patient_is_taken_out_by_who_treats_them(app: Flask, house: Cast) -> None:
    assert run(app, "rivera", "accounting", "export", "jordan").exit_code == 0


@pytest.mark.parametrize(
    ("role", "words"),
    [
        (Role.CLINICIAN, ("sessions", "cancel", KEY)),
        (Role.CLINICIAN, ("accounting", "export", "jordan")),
        (Role.CLINICIAN, ("accounting", "export", "nobody-here")),
        (Role.CLINICIAN, ("attendance", "export", "evening-2027-03")),
        (Role.AUDITOR, ("sessions", "cancel", KEY)),
        (Role.COORDINATOR, ("clinic", "export")),
    ],
)
def test_what_is_out_of_reach_is_refused_and_written_down(
    app: Flask, house: Cast, role: Role, words: tuple[str, ...]
) -> None:
    colleague("moss", role)
    typed = " ".join(words[:2])

    refused = run(app, "moss", *words)

    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == f"moss may not: {typed}\n"
    assert entries("refused") == [("moss", f"command {typed}")]


def test_who_has_no_account_runs_nothing(app: Flask, house: Cast) -> None:
    known = run(app, "jordan", "clinic", "schema")
    unknown = run(app, "nobody", "clinic", "schema")

    assert (known.exit_code, unknown.exit_code) == (1, 2)


def test_account_that_is_shut_runs_nothing(app: Flask, house: Cast) -> None:
    assert house.rivera.clinician is not None
    house.rivera.clinician.ended_at = NOW
    db.session.commit()

    assert run(app, "rivera", "clinic", "schema").exit_code == 1


def test_what_is_the_operators_is_refused_to_an_account(app: Flask, house: Cast) -> None:
    refused = run(app, "sam", "staff", "password", "rivera")

    assert (refused.exit_code, entries("refused")) == (1, [("sam", "command staff password")])


def test_coordinator_takes_out_who_came_without_the_words_of_notes(app: Flask, house: Cast) -> None:
    wanted = ("attendance", "export", house.cohort.key)

    theirs, whole = (run(app, account, *wanted) for account in ("sam", None))

    assert (theirs.exit_code, NOTE in theirs.stdout, NOTE in whole.stdout) == (0, False, True)
    assert theirs.stdout == whole.stdout.replace(NOTE, "")


def test_note_stands_where_a_coordinator_brings_a_file_and_a_new_one_is_refused(
    app: Flask, house: Cast
) -> None:
    table = run(app, "sam", "attendance", "export", house.cohort.key).stdout
    late = table.replace("excused,0,", "late,30,")

    taken = run(app, "sam", "attendance", "import", "-", said=late)
    refused = run(app, "sam", "attendance", "import", "-", said=late.replace("30,", "30,ill"))

    rows = db.session.scalars(select(AttendanceMark).order_by(AttendanceMark.turn))
    assert [(row.state.value, row.note) for row in rows] == [("excused", NOTE), ("late", NOTE)]
    assert (taken.exit_code, refused.exit_code) == (0, 2)
    assert refused.stderr == "line 2: note: whoever brings this file may write none\n"


def colleague(key: str, role: Role) -> None:
    """Somebody of staff whom nobody here is near to."""
    person = Person(
        key=key,
        kind=PersonKind.CLINICIAN,
        name=key.title(),
        email=f"{key}@hl-sched.example",
        free=(),
    )
    person.clinician = Clinician(roles=(role,), licences=(), buffer=10, away=())
    db.session.add(person)
    db.session.commit()
