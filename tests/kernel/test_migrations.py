"""Migrations survive a kill at any statement, wait politely for locks, and let the program of
before go on.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from conftest import KEY
from fakes.postgres import Postgres
from scheduler import consents, sessions
from scheduler.kernel.database import open_engine
from scheduler.kernel.errors import Conflict
from scheduler.kernel.schema import migrate

MIGRATOR = Path(__file__).with_name("migrator.py")
OLD = "0014"
"""Where the upgrade begins: later steps rebuild tables, add them, and fill one from rows that
stand.
"""
PEOPLE = (
    "INSERT INTO people (id, key, kind, name, email) VALUES ('{0}', '{0}', '{1}', '{2}', "
    "'{0}@family.example')"
)
SESSION = """INSERT INTO sessions (id, key, series, cohort_id, kind, seats, title, week,
      starts_local, zone, minutes,
  starts_at, ends_at, zone_rules, status, version, changed_at) VALUES ('{0}',
      'eve.fam.jordan.{0}', 'eve.fam.jordan',
  'c', 'family_therapy', 'both', 'Family', 1, '2027-03-02T{1}', 'UTC', 60,
  '2027-03-02 {1}:00', '2027-03-02 {2}:00', '2026a',
  'scheduled', 0, '2027-01-01 00:00:00')"""
ROWS = (
    PEOPLE.format("jordan", "patient", "Jordan Lee"),
    PEOPLE.format("dana", "relative", "Dana Lee"),
    PEOPLE.format("father", "relative", "Miguel Lee"),
    PEOPLE.format("rivera", "clinician", "Ana Rivera"),
    "INSERT INTO programs (id, key, name, outward_title, template, version) VALUES ('p', 'a', "
    "'A', 'Hour', '{}', 1)",
    "INSERT INTO cohorts (id, key, program_id, starts, leads) VALUES ('c', 'eve', 'p', "
    "'2027-03-01', '{}')",
    SESSION.format("one", "10:00", "11:00"),
    SESSION.format("two", "10:30", "11:30"),
    "INSERT INTO session_leads (session_id, person_id) VALUES ('one', 'rivera'), ('two', 'rivera')",
    "INSERT INTO session_patients (session_id, person_id) VALUES ('one', 'jordan')",
    """INSERT INTO letters (id, dedupe_key, kind, recipient_id, address, basis, sequence,
      due_at, mime, message_id,
      state, attempts, fence, created_at, ambiguous) VALUES ('l', 'l', 'reminder', 'jordan',
      'jordan@family.example',
      'self', 0, '2027-03-01 00:00:00', 'bytes', '<l@sp>', 'waiting', 0, 0,
      '2027-01-01 00:00:00', 0)""",
)
"""A practice of before: two sessions of one clinician at once were not yet refused then."""


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = open_engine(url, KEY)
    try:
        yield engine
    finally:
        engine.dispose()


def to(engine: Engine, version: str) -> None:
    """Bring a database to a version of before."""
    with engine.begin() as connection:
        config = migrate.alembic_config()
        config.attributes["connection"] = connection
        command.upgrade(config, version)


class Old:
    """A database of before with rows in it, to be put back after each death."""

    def __init__(self, postgres: Postgres | None, folder: Path) -> None:
        self.postgres, self.file, self.kept = postgres, folder / "old.db", folder / "kept.db"
        self.url = f"sqlite:///{self.file}"
        if postgres is not None:
            postgres.run("CREATE DATABASE migrated")
            self.url = postgres.url("migrated").replace("postgresql://", "postgresql+psycopg://")
        with opened(self.url) as engine:
            to(engine, OLD)
            with engine.begin() as connection:
                for statement in ROWS:
                    connection.exec_driver_sql(statement)
        if postgres is not None:
            postgres.run("CREATE DATABASE migrated_kept TEMPLATE migrated STRATEGY FILE_COPY")
        else:
            shutil.copy(self.file, self.kept)

    def back(self) -> None:
        """Put it back as it was before."""
        if self.postgres is not None:
            self.postgres.run("DROP DATABASE migrated WITH (FORCE)")
            self.postgres.run("CREATE DATABASE migrated TEMPLATE migrated_kept STRATEGY FILE_COPY")
            return
        for rest in self.file.parent.glob("old.db*"):
            rest.unlink()
        shutil.copy(self.kept, self.file)

    def end(self) -> None:
        """Leave nothing on the server."""
        for name in ("migrated", "migrated_kept") if self.postgres is not None else ():
            self.postgres.run(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[union-attr]


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Old]:
    server = request.getfixturevalue("postgres") if request.param == "postgresql" else None
    one = Old(server, tmp_path)
    yield one
    one.end()


def rows(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Return all that the old tables hold, in the columns they had, by table."""
    asked = {
        "people": "id, key, name, email",
        "sessions": "id, key, starts_local, status, version",
        "session_leads": "session_id, person_id",
        "session_patients": "session_id, person_id",
        "letters": "id, dedupe_key, address, state, mime",
    }
    with opened(url) as engine, engine.connect() as connection:
        return {
            table: [
                tuple(row)
                for row in connection.exec_driver_sql(
                    f"SELECT {columns} FROM {table} ORDER BY 1, 2"
                )
            ]
            for table, columns in asked.items()
        }


