"""The database that serves test after test holds nothing of the test before."""

from collections.abc import Iterator

import psycopg
import pytest

from fakes.postgres import Postgres
from put_back import Contents, Kept, contents_of

PERSON = (
    "INSERT INTO people (id, key, kind, name, email) "
    "VALUES ('{0}', '{0}', 'clinician', 'Somebody {0}', '{0}@hl-sched.example')"
)


@pytest.fixture(scope="module")
def kept(postgres: Postgres) -> Iterator[Kept]:
    kept = Kept(postgres)
    yield kept
    kept.make_anew()


def holds(kept: Kept) -> Contents:
    with psycopg.connect(kept.url()) as line:
        return contents_of(line, kept.tables)


def write(kept: Kept, *statements: str) -> None:
    with psycopg.connect(kept.url()) as line:
        for statement in statements:
            line.execute(statement.encode())


def ask(kept: Kept, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(kept.url()) as line:
        return line.execute(query.encode()).fetchall()


def test_rows_of_the_test_before_are_gone(kept: Kept) -> None:
    kept.put_back(None, None)
    plain = holds(kept)

    write(kept, PERSON.format("one"), "UPDATE alembic_version SET version_num = '0001'")
    kept.put_back(None, None)

    assert holds(kept) == plain
    assert list(plain.rows) == ["alembic_version"]


def test_rows_of_a_world_are_there_whatever_became_of_them(kept: Kept) -> None:
    kept.put_back(None, None)
    write(kept, PERSON.format("one"), PERSON.format("two"))
    kept.keep("two people")
    world = holds(kept)

    write(kept, "UPDATE people SET name = 'Nobody' WHERE id = 'one'", PERSON.format("six"))
    kept.put_back(None, "two people")
    after_changes = holds(kept)
    kept.put_back(None, "two people")
    untouched = holds(kept)
    kept.put_back(None, None)

    assert (after_changes, untouched) == (world, world)
    assert "people" not in holds(kept).rows


@pytest.mark.parametrize(
    "change",
    [
        "DROP TRIGGER track_sessions_update ON sessions",
        "ALTER TABLE letters DISABLE TRIGGER USER",
        "ALTER TABLE people ADD COLUMN x int",
        "ALTER TABLE pauses RENAME TO lost",
        "CREATE TABLE more (x int)",
    ],
)
def test_changed_schema_is_made_anew(kept: Kept, change: str) -> None:
    triggers = "SELECT tgname, tgenabled FROM pg_trigger ORDER BY tgname, tgrelid"
    columns = "SELECT attname FROM pg_attribute WHERE attrelid >= 16384 ORDER BY 1"
    tables = "SELECT relname FROM pg_class ORDER BY 1"
    kept.put_back(None, None)
    before = [ask(kept, query) for query in (triggers, columns, tables)]

    write(kept, change)
    changed = [ask(kept, query) for query in (triggers, columns, tables)]
    kept.put_back(None, None)

    assert changed != before
    assert [ask(kept, query) for query in (triggers, columns, tables)] == before


def test_whoever_is_still_connected_is_sent_away(kept: Kept) -> None:
    kept.put_back(None, None)
    with psycopg.connect(kept.url()) as other:
        other.execute(PERSON.format("one").encode())
        kept.put_back(None, None)

        with pytest.raises(psycopg.OperationalError):
            other.execute("SELECT 1")
