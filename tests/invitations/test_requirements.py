"""Every requirement of calendar messages names the test that shows it; none is missing, and every test exists."""

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
TABLE = TESTS.parent / "docs" / "calendar_messages.md"
LAST = {"A": 13, "B": 11, "C": 20, "D": 15, "E": 11, "F": 12, "G": 14, "H": 16, "I": 6, "J": 7, "P": 14, "S": 8}
OTHERS = {"D5", "F8", "F9", "F11"}
"""Habits of single programs, which no test of ours can see."""


def rows() -> dict[str, str]:
    """Give by number what stands in the last column."""
    cells = [line.split("|") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    return {row[1].strip(): row[3].strip() for row in cells if row[1].strip() != "#"}


def test_no_requirement_is_missing() -> None:
    wanted = {f"{letter}{number}" for letter, last in LAST.items() for number in range(1, last + 1)}

    assert set(rows()) == wanted - OTHERS


def test_every_test_named_exists() -> None:
    named = {cell.strip("`") for cell in rows().values() if cell.startswith("`")}

    assert sorted(each for each in named if not exists(each)) == []


def exists(name: str) -> bool:
    path, _, function = name.partition("::")
    if not (TESTS / path).is_file():
        return False
    tree = ast.parse((TESTS / path).read_text())
    return not function or function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
