from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.clinics.exporting.yaml_dump import dump
from scheduler.clinics.reading.yaml_tree import read_tree

LIKE_SOMETHING_ELSE = [
    "true",
    "null",
    "~",
    "",
    " a",
    "a ",
    "10",
    "1.5",
    "0o17",
    ".5",
    "2027-03-01",
    "on",
    "yes",
    "no",
    "18:00",
    "- a",
    "a: b",
    "a #b",
    "[a]",
    "{a}",
    "&a",
    "*a",
    "!a",
    "%a",
    "@a",
    "`a",
    "|",
    ">",
    "'a'",
    '"a"',
    "a, b",
    "=1+1",
    "?",
    "---",
    "#a",
    "a\\b",
    "é",
    "ליאור",
    "👩‍👧",
    "N" * 250,
]


@pytest.mark.parametrize("text", LIKE_SOMETHING_ELSE)
def test_text_that_looks_like_something_else_reads_again_as_itself(text: str) -> None:
    tree = {"a": text, "b": [text], "c": [{"d": text, text or "e": text}]}
    assert read_tree(dump(tree).encode()) == (tree, [])


def test_nested_lists_of_mappings_keep_their_shape() -> None:
    tree: dict[str, Any] = {
        "version": 1,
        "patients": [
            {
                "key": "p-1",
                "free": [],
                "family": [{"key": "m", "consents": [{"signed": date(2027, 2, 20)}]}],
            }
        ],
        "rules": {"week_hours": [7.5, 19], "part2": True},
        "leads": {},
    }
    assert dump(tree) == (
        "version: 1\n"
        "patients:\n"
        "  - key: p-1\n"
        "    free: []\n"
        "    family:\n"
        "      - key: m\n"
        "        consents:\n"
        "          - signed: 2027-02-20\n"
        "rules:\n"
        "  week_hours: [7.5, 19]\n"
        "  part2: true\n"
        "leads: {}\n"
    )
    assert read_tree(dump(tree).encode()) == (tree, [])


@settings(deadline=None)
@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=40
    )
)
def test_any_text_reads_again_as_itself(text: str) -> None:
    assert read_tree(dump({"a": text}).encode()) == ({"a": text}, [])
