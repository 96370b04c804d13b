"""`consent licence`, `rules`, `set-rules`, `authority`, `end-authority`, `finding`: who may sign,
said at the terminal.

A father without consent stands by and is written to by none of it.
"""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select

from household import TODAY, Household
from scheduler.consents import signers_on
from scheduler.consents.model.models import (
    Authority,
    Finding,
    Grant,
    Licence,
    Signer,
    SigningRule,
    Statement,
)
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key

DAYS = ["--signed", TODAY.isoformat(), "--expires", (TODAY + timedelta(days=90)).isoformat()]
FIRST = ["--first", (TODAY - timedelta(days=9)).isoformat()]


@pytest.fixture
def home(home: Household) -> Household:
    assert home.jordan.patient is not None
    home.jordan.patient.born = TODAY.replace(year=TODAY.year - 15, day=1)
    home.appointment(1)
    db.session.commit()
    return home


class Terminal:
    """Says commands, each in a session of its own."""

    def __init__(self, runner: FlaskCliRunner) -> None:
        self.runner = runner

    def __call__(self, *words: str, code: int = 0) -> str:
        db.session.remove()
        done = self.runner.invoke(args=["consent", *words])
        assert done.exit_code == code, done.output
        return done.output

    def authority(self, name: str, capacity: str = "guardian") -> str:
        """Record an authority and give its id."""
        words = [
            "authority",
            "p-1",
            "--name",
            name,
            "--capacity",
            capacity,
            *FIRST,
            "--evidence",
            "docket 12 of 2026",
        ]
        return self(*words).strip()

    def give(self, *words: str, code: int = 0) -> str:
        """Return the mother consent for family sessions, signed by a guardian unless said
        otherwise.
        """
        said = ["give", "p-1-mother", "--patient", "p-1", "--kinds", "family_therapy", *DAYS]
        return self(*said, "--signed-by", "guardian", *words, code=code)


@pytest.fixture
def say(home: Household, runner: FlaskCliRunner) -> Terminal:
    return Terminal(runner)


def written_to() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Letter.address)))


def test_licence_decides_who_signs_for_a_minor(say: Terminal) -> None:
    assert say("licence", "evening", "substance_use") == "evening: substance_use\n"
    assert signers_on(person_by_key("p-1"), TODAY) == {Signer.BOTH}
    assert "only both" in say.give(code=2)
    assert written_to() == set()


@pytest.mark.parametrize("words", [("evening", "gambling"), ("nowhere", "substance_use")])
def test_licence_of_nothing_is_refused(say: Terminal, words: tuple[str, str]) -> None:
    assert say("licence", *words, code=2) != ""


def test_rules_are_shown_for_all_licences_or_one(say: Terminal) -> None:
    lines = say("rules", "mental_health").splitlines()

    assert [" ".join(line.split()) for line in lines] == [
        "mental_health 18+ - patient",
        "mental_health 18+ adjudicated guardian",
        "mental_health 18+ incapable proxy",
        "mental_health 18+ objected patient",
        "mental_health 0-17 - guardian",
        "mental_health 16-17 applied_alone patient",
        "mental_health 0-17 emancipated patient",
        "mental_health 0-17 mature patient",
        "mental_health 0-17 state_custody guardian",
        "mental_health 0-17 shared_custody guardian, both parents",
    ]
    assert set(lines) < set(say("rules").splitlines())


def test_own_rules_are_what_rules_print_changed_by_hand(say: Terminal, tmp_path: Path) -> None:
    said = json.loads(say("rules", "mental_health", "--json"))
    (plain,) = [one for one in said if one["until_age"] == 18 and one["circumstance"] is None]
    file = tmp_path / "rules.json"
    young = plain | {"from_age": 14, "signers": ["patient"]}
    file.write_text(
        json.dumps([*(one for one in said if one != plain), plain | {"until_age": 14}, young])
    )

    assert say("set-rules", "mental_health", str(file)) == "mental_health: 11 rules of your own\n"
    say("licence", "evening", "mental_health")
    assert signers_on(person_by_key("p-1"), TODAY) == {Signer.PATIENT}
    assert say("set-rules", "mental_health", "--house") == "mental_health: the rules of the house\n"
    assert signers_on(person_by_key("p-1"), TODAY) == {Signer.GUARDIAN}
    db.session.rollback()


