"""`consent give`, `consent revoke` and `feed url`, with a father without consent standing by."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from household import TODAY, Household
from scheduler import feeds
from scheduler.consents.model.models import Grant
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter, LetterState

DAYS = ["--signed", TODAY.isoformat(), "--expires", (TODAY + timedelta(days=90)).isoformat()]


@pytest.fixture
def home(home: Household) -> Household:
    home.appointment(1)
    db.session.commit()
    return home


def give(runner: FlaskCliRunner, *said: str) -> tuple[int, str]:
    words = [
        "consent",
        "give",
        "p-1-mother",
        "--patient",
        "p-1",
        "--kinds",
        "family_therapy",
        *DAYS,
        *said,
    ]
    result = runner.invoke(args=words)
    return result.exit_code, result.output


def letters() -> list[tuple[str, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Letter).order_by(Letter.created_at))
    return [(row.address, row.state.value) for row in rows]


def test_consent_given_writes_the_invitation(home: Household, runner: FlaskCliRunner) -> None:
    code, said = give(runner)

    assert (code, "1 letters follow" in said) == (0, True)
    assert letters() == [("m@family.example", "waiting")]


def test_paper_older_than_the_withdrawal_is_noted(home: Household, runner: FlaskCliRunner) -> None:
    before = ("--signed", (TODAY - timedelta(days=2)).isoformat())
    give(runner, *before)
    runner.invoke(args=["consent", "revoke", "p-1-mother", "--patient", "p-1"])

    code, said = give(runner, *before)

    assert (code, "note: signed before the withdrawal of" in said) == (0, True)


@pytest.mark.parametrize(
    "words",
    [
        ["consent", "give", "nobody", "--patient", "p-1", "--kinds", "family_therapy", *DAYS],
        ["consent", "give", "p-1-mother", "--patient", "p-2", "--kinds", "family_therapy", *DAYS],
        ["consent", "give", "p-1-mother", "--patient", "p-1", "--kinds", "group", *DAYS],
        [
            "consent",
            "give",
            "p-1-mother",
            "--patient",
            "p-1",
            "--kinds",
            "family_therapy",
            *DAYS[2:],
            "--signed",
            "soon",
        ],
        ["consent", "revoke", "p-1-father", "--patient", "p-1"],
    ],
    ids=["nobody", "another's", "no purpose of families", "no date", "nothing to withdraw"],
)
def test_wrong_call_exits_2_and_changes_nothing(
    home: Household, runner: FlaskCliRunner, words: list[str]
) -> None:
    assert runner.invoke(args=words).exit_code == 2
    assert db.session.scalars(select(Grant)).all() == []


def test_withdrawal_answers_when_nothing_further_will_leave(
    home: Household, runner: FlaskCliRunner
) -> None:
    give(runner)
    result = runner.invoke(args=["consent", "revoke", "p-1-mother", "--patient", "p-1"])

    assert (result.exit_code, result.output.splitlines()) == (
        0,
        ["nothing further will leave", "never leaves: p-1-mother, invitation (1)"],
    )
    assert letters() == [("m@family.example", "suppressed")]


def test_withdrawal_says_what_takes_it_out_of_the_calendar(
    home: Household, runner: FlaskCliRunner
) -> None:
    give(runner)
    for letter in db.session.scalars(select(Letter)):
        letter.state = LetterState.SENT
        letter.sent_at = now() - timedelta(minutes=5)
        letter.reply = "250"
    db.session.commit()

    result = runner.invoke(args=["consent", "revoke", "p-1-mother", "--patient", "p-1"])

    assert result.output.splitlines() == [
        "nothing further will leave",
        "but 1 letter, which does not say why, takes it out of the calendar",
    ]
    assert [address for address, _ in letters()] == ["m@family.example"] * 2


def test_withdrawal_names_what_was_handed_over_meanwhile(
    home: Household, runner: FlaskCliRunner
) -> None:
    give(runner)
    letter = db.session.scalars(select(Letter)).one()
    letter.state, letter.sent_at = LetterState.SENT, now() + timedelta(seconds=20)
    db.session.commit()
    result = runner.invoke(args=["consent", "revoke", "p-1-mother", "--patient", "p-1"])

    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "already handed over:"
    assert letter.id in result.output
    assert letters() == [("m@family.example", "sent"), ("m@family.example", "waiting")]


def test_letters_of_a_consent_and_of_a_withdrawal_are_shown_and_nothing_is_done(
    home: Household, runner: FlaskCliRunner
) -> None:
    _, given = give(runner, "--dry-run")
    none_yet = letters()
    give(runner)
    words = ["consent", "revoke", "p-1-mother", "--patient", "p-1", "--dry-run"]
    withdrawn = runner.invoke(args=words)

    (line,) = given.splitlines()
    assert line.startswith("letter: p-1-mother: Appointment ")
    assert (none_yet, letters()) == ([], [("m@family.example", "waiting")])
    assert withdrawn.output.splitlines() == [
        "no letter would leave",
        "never leaves: p-1-mother, invitation (1)",
    ]


def test_silent_withdrawal_leaves_the_calendar_as_it_is(
    home: Household, runner: FlaskCliRunner
) -> None:
    give(runner)
    letter = db.session.scalars(select(Letter)).one()
    letter.state, letter.sent_at = LetterState.SENT, now() - timedelta(minutes=1)
    db.session.commit()
    runner.invoke(args=["consent", "revoke", "p-1-mother", "--patient", "p-1", "--silent"])

    assert letters() == [("m@family.example", "sent")]


def test_feed_address_is_printed_once(home: Household, runner: FlaskCliRunner) -> None:
    first = runner.invoke(args=["feed", "url", "p-1"])
    again = runner.invoke(args=["feed", "url", "p-1"])
    rotated = runner.invoke(args=["feed", "url", "p-1", "--rotate"])

    assert [each.exit_code for each in (first, again, rotated)] == [0, 2, 0]
    found = re.fullmatch(r"https://hl-sched\.example/feeds/([\w-]{43})\.ics\n", rotated.output)
    assert found
    assert feeds.serve(found[1], now=now()) is not None
    assert first.output != rotated.output


def test_father_may_subscribe_to_nothing(home: Household, runner: FlaskCliRunner) -> None:
    give(runner)
    token = (
        runner.invoke(args=["feed", "url", "p-1-father"])
        .output.rpartition("/")[2]
        .removesuffix(".ics\n")
    )
    served = feeds.serve(token, now=now())

    assert served is not None
    assert served.body is not None
    assert b"VEVENT" not in served.body
