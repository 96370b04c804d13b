"""The page of rules is complete: every rule stands on it once, with a test that there is."""

from pathlib import Path

from scheduler.planning.problem.plan import Rule
from scheduler.planning.rules.bending import BENDING

ROOT = Path(__file__).resolve().parent.parent.parent


def table() -> list[list[str]]:
    """The cells of each row of `docs/rules.md`."""
    lines = (ROOT / "docs" / "rules.md").read_text().splitlines()
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("| `")
    ]


def test_every_rule_stands_on_the_page_once() -> None:
    assert sorted(name.strip("`") for name, *_ in table()) == sorted(rule.value for rule in Rule)


def test_every_rule_on_the_page_is_drawn_in_a_test_and_found_by_a_check() -> None:
    checks = "".join(
        path.read_text() for path in (ROOT / "scheduler" / "planning" / "rules").rglob("*.py")
    )
    for name, weight, _, bent, drawn in table():
        file, test = drawn.split(": ")
        source = (Path(__file__).parent / "rules" / f"test_{file}.py").read_text()
        assert f"def {test.strip('`')}(" in source, name
        assert f"Rule.{Rule(name.strip('`')).name}" in checks, name
        assert weight in {"hard", "soft", "both"}
        assert bent == BENDING[Rule(name.strip("`"))].value, name
