"""Every rule of who may sign and every outward surface names the test that shows it, and every test exists."""

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
TABLE = TESTS.parent / "docs" / "consent.md"
LAST = {"P": 8, "S": 25, "O": 34}


def rows() -> dict[str, str]:
    """Give by number what stands in the last column."""
    cells = [line.split("|") for line in TABLE.read_text().splitlines() if line.startswith("| ")]
    return {row[1].strip(): row[3].strip() for row in cells if row[1].strip() != "#"}


def test_no_rule_and_no_surface_is_missing() -> None:
    wanted = {f"{letter}{number}" for letter, last in LAST.items() for number in range(1, last + 1)}

    assert set(rows()) == wanted


def test_every_test_named_exists() -> None:
    named = {cell.strip("`") for cell in rows().values() if cell.startswith("`")}

    assert sorted(each for each in named if not exists(each)) == []


def exists(name: str) -> bool:
    path, _, function = name.partition("::")
    if not (TESTS / path).is_file():
        return False
    tree = ast.parse((TESTS / path).read_text())
    return not function or function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
