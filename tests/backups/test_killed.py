"""A restore killed at any step leaves the old database or the restored one, whole, and never none.

The restored one holds what was sent since its copy was made: nothing leaves twice. A father without
consent stands by.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DatabaseError

from backups.test_backups import tell_and_send
from household import NOW, stand_up
from scheduler import audit, backups, consents, sessions
from scheduler.backups.copy_file import keep_beside
from scheduler.kernel.database import Base, db
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person, PersonKind

RESTORER = Path(__file__).with_name("restorer.py")
RUST = b"rust" * 5000
Rows = dict[str, list[str]]


def everything() -> Rows:
    """Return every row by table, but for the name of the hold that a restore writes."""
    with db.engine.connect() as connection:
        found = {
            table.name: sorted(
                repr(
                    tuple(
                        value
                        for name, value in row.items()
                        if (table.name, name) != ("outbox_holds", "id")
                    )
                )
                for row in connection.execute(select(table)).mappings()
            )
            for table in Base.metadata.sorted_tables
        }
    db.engine.dispose()
    return found


@pytest.fixture
def copy(tmp_path: Path, request: pytest.FixtureRequest, trials: Callable[[int, int], int]) -> Path:
    """A copy of a house, in which the mother was told of her appointment after it was made.

    With `--long` there are 2,000 people beside, so that the exchange can be cut in its middle.
    """
    request.getfixturevalue("app" if "app" in request.fixturenames else "sqlite_app")
    home = stand_up()
    home.consent()
    home.appointment(1)
    audit.append("load", about="clinic", by="command", now=NOW)
    crowd = [
        {
            "id": new_id(),
            "key": f"n-{number}",
            "kind": PersonKind.RELATIVE,
            "name": "Nobody " * 20,
            "email": f"n-{number}@family.example",
        }
        for number in range(trials(10, 2000))
    ]
    db.session.execute(insert(Person), crowd)
    db.session.commit()
    path = tmp_path / "copy.kinfold"
    backups.make(db.engine, path, now=NOW)
    assert tell_and_send() == ["invitation to m@family.example"]
    db.session.execute(text("UPDATE people SET name = 'Somebody Else' WHERE kind = 'patient'"))
    db.session.commit()
    db.session.remove()
    return path


Restore = Callable[..., tuple[int, int, float]]


@contextmanager
def restorer() -> Iterator[Restore]:
    """Return a deed that restores a copy in another process, which dies before its n-th step, or
    within the exchange.

    It gives how that process ended, its steps, and the seconds of the exchange.
    """
    url = db.engine.url.render_as_string(hide_password=False)
    words = [sys.executable, str(RESTORER), url]
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        orders, answers = process.stdin, process.stdout

        def restored(path: Path, kill_at: int = 0, within: float = 0) -> tuple[int, int, float]:
            orders.write(f"{path} {kill_at} {within}\n")
            orders.flush()
            status, steps, took = answers.readline().split()
            return int(status), int(steps), float(took)

        yield restored
        orders.close()


@pytest.mark.timeout(3600)
def test_restore_killed_at_any_step_leaves_one_whole_database(
    app: Flask, copy: Path, tmp_path: Path, trials: Callable[[int, int], int]
) -> None:
    newer = tmp_path / "newer.kinfold"
    backups.make(db.engine, newer, now=NOW)
    before, ends, faults = everything(), {"old": 0, "new": 0}, []
    with restorer() as restored:
        _, steps, took = restored(copy)
        after = everything()
        assert (after["people"] != before["people"], after["letters"]) == (True, before["letters"])
        stride, parts = max(1, steps // trials(2, 10**6)), trials(1, 40)
        deaths = [(number, 0.0) for number in range(stride, steps + 1, stride)]
        deaths += [(0, max(1e-4, took * part / parts)) for part in range(parts)]
        for number, within in deaths:
            assert restored(newer)[0] == 0
            before = everything()
            status, _, _ = restored(copy, number, within)
            found = everything()
            ends["new" if found == after else "old"] += 1
            if status not in ((-9,) if number else (-9, 0)) or found not in (before, after):
                faults.append(f"step {number} {within}: ended {status}, the database is neither")
            faults += [f"step {number} {within}: {each}" for each in loosened()]
    print(
        f"{db.engine.dialect.name}: {steps} steps, one in {stride}, exchange {took * 1000:.0f} "
        f"ms: {ends}"
    )

    assert faults == []


def loosened() -> list[str]:
    found = consents.gate_damage(db.session.connection()) + sessions.loosened_booking_rules(
        db.session.connection()
    )
    db.session.remove()
    db.engine.dispose()
    return found


@pytest.mark.timeout(3600)
def test_unreadable_database_is_at_its_place_until_the_restored_one_is(
    sqlite_app: Flask, copy: Path, trials: Callable[[int, int], int]
) -> None:
    place, ends, faults = Path(str(db.engine.url.database)), {"old": 0, "new": 0}, []
    db.engine.dispose()
    with restorer() as restored:

        def rust() -> None:
            for rest in place.parent.glob("kinfold.db*"):
                rest.unlink()
            place.write_bytes(RUST)

        rust()
        _, steps, _ = restored(copy)
        after = everything()
        assert (len(after["people"]), len(after["letters"])) == (trials(10, 2000) + 6, 0)
        stride = max(1, steps // trials(2, 10**6))
        every = trials(12, steps)  # the last ones are those at which something happens to its place
        for number in [
            *range(stride, steps - every, stride),
            *range(max(1, steps - every), steps + 1),
        ]:
            rust()
            status, _, _ = restored(copy, number)
            end = at_its_place(place, after)
            ends[end] = ends.get(end, 0) + 1
            if (
                status != -9
                or end not in ("old", "new")
                or (end == "new" and not is_kept(place.parent))
            ):
                faults.append(f"step {number}: ended {status}, at its place is {end}")
    print(f"unreadable: {steps} steps, one in {stride}: {ends}")

    assert faults == []


def at_its_place(place: Path, after: Rows) -> str:
    """Say what is there: the old bytes, the restored database, nothing, or something else."""
    if not place.exists():
        return "nothing"
    if place.read_bytes() == RUST:
        return "old"
    try:
        return "new" if everything() == after else "half"
    except DatabaseError:
        return "half"
    finally:
        db.engine.dispose()


def is_kept(folder: Path) -> bool:
    """Say whether the old database is kept whole beside it."""
    return RUST in [path.read_bytes() for path in folder.glob("kinfold.db.unreadable-*")]


def test_old_database_gets_a_second_name_with_its_log_and_none_is_written_over(
    tmp_path: Path,
) -> None:
    place = tmp_path / "kinfold.db"
    taken = tmp_path / "kinfold.db.unreadable-1"
    taken.write_text("another one")
    place.write_text("old")
    place.with_name("kinfold.db-wal").write_text("log")

    kept = keep_beside(place, "unreadable-1")

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {
        "kinfold.db": "old",
        kept.name: "old",
        f"{kept.name}-wal": "log",
        taken.name: "another one",
    }
