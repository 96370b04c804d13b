"""OWASP ASVS 5.0.0, levels 1 and 2: each requirement stands in docs/asvs.md once, with a test that
exists or a reason; what is not met yet is told here as well.
"""

import re
from collections import Counter
from pathlib import Path

from requirement_table import exists

ROOT = Path(__file__).resolve().parent.parent
LEVELS = """
1.1 0+2   1.2 5+4   1.3 2+9   1.4 0+3   1.5 1+1
2.1 1+2   2.2 2+1   2.3 1+3   2.4 0+1
3.2 2+0   3.3 1+3   3.4 2+4   3.5 3+2   3.7 0+2
4.1 1+2   4.2 0+1   4.3 0+2   4.4 1+3
5.1 0+1   5.2 2+1   5.3 2+0   5.4 0+3
6.1 1+2   6.2 8+4   6.3 2+2   6.4 2+2   6.5 0+5   6.6 0+3   6.8 0+4
7.1 0+3   7.2 4+0   7.3 0+2   7.4 2+3   7.5 0+2   7.6 0+2
8.1 1+1   8.2 2+1   8.3 1+0   8.4 0+1
9.1 3+0   9.2 1+3
10.1 0+2  10.2 0+2  10.3 0+4  10.4 5+6  10.5 0+5  10.6 0+2  10.7 0+3
11.1 0+2  11.2 0+3  11.3 2+1  11.4 1+3  11.5 0+1  11.6 0+1
12.1 1+2  12.2 2+0  12.3 0+4
13.1 0+1  13.2 0+5  13.3 0+2  13.4 1+4
14.1 0+2  14.2 1+3  14.3 1+2
15.1 1+2  15.2 1+2  15.3 1+6
16.1 0+1  16.2 0+5  16.3 0+4  16.4 0+3  16.5 0+3
17.1 0+1  17.2 0+4  17.3 0+2
"""
"""By section how many requirements are of level 1 and then of level 2: they stand in this order in
the standard, and those of level 3 after them.
"""


def wanted() -> dict[str, int]:
    """Return the level of every requirement by its number."""
    levels = {}
    for section, first, second in re.findall(r"(\d+\.\d+) (\d+)\+(\d+)", LEVELS):
        for number in range(1, int(first) + int(second) + 1):
            levels[f"{section}.{number}"] = 1 if number <= int(first) else 2
    return levels


def rows() -> list[list[str]]:
    """Return the cells of every row of the page."""
    lines = (ROOT / "docs" / "asvs.md").read_text().splitlines()
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
    return [row for row in cells if row and re.fullmatch(r"\d+\.\d+\.\d+", row[0])]


def test_standard_has_70_requirements_of_level_1_and_183_of_level_2() -> None:
    assert Counter(wanted().values()) == {1: 70, 2: 183}


def test_every_requirement_stands_on_the_page_once_with_its_level() -> None:
    told = [(number, int(level)) for number, level, _, _ in rows()]

    assert told == list(wanted().items())


def test_every_requirement_that_applies_names_tests_that_exist() -> None:
    missing = []
    for number, _, _, shown in rows():
        if shown.startswith(("no: ", "not yet: ")):
            continue
        names = re.findall(r"`([^`]+)`", shown)
        if not names or not all("::" in name and exists(name) for name in names):
            missing.append((number, [name for name in names if not exists(name)]))

    assert missing == []


def test_every_requirement_that_does_not_apply_says_why() -> None:
    reasons = {number: shown for number, _, _, shown in rows() if shown.startswith("no: ")}

    assert [number for number, reason in reasons.items() if len(reason) < len("no: none")] == []
    assert [number for number, reason in reasons.items() if "`tests" in reason] == []


def test_nothing_that_applies_is_not_met_yet() -> None:
    assert {number for number, _, _, shown in rows() if shown.startswith("not yet: ")} == set()


def test_no_sentence_of_the_standard_is_copied() -> None:
    said = [what for _, _, what, _ in rows()]

    assert [what for what in said if what.lower().startswith("verify") or len(what) > 120] == []
