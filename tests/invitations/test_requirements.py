"""Every requirement of calendar messages names the test that shows it; none is missing, and every
test exists.
"""

from requirement_table import numbered, rows, unknown

LAST = {
    "A": 13,
    "B": 11,
    "C": 20,
    "D": 15,
    "E": 11,
    "F": 12,
    "G": 14,
    "H": 16,
    "I": 6,
    "J": 7,
    "P": 14,
    "S": 8,
}
OTHERS = {"D5", "F8", "F9", "F11"}
"""Habits of single programs, which no test of ours can see."""


def test_no_requirement_is_missing() -> None:
    assert set(rows("calendar_messages.md")) == numbered(LAST) - OTHERS


def test_every_test_named_exists() -> None:
    assert unknown("calendar_messages.md") == []