RULE = {
    "licence": "mental_health",
    "from_age": 0,
    "until_age": 18,
    "circumstance": None,
    "signers": ["guardian"],
    "parents": 1,
}


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ("not JSON", "not JSON"),
        ("[]", "no list of rules"),
        (json.dumps([RULE, RULE | {"signers": ["aunt"]}]), "rules[1]: 'aunt'"),
        (json.dumps([RULE | {"licence": "unsaid"}]), "rules[0]: want"),
        (json.dumps([RULE | {"why": "so"}]), "rules[0]: want"),
        (json.dumps([RULE | {"parents": 3}]), "one parent or two"),
        (json.dumps([RULE | {"signers": []}]), "names who may sign"),
    ],
)
def test_rules_that_cannot_be_read_are_refused_and_change_nothing(
    say: Terminal, tmp_path: Path, said: str, complaint: str
) -> None:
    file = tmp_path / "rules.json"
    file.write_text(said)

    assert complaint in say("set-rules", "mental_health", str(file), code=2)
    assert db.session.scalars(select(SigningRule)).all() == []


def test_own_rules_and_the_houses_at_once_are_a_wrong_call(say: Terminal, tmp_path: Path) -> None:
    assert "say --house" in say("set-rules", "mental_health", code=2)


def test_guardian_signs_by_an_authority_and_the_consent_ends_with_it(say: Terminal) -> None:
    say("licence", "evening", "mental_health")
    assert "authority first" in say.give(code=2)
    held = say.authority("Pat Grey")
    assert "1 letters follow" in say.give("--authority", held)
    assert written_to() == {"m@family.example"}

    assert say("end-authority", held) == "1 grants ended\n"
    assert {row.state.value for row in db.session.scalars(select(Letter))} == {"suppressed"}
    assert "ended already" in say("end-authority", held, code=2)


@pytest.mark.parametrize(
    "words",
    [
        (
            "authority",
            "nobody",
            "--name",
            "Pat",
            "--capacity",
            "guardian",
            *FIRST,
            "--evidence",
            "x",
        ),
        ("authority", "p-1", "--name", " ", "--capacity", "guardian", *FIRST, "--evidence", "x"),
        ("authority", "p-1", "--name", "Pat", "--capacity", "patient", *FIRST, "--evidence", "x"),
        ("authority", "p-1", "--name", "Pat", "--capacity", "guardian", *FIRST, "--evidence", " "),
        (
            "authority",
            "p-1",
            "--name",
            "Pat",
            "--capacity",
            "guardian",
            "--first",
            "soon",
            "--evidence",
            "x",
        ),
        ("end-authority", "0" * 32),
        ("finding", "p-1", "clever", *FIRST, "--evidence", "x"),
        ("finding", "p-1", "dependence_found", *FIRST, "--evidence", "Dr. Hale"),
    ],
)
def test_wrong_call_exits_2_and_records_nothing(say: Terminal, words: tuple[str, ...]) -> None:
    say(*words, code=2)

    assert (
        db.session.scalars(select(Authority)).all(),
        db.session.scalars(select(Finding)).all(),
    ) == ([], [])


def test_finding_lets_a_minor_sign_alone(say: Terminal) -> None:
    say("licence", "evening", "substance_use")
    said = say("finding", "p-1", "dependence_found", *FIRST, "--evidence", "Dr. Hale; Dr. Moss")

    assert said == f"p-1: dependence_found from {TODAY - timedelta(days=9)}\n"
    assert "1 letters follow" in say.give("--signed-by", "patient")
    assert written_to() == {"m@family.example"}


def test_two_parents_who_share_custody_sign_by_two_authorities(say: Terminal) -> None:
    say("licence", "evening", "mental_health")
    say("finding", "p-1", "shared_custody", *FIRST, "--evidence", "docket 4 of 2026")
    one, other = say.authority("Pat Grey"), say.authority("Lee Grey")

    assert "both parents" in say.give("--authority", one, code=2)
    assert "at most two" in say.give(*("--authority", one) * 3, code=2)
    assert "no such authority" in say.give("--authority", one, "--authority", "0" * 32, code=2)
    assert "1 letters follow" in say.give("--authority", one, "--authority", other)
    assert db.session.scalars(select(Statement.signer_name)).all() == ["Pat Grey and Lee Grey"]
    assert written_to() == {"m@family.example"}


def test_state_custody_ends_what_a_parent_signed_and_says_so(say: Terminal) -> None:
    say("licence", "evening", "mental_health")
    say.give("--authority", say.authority("Pat Grey"))
    said = say(
        "finding",
        "p-1",
        "state_custody",
        "--first",
        TODAY.isoformat(),
        "--evidence",
        "care and protection 7",
    )

    assert said == f"p-1: state_custody from {TODAY}; 1 grants ended\n"
    assert [row.capacity for row in db.session.scalars(select(Authority)) if row.ended_at] == [
        Signer.GUARDIAN
    ]
    assert db.session.scalars(select(Grant.revoked_at)).all() == [None]


def test_every_licence_has_its_rules(say: Terminal) -> None:
    assert {line.split()[0] for line in say("rules").splitlines()} == {
        each.value for each in Licence
    }
