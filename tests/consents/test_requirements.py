"""Every rule of who may sign and every outward surface names the test that shows it, and every test
exists.
"""

from requirement_table import numbered, rows, unknown

LAST = {"P": 8, "S": 25, "O": 34}


def test_no_rule_and_no_surface_is_missing() -> None:
    assert set(rows("consent.md")) == numbered(LAST)


def test_every_test_named_exists() -> None:
    assert unknown("consent.md") == []