def damage(url: str) -> list[str]:
    """Return what `doctor` would name: a schema that is not the newest, and what is missing of gate
    and bookings.
    """
    with opened(url) as engine, engine.connect() as connection:
        old = [] if migrate.current(engine) == migrate.newest() else ["schema"]
        return old + consents.gate_damage(connection) + sessions.loosened_booking_rules(connection)


@pytest.mark.timeout(1200)
def test_upgrade_killed_before_any_statement_is_whole_or_not_begun(
    old: Old, trials: Callable[[int, int], int]
) -> None:
    before = rows(old.url)
    with subprocess.Popen(
        [sys.executable, MIGRATOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as migrator:

        def upgraded(kill_at: int) -> tuple[int, int]:
            assert migrator.stdin is not None and migrator.stdout is not None
            migrator.stdin.write(f"{old.url} {kill_at}\n")
            migrator.stdin.flush()
            status, steps = migrator.stdout.readline().split()
            return int(status), int(steps)

        whole = upgraded(0)
        stride = max(1, whole[1] // trials(2, 100_000))
        faults = []
        for kill_at in range(stride, whole[1] + 1, stride):
            old.back()
            ended = upgraded(kill_at)[0]
            with opened(old.url) as engine:
                between = migrate.current(engine)
            again = upgraded(0)[0]
            found = (ended, between, again, rows(old.url) == before, damage(old.url))
            wanted = (-9, OLD, 0, True, [])
            faults += [f"step {kill_at}: {found}"] if found != wanted else []
        migrator.stdin.close()  # type: ignore[union-attr]
    print(f"{old.url.partition(':')[0]}: {whole[1]} steps, killed before one in {stride}")

    assert (whole[0], faults) == (0, [])


def test_upgrade_enters_what_stands_and_leaves_out_what_already_clashed(old: Old) -> None:
    with opened(old.url) as engine:
        migrate.upgrade(engine)
        with engine.connect() as connection:
            engaged = connection.execute(
                text("SELECT session_id, what FROM engagements ORDER BY 1, 2")
            ).all()

    assert [tuple(row) for row in engaged] == [("one", "jordan"), ("one", "rivera")]


def test_two_nodes_that_upgrade_at_once_both_find_it_done(old: Old) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, MIGRATOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [one.communicate(f"{old.url} 0\n")[0].split()[0] for one in both]

    assert said == ["0", "0"]
    assert damage(old.url) == []


def test_upgrade_waits_for_its_locks_without_making_others_wait(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader in a long transaction: the migration gives way, and whoever writes meanwhile is
    served.
    """
    old = Old(postgres, tmp_path)
    monkeypatch.setattr(migrate, "TRIES", 2)
    with opened(old.url) as engine, opened(old.url) as others:
        with others.begin() as reader:
            reader.execute(text("SELECT count(*) FROM letters"))
            reader.execute(text("LOCK TABLE sessions IN ROW EXCLUSIVE MODE"))
            with pytest.raises(Conflict, match="nothing was changed, try again"):
                migrate.upgrade(engine)
            with others.begin() as writer:
                writer.execute(text("UPDATE sessions SET title = 'Hour' WHERE id = 'one'"))
        assert migrate.current(engine) == OLD
        assert migrate.upgrade(engine) == (OLD, migrate.newest())
    old.end()


SINCE = "0014"
"""From here on the rule of docs/scale.md holds: what the version before writes is still taken."""


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_each_migration_takes_what_the_version_before_writes(
    engine_name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """No column goes or becomes stricter, and a new one may be left out: old and new run beside
    each other.
    """
    url = f"sqlite:///{tmp_path / 'beside.db'}"
    server = request.getfixturevalue("postgres") if engine_name == "postgresql" else None
    if server is not None:
        server.run("CREATE DATABASE beside")
        url = server.url("beside").replace("postgresql://", "postgresql+psycopg://")
    scripts = ScriptDirectory.from_config(migrate.alembic_config())
    versions = sorted(one.revision for one in scripts.walk_revisions() if one.revision >= SINCE)
    with opened(url) as engine:
        to(engine, SINCE)
        before, faults = shape(engine), []
        for version in versions[1:]:
            to(engine, version)
            after = shape(engine)
            faults += [f"{version}: {fault}" for fault in no_longer_taken(before, after)]
            before = after
    if server is not None:
        server.run("DROP DATABASE beside WITH (FORCE)")

    assert faults == []


Shape = dict[str, dict[str, bool]]


def shape(engine: Engine) -> Shape:
    """Return for each table its columns, and whether a row may leave the column out."""
    seen = inspect(engine)
    return {
        table: {
            str(column["name"]): bool(column["nullable"] or column["default"] is not None)
            for column in seen.get_columns(table)
        }
        for table in seen.get_table_names()
    }


def no_longer_taken(before: Shape, after: Shape) -> list[str]:
    """Name what a program that knows the tables of `before` cannot write into those of `after`."""
    faults = []
    for table, columns in before.items():
        now = after.get(table, {})
        faults += [f"{table}.{name} is gone" for name in columns if name not in now]
        faults += [
            f"{table}.{name} is demanded"
            for name, free in columns.items()
            if free and not now.get(name, True)
        ]
        faults += [
            f"{table}.{name} is new and demanded"
            for name in now
            if name not in columns and not now[name]
        ]
    return faults


def test_planted_steps_that_the_version_before_cannot_live_with_are_named() -> None:
    before = {"letters": {"id": False, "reply": True}, "gone": {"id": False}}
    after = {"letters": {"id": False, "reply": False, "new": False, "free": True}}

    assert no_longer_taken(before, after) == [
        "letters.reply is demanded",
        "letters.new is new and demanded",
        "gone.id is gone",
    ]


def test_session_written_by_the_program_of_before_is_kept_apart_as_well(old: Old) -> None:
    """It knows nothing of engagements: the database enters them, and refuses the clash when it
    commits.
    """
    with opened(old.url) as engine:
        migrate.upgrade(engine)
        with engine.begin() as connection:
            connection.exec_driver_sql(SESSION.format("three", "12:00", "13:00"))
            connection.exec_driver_sql(
                "INSERT INTO session_leads (session_id, person_id) VALUES ('three', 'rivera')"
            )
        with pytest.raises(IntegrityError), engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE sessions SET starts_at = '2027-03-02 10:15:00' WHERE id = 'three'"
            )
