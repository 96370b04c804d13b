"""`accounting export` is signed: docs/verify_accounting.py says so with Python alone, and a changed
byte shows.
"""

import json
import random
import runpy
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from cast import assemble, session
from scheduler import audit, feeds
from scheduler.feeds.models import Feed
from scheduler.invitations import announce
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState
from scheduler.programs import Kind

NOW = datetime(2027, 3, 2, 15, 0, tzinfo=UTC)
LATE = datetime(2027, 3, 2, 2, 0, tzinfo=UTC)
"""The evening of the day before, where the practice is."""
VERIFY = Path(__file__).resolve().parents[3] / "docs" / "verify_accounting.py"


@pytest.fixture
def accounting(app: Flask, runner: FlaskCliRunner, tmp_path: Path) -> Path:
    """The accounting of Jordan, whose sister was told of a family session and whose father was
    not.
    """
    stage = assemble(Kind.FAMILY_THERAPY)
    session(stage, datetime(2027, 3, 9, 16))
    announce(by="command", now=NOW)
    db.session.flush()
    for letter in db.session.query(Letter):
        letter.state = LetterState.SENT
        letter.sent_at = NOW
    feeds.make(stage.dana, by="dana", now=NOW)
    for feed in db.session.query(Feed):
        feed.seen_at = NOW
    audit.append("opened", f"person {stage.jordan.id}", {}, by="rivera", now=LATE)
    db.session.commit()
    with clock.turned_to(lambda: NOW):
        answer = runner.invoke(args=["accounting", "export", stage.jordan.key])
    assert answer.exit_code == 0, answer.output
    path = tmp_path / "accounting.json"
    path.write_bytes(answer.stdout_bytes)
    return path


def verified(path: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Ask the verifier as a stranger would: in isolated mode, without our packages."""
    command = [sys.executable, "-I", "-S", str(VERIFY), str(path), *words]
    return subprocess.run(command, capture_output=True, text=True)


def test_accounting_says_who_was_told_and_not_who_was_not(accounting: Path) -> None:
    document = json.loads(accounting.read_bytes())

    told = [(row["person"]["key"], row["letter"]) for row in document["disclosures"]]
    assert told == [("dana", "invitation")]
    assert document["patient"]["key"] == "jordan"


def test_accounting_as_it_was_signed_is_whole(accounting: Path) -> None:
    key = json.loads(accounting.read_bytes())["signature"]["key"]

    answer = verified(accounting, "--key", key)
    assert (answer.returncode, answer.stdout) == (0, f"whole: 1 disclosures, signed by {key}\n")


def test_accounting_with_one_byte_changed_is_refused(accounting: Path) -> None:
    octets = accounting.read_bytes()
    places = random.Random(7).sample(range(len(octets)), 12)

    codes = []
    for place in places:
        changed = bytearray(octets)
        changed[place] ^= 1
        accounting.write_bytes(changed)
        codes.append(verified(accounting).returncode)
    assert codes == [1] * len(places)


def test_accounting_with_one_letter_of_its_signature_written_otherwise_is_refused(
    accounting: Path,
) -> None:
    """Large for small, at every place of the signature's own words."""
    fault_of = runpy.run_path(str(VERIFY))["fault_of"]
    octets = accounting.read_bytes()
    begin = octets.index(b'"algorithm"')
    end = octets.index(b"}", begin)
    taken = []
    for place in range(begin, end):
        changed = bytearray(octets)
        changed[place] ^= 32
        if not is_refused(fault_of, bytes(changed)):
            taken.append(place)

    assert taken == []


def is_refused(fault_of: Callable[[bytes], str | None], octets: bytes) -> bool:
    """True if the verifier finds a fault, or nothing that it can read."""
    try:
        return fault_of(octets) is not None
    except (ValueError, KeyError):
        return True


def test_accounting_says_who_of_the_practice_looked_beside_what_was_disclosed(
    accounting: Path,
) -> None:
    document = json.loads(accounting.read_bytes())

    rivera = {"key": "rivera", "name": "Ana Rivera"}
    looks = [{"person": rivera, "days": ["2027-03-01"], "days_with_a_reason": []}]
    assert (document["looks_by_staff"], document["zone"]) == (looks, "America/New_York")


def test_accounting_says_whose_calendar_address_was_read(accounting: Path) -> None:
    (row,) = json.loads(accounting.read_bytes())["calendar_addresses"]

    at = NOW.isoformat(timespec="seconds")
    read = (row["person"]["key"], row["from"], row["until"], row["last_read_at"])
    assert read == ("dana", at, None, at)


def test_accounting_signed_by_another_key_is_refused(accounting: Path) -> None:
    answer = verified(accounting, "--key", "00" * 32)

    assert answer.returncode == 1
    assert "another key signed it" in answer.stderr


def test_no_file_is_said(tmp_path: Path) -> None:
    assert verified(tmp_path / "none.json").returncode == 2
