"""What the chain alone cannot show: an end cut off, and an anchor put in another's place."""

import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import text

from scheduler import audit
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.worker.jobs import do_deeds
from tests.audit.test_append_entry import NOW, tamper

LATER = NOW + timedelta(minutes=10)
WRONG = "was changed, put in, or stands out of order"
COPY = (
    "INSERT INTO audit_entries SELECT {}, at, by, deed, about, details, chain FROM "
    "audit_entries WHERE number = 2"
)


@pytest.fixture
def anchor(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The file, not there yet."""
    path = tmp_path / "kept" / "audit.anchor"
    audit.keep_anchor(path)
    yield path
    audit.keep_anchor(None)


def deeds(number: int, now: datetime = NOW) -> None:
    for each in range(number):
        audit.append("publish", f"cohort-{each}", {"letters": each}, by="sam", now=now)
    db.session.commit()


def drop_anchor(now: datetime = NOW) -> bool:
    done = audit.anchor(by="worker", now=now) is not None
    db.session.commit()
    db.session.expire_all()
    return done


def faults() -> tuple[str, ...]:
    db.session.rollback()
    return audit.examine().faults


def test_anchored_record_is_whole(anchor: Path) -> None:
    deeds(3)
    drop_anchor()

    assert audit.examine() == audit.Examination(entries=4, anchored=3, faults=())
    assert stat.S_IMODE(anchor.stat().st_mode) == 0o600


def test_line_is_added_when_the_last_is_ten_minutes_old_and_something_happened(
    anchor: Path,
) -> None:
    deeds(1)
    assert drop_anchor() is True
    assert drop_anchor(LATER) is False  # nothing happened since
    deeds(1)
    assert drop_anchor(LATER - timedelta(seconds=1)) is False
    assert drop_anchor(LATER) is True
    assert faults() == ()


@pytest.mark.parametrize("kept", [0, 1, 2])
def test_cut_tail_is_named_by_the_first_entry_that_is_gone(anchor: Path, kept: int) -> None:
    deeds(3)
    drop_anchor()
    tamper(f"DELETE FROM audit_entries WHERE number > {kept}")

    assert audit.verify() is None  # the chain alone sees nothing
    assert faults() == (
        f"entry {kept + 1} is missing: the record went on to entry 3 on "
        "2027-02-26T14:00:00+00:00, its end is cut",
    )


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE audit_entries SET about = 'x' WHERE number = 2", f"entry 2 {WRONG}"),
        ("DELETE FROM audit_entries WHERE number = 1", "entry 1 is missing"),
        ("DELETE FROM audit_entries WHERE number = 2", "entry 2 is missing"),
        (COPY.format(5), f"entry 5 {WRONG}"),
        (COPY.format(0), f"entry 1 {WRONG}"),
    ],
)
def test_entry_changed_removed_or_put_in_is_named(anchor: Path, statement: str, fault: str) -> None:
    deeds(3)
    drop_anchor()
    tamper(statement)

    assert faults()[0] == fault


def test_entries_in_another_order_are_named(anchor: Path) -> None:
    deeds(3)
    moves = ((2, 99), (3, 2), (99, 3))
    tamper(*(f"UPDATE audit_entries SET number = {to} WHERE number = {old}" for old, to in moves))

    assert faults() == (f"entry 2 {WRONG}",)


def test_record_written_anew_with_a_stolen_key_differs_from_its_anchor(anchor: Path) -> None:
    deeds(3)
    drop_anchor()
    tamper("DELETE FROM audit_entries")
    deeds(4, LATER)

    assert faults()[0] == "entry 3 is other than it was on 2027-02-26T14:00:00+00:00"


def test_changed_line_is_named(anchor: Path) -> None:
    deeds(3)
    drop_anchor()
    anchor.write_text(anchor.read_text().replace("\n3 ", "\n2 "))

    assert faults() == (f"line 2 of the anchor {anchor} was changed or is another's",)


def test_missing_anchor_is_named(anchor: Path) -> None:
    deeds(3)
    drop_anchor()
    anchor.unlink()

    assert faults() == (f"there is no anchor at {anchor}, though the record was anchored 1 times",)


def test_cut_anchor_is_named(anchor: Path) -> None:
    deeds(3)
    drop_anchor()
    before = anchor.read_text()
    deeds(1, LATER)
    drop_anchor(LATER)
    anchor.write_text(before)

    assert faults() == ("the anchor was cut: it lacks entry 5, noted on 2027-02-26",)


def test_anchor_of_another_house_is_named(anchor: Path) -> None:
    deeds(3)
    drop_anchor()
    anchor.unlink()
    deeds(1)
    audit.anchor(
        by="worker", now=NOW
    )  # a new file, sealed with the right key, which the record does not note
    db.session.rollback()

    assert faults() == (
        "the anchor was replaced: the record notes 1 lines, none of them in this file",
    )


def test_file_that_is_no_anchor_is_named(anchor: Path) -> None:
    deeds(3)
    drop_anchor()
    anchor.write_text("something else\n")

    assert faults() == (f"{anchor} is no anchor of this record",)


def test_half_a_line_left_by_a_crash_does_no_harm(anchor: Path) -> None:
    deeds(3)
    drop_anchor()
    with anchor.open("a") as file:
        file.write("4 abc")

    assert faults() == ()
    deeds(1, LATER)
    drop_anchor(LATER)
    assert faults() == ()


def test_line_the_record_did_not_note_because_of_a_crash_does_no_harm(anchor: Path) -> None:
    deeds(3)
    audit.anchor(by="worker", now=NOW)
    db.session.rollback()

    assert faults() == ()
    deeds(1, LATER)
    drop_anchor(LATER)
    assert faults() == ()


def test_worker_drops_the_anchor(anchor: Path) -> None:
    deeds(3)

    assert do_deeds() == []
    assert audit.examine() == audit.Examination(entries=4, anchored=3, faults=())


def test_writers_side_by_side_never_fork_the_chain(app: Flask) -> None:
    writers, each = 4, 15
    begin = threading.Barrier(writers)
    failed: list[BaseException] = []

    def write(name: str) -> None:
        try:
            with app.app_context():
                begin.wait(60)
                for number in range(each):
                    audit.append("publish", f"cohort-{number}", by=name, now=NOW)
                    db.session.commit()
                db.session.remove()
        except BaseException as error:
            failed.append(error)

    threads = [
        threading.Thread(target=write, args=(f"writer-{number}",)) for number in range(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert audit.verify() is None
    assert db.session.scalar(text("SELECT count(*) FROM audit_entries")) == writers * each


def test_verify_says_how_much_is_whole(anchor: Path, runner: FlaskCliRunner) -> None:
    deeds(3)

    before = runner.invoke(args=["audit", "verify"])
    with clock.turned_to(lambda: datetime(2027, 2, 26, 15, tzinfo=UTC)):
        dropped = runner.invoke(args=["audit", "anchor"])
    after = runner.invoke(args=["audit", "verify"])

    assert (
        before.output
        == "3 entries, whole; not anchored: a cut end would not show until `audit anchor` has run\n"
    )
    assert dropped.output.startswith("entry 3 ")
    assert (after.exit_code, after.output) == (0, "4 entries, whole; anchored through entry 3\n")


def test_verify_fails_with_the_first_bad_entry(anchor: Path, runner: FlaskCliRunner) -> None:
    deeds(3)
    tamper("UPDATE audit_entries SET by = 'bo' WHERE number = 2")

    said = runner.invoke(args=["audit", "verify"])

    assert (said.exit_code, said.stderr) == (1, f"entry 2 {WRONG}\n")
