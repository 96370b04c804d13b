"""Whose word a field is; and that no deed forgets to say so."""

import ast
from datetime import timedelta
from pathlib import Path

from flask import Flask

from household import NOW
from scheduler.kernel.database import db
from scheduler.provenance import (
    DeskWord,
    Source,
    all_words,
    drop_word,
    mark_exported,
    note_word,
    words_about,
    words_to_export,
)

SCHEDULER = Path(__file__).resolve().parents[2] / "scheduler"
MOTHER = "relative p-1-mother"
SAID = {"source": Source.DESK, "by": "rivera", "now": NOW}
SAID_BY_FILES = {
    *("email", "phone", "language", "free", "ready", "relationship_word", "born"),
    *("clinician_id", "cohort_id", "roles", "licences", "buffer", "away", "leads"),
    *("starts", "template", "outward_name", "outward_email", "holidays", "part2", "in_use"),
}
"""Attributes of rows that a clinic file says, by names that nothing else has."""


def test_word_is_the_files_until_somebody_says_otherwise(app: Flask) -> None:
    note_word(MOTHER, ["email"], source=Source.DESK, by="rivera", now=NOW)

    assert words_about([MOTHER, "relative p-1-father"]) == {
        (MOTHER, "email"): DeskWord(Source.DESK, "rivera", NOW, is_exported=False)
    }


def test_last_word_counts(app: Flask) -> None:
    later = NOW + timedelta(hours=1)
    note_word(MOTHER, ["free"], source=Source.DESK, by="rivera", now=NOW)
    note_word(MOTHER, ["free"], source=Source.PERSON, by="rivera", now=later)

    assert list(all_words().values()) == [
        DeskWord(Source.PERSON, "rivera", later, is_exported=False)
    ]


def test_word_that_was_exported_is_new_again_when_it_is_said_anew(app: Flask) -> None:
    note_word(MOTHER, ["email"], source=Source.DESK, by="rivera", now=NOW)
    mark_exported(words_to_export(), now=NOW)
    carried = all_words()[MOTHER, "email"].is_exported
    note_word(MOTHER, ["email"], source=Source.DESK, by="rivera", now=NOW)
    db.session.expire_all()

    assert (carried, all_words()[MOTHER, "email"].is_exported) == (True, False)


def test_dropped_word_is_the_files(app: Flask) -> None:
    note_word(MOTHER, ["email", "phone"], source=Source.DESK, by="rivera", now=NOW)
    drop_word(MOTHER, "email")

    assert list(all_words()) == [(MOTHER, "phone")]


LOOKS_AHEAD = {"withdrawal_outcome.py"}
"""What only pretends, and is undone before anything is kept."""


def sets_a_field(tree: ast.Module) -> bool:
    """True if a module assigns what a clinic file says to a row of another's."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if not isinstance(target, ast.Attribute) or target.attr not in SAID_BY_FILES:
                continue
            if not (isinstance(target.value, ast.Name) and target.value.id in {"self", "g"}):
                return True
    return False


def test_every_deed_that_sets_what_a_file_says_notes_whose_word_it_is() -> None:
    silent = []
    for path in SCHEDULER.rglob("*.py"):
        text = path.read_text()
        is_load = path.parent.name == "loading" or path.name in LOOKS_AHEAD
        if not is_load and sets_a_field(ast.parse(text)) and "note_" not in text:
            silent.append(path.relative_to(SCHEDULER).as_posix())

    assert silent == []


def test_a_deed_that_forgot_would_be_found() -> None:
    assert sets_a_field(ast.parse("person.email = 'x'"))
    assert not sets_a_field(ast.parse("self.email = 'x'"))
