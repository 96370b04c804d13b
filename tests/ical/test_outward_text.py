import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.ical import safe_text


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("Bell\x07 and null\x00", "Bell and null"),
        ("C1 \x9b control", "C1 control"),
        ("pay \u202egnp.exe\u202c now\u2066\u2069", "pay gnp.exe now"),
        ("one\r\ntwo\rthree\nfour\u2028five", "one two three four five"),
        ("tab\there", "tab here"),
        ("e\u0301", "é"),
        ("e\u202a\u0301", "é"),
        ("\ud800 lone", "lone"),
        ("family 👨\u200d👩\u200d👧", "family 👨\u200d👩\u200d👧"),
        ("שלום, Dana", "שלום, Dana"),
    ],
)
def test_safe_text_of_one_line(given_text: str, kept: str) -> None:
    """A title keeps its letters and loses what could forge or hide a line."""
    assert safe_text(given_text, limit=120) == kept


def test_safe_text_of_lines_keeps_breaks_as_lf() -> None:
    assert safe_text("one\r\ntwo\rthree\x85four", limit=120, lines=True) == "one\ntwo\nthree\nfour"


def test_safe_text_over_its_limit_ends_in_an_ellipsis() -> None:
    assert safe_text("word " * 30, limit=12) == "word word w…"


@given(st.text(), st.integers(1, 50), st.booleans())
def test_safe_text_of_anything_is_stable_and_within_its_limit(
    text: str, limit: int, lines: bool
) -> None:
    once = safe_text(text, limit=limit, lines=lines)

    assert len(once) <= limit
    assert safe_text(once, limit=limit, lines=lines) == once
    assert {unicodedata.category(character) for character in once if character not in "\n\t"} & {
        "Cc",
        "Cs",
    } == set()
