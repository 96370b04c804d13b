"""Every fault in docs/faults.md names the test that shows it, and every test exists."""

from requirement_table import numbered, rows, unknown

LAST = {"D": 7, "M": 9, "C": 2, "P": 4, "B": 2}


def test_no_fault_is_missing() -> None:
    assert set(rows("faults.md")) == numbered(LAST)


def test_every_test_named_exists() -> None:
    assert unknown("faults.md") == []
