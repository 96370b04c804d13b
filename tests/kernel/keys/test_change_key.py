"""Another key for the database's file: the whole of it or nothing, and nobody else meanwhile."""

import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlcipher3 import dbapi2 as sqlcipher

from scheduler.kernel.database import open_engine
from scheduler.kernel.errors import Conflict
from scheduler.kernel.keys.change_key import change_file_key, key_that_opens

ROWS = 20_000


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A file under the key `old`, of some hundred pages."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    engine = open_engine(url, "old")
    with engine.begin() as line:
        line.execute(text("CREATE TABLE kept (id INTEGER PRIMARY KEY, what TEXT)"))
        line.execute(
            text(f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
            WHERE i < {ROWS}) INSERT INTO kept SELECT i, hex(randomblob(200)) FROM n""")
        )
    engine.dispose()
    return url


def rows(url: str, key: str) -> int:
    engine = open_engine(url, key)
    with engine.connect() as line:
        count = line.execute(text("SELECT count(*) FROM kept")).scalar_one()
    engine.dispose()
    return int(count)


def test_file_opens_with_its_new_key_alone(url: str) -> None:
    change_file_key(url, "old", "new")

    assert rows(url, "new") == ROWS
    assert [key_that_opens(url, keys) for keys in (("old", "new"), ("new", "old"))] == ["new"] * 2
    with pytest.raises(sqlcipher.DatabaseError):
        change_file_key(url, "old", "newer")


def test_file_that_somebody_has_open_is_left_as_it_is(url: str) -> None:
    engine = open_engine(url, "old")
    with engine.connect() as reader:
        reader.execute(text("SELECT count(*) FROM kept"))
        with pytest.raises(Conflict, match="another process has the database open"):
            change_file_key(url, "old", "new")
    engine.dispose()

    assert rows(url, "old") == ROWS


def test_process_killed_while_it_changes_the_key_leaves_a_whole_file(url: str) -> None:
    """It dies when its journal is on disk: pages of both keys may stand in the file."""
    journal = Path(f"{url.removeprefix('sqlite:///')}-journal")
    child = os.fork()
    if child == 0:
        change_file_key(url, "old", "new")
        os._exit(0)
    while not journal.exists():
        pass
    os.kill(child, signal.SIGKILL)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    assert (ended, rows(url, key_that_opens(url, ("old", "new")))) == (-signal.SIGKILL, ROWS)
