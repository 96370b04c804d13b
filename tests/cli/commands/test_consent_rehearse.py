"""`consent rehearse`: what it prints, and that it writes nothing."""

import json
from datetime import timedelta

from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from household import TODAY, Household
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter

WORDS = ("--patient", "p-1", "--kinds", "family_therapy", "--expires")


def rehearse(runner: FlaskCliRunner, *said: str) -> tuple[int, str]:
    last = (TODAY + timedelta(days=20)).isoformat()
    result = runner.invoke(args=["consent", "rehearse", "p-1-mother", *WORDS, last, *said])
    return result.exit_code, result.output


def test_rehearsal_prints_letters_and_pages_and_writes_nothing(
    home: Household, runner: FlaskCliRunner
) -> None:
    session = home.appointment(1)
    db.session.commit()
    key = session.key
    rows = db.session.scalar(select(func.count()).select_from(AuditEntry))

    code, said = rehearse(runner, "--json")

    found = json.loads(said)
    hers = [letter for letter in found["letters"] if letter["to"] == "p-1-mother"]
    assert (code, hers[0]["kind"]) == (0, "invitation")
    assert {letter["to"] for letter in found["letters"]} == {"p-1", "p-1-mother"}
    assert [date["session"] for date in found["pages"]] == [key]
    assert "METHOD:REQUEST" in hers[0]["calendar"]
    after = db.session.scalar(select(func.count()).select_from(AuditEntry))
    assert (db.session.scalar(select(Letter.id)), after) == (None, rows)


def test_rehearsal_of_another_family_is_refused(home: Household, runner: FlaskCliRunner) -> None:
    last = (TODAY + timedelta(days=20)).isoformat()

    result = runner.invoke(args=["consent", "rehearse", "p-2-aunt", *WORDS, last])

    assert (result.exit_code, "p-2-aunt is no relative of p-1" in result.output) == (2, True)
