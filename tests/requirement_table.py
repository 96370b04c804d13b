"""Tables of requirements in docs/: what is numbered there, and whether the tests they name
exist.
"""

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parent
DOCS = TESTS.parent / "docs"


def rows(table: str) -> dict[str, str]:
    """Return by number what stands in the last column."""
    cells = [
        line.split("|") for line in (DOCS / table).read_text().splitlines() if line.startswith("| ")
    ]
    return {row[1].strip(): row[3].strip() for row in cells if row[1].strip() != "#"}


def numbered(last: dict[str, int]) -> set[str]:
    """Return every number of sections that end at `last`."""
    return {f"{letter}{number}" for letter, end in last.items() for number in range(1, end + 1)}


def unknown(table: str) -> list[str]:
    """Return the tests that a table names and that are not there."""
    named = {cell.strip("`") for cell in rows(table).values() if cell.startswith("`")}
    return sorted(each for each in named if not exists(each))


def exists(name: str) -> bool:
    """True if a test of this name, counted from `tests/`, is there."""
    path, _, function = name.partition("::")
    if not (TESTS / path).is_file():
        return False
    tree = ast.parse((TESTS / path).read_text())
    return not function or function in {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef)
    }
