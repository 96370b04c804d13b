"""The laws of how the product is written; tests/density.py counts, and prints where it is worst.

Where the tree does not keep a law yet, NOT_YET holds the ceiling that stands instead: it may be
lowered, never raised.
"""

from pathlib import Path

import pytest

import density

ROOT = density.ROOT

NODES_A_LINE = 9.0
NODES_A_FUNCTION = 250
COMPLEXITY = 10
FILES_A_FOLDER = 15

NOT_YET: dict[str, float] = {}
"""Today's worst figures. Delete a line when its law is kept."""


def allowed(law: str, most: float) -> float:
    """Return what a law allows today."""
    return NOT_YET.get(law, most)


def test_lines_are_not_packed() -> None:
    assert density.nodes_a_line(ROOT) <= allowed("nodes a line", NODES_A_LINE)


def test_no_function_is_too_large() -> None:
    large = density.large_functions(ROOT, NODES_A_FUNCTION)

    assert len(large) <= allowed("functions too large", 0), [str(each) for each in large]
    largest = max((function.nodes for function in large), default=0)
    assert largest <= allowed("nodes of the largest function", NODES_A_FUNCTION), str(large[0])


def test_no_function_is_too_complex() -> None:
    tangled = density.complex_functions(ROOT, COMPLEXITY)

    assert len(tangled) <= allowed("functions too complex", 0), tangled
    worst = max((count for count, _ in tangled), default=0)
    assert worst <= allowed("complexity of the worst function", COMPLEXITY), tangled[0]


def test_no_folder_is_too_full() -> None:
    counts = density.files_a_folder(ROOT)

    assert {folder: count for folder, count in counts.items() if count > FILES_A_FOLDER} == {}


def test_no_file_name_is_used_twice() -> None:
    assert density.names_used_twice(ROOT) == {}


def test_no_name_on_a_front_page_hides_a_module() -> None:
    hiding = density.names_that_hide_a_module(ROOT)

    assert len(hiding) <= allowed("names that hide a module", 0), hiding


def test_pages_do_not_ask_the_database_in_their_own_words() -> None:
    asking = density.questions_of_doors(ROOT)

    assert len(asking) <= allowed("questions of doors", 0), asking


def test_no_line_is_set_by_hand() -> None:
    assert density.lines_set_by_hand(ROOT) == []


def test_a_kept_law_has_no_ceiling_of_its_own() -> None:
    """A ceiling that nobody needs any more would let the fault come back."""
    large = density.large_functions(ROOT, NODES_A_FUNCTION)
    tangled = density.complex_functions(ROOT, COMPLEXITY)
    kept = {
        "nodes a line": density.nodes_a_line(ROOT) <= NODES_A_LINE,
        "functions too large": not large,
        "nodes of the largest function": not large,
        "functions too complex": not tangled,
        "complexity of the worst function": not tangled,
        "names that hide a module": not density.names_that_hide_a_module(ROOT),
        "questions of doors": not density.questions_of_doors(ROOT),
    }

    assert [law for law in NOT_YET if kept[law]] == []


def planted(root: Path, place: str, text: str) -> Path:
    """Write one module of a product that has no other; return its root."""
    path = root / "scheduler" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return root


def test_planted_packed_line_is_counted_without_docstring_blank_and_comment(tmp_path: Path) -> None:
    text = 'def f():\n    """Say it."""\n\n    # why\n    return 1\n\n    return 2\n'

    assert density.nodes_a_line(planted(tmp_path, "people/x.py", text)) == 2.0


def test_planted_large_function_is_found(tmp_path: Path) -> None:
    text = "def fits():\n" + "    x = 1\n" * 62 + "\n\ndef f():\n" + "    x = 1\n" * 63

    (found,) = density.large_functions(planted(tmp_path, "people/x.py", text), NODES_A_FUNCTION)

    assert (str(found), found.nodes, found.lines) == ("scheduler/people/x.py: f", 252, 63)


def test_planted_complex_method_is_found(tmp_path: Path) -> None:
    choices = "        if a: return 1\n"
    text = f"class C:\n    def fits(self, a):\n{choices * 9}\n    def f(self, a):\n{choices * 10}"

    found = density.complex_functions(planted(tmp_path, "people/x.py", text), COMPLEXITY)

    assert found == [(11, "scheduler/people/x.py: C.f")]


def test_planted_full_folder_is_counted_without_migrations(tmp_path: Path) -> None:
    for number in range(FILES_A_FOLDER + 1):
        planted(tmp_path, f"people/x{number}.py", "")
        planted(tmp_path, f"kernel/migrations/versions/x{number}.py", "")

    assert density.files_a_folder(tmp_path) == {"scheduler/people": FILES_A_FOLDER + 1}


def test_planted_second_name_is_found_and_shared_ones_are_not(tmp_path: Path) -> None:
    for place in ("people/x.py", "web/desk/x.py", "people/models.py", "web/models.py"):
        planted(tmp_path, place, "")

    assert density.names_used_twice(tmp_path) == {
        "x.py": ["scheduler/people/x.py", "scheduler/web/desk/x.py"]
    }


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("from scheduler.people.give import give", ["scheduler/people/__init__.py: give"]),
        ("from scheduler.people.give import take as give", ["scheduler/people/__init__.py: give"]),
        ("from scheduler.people.give import take", []),
    ],
)
def test_planted_name_that_hides_its_module_is_found(
    tmp_path: Path, line: str, found: list[str]
) -> None:
    planted(tmp_path, "people/give.py", "")

    root = planted(tmp_path, "people/__init__.py", line)

    assert density.names_that_hide_a_module(root) == found


def test_planted_question_of_a_page_is_found_and_others_are_not(tmp_path: Path) -> None:
    planted(tmp_path, "people/queries.py", "select(1)")
    planted(tmp_path, "web/family/x.py", "page.select(1)\n# select(\n")

    root = planted(tmp_path, "web/desk/x.py", "def f():\n    return select(1), sa.select(2)\n")

    assert density.questions_of_doors(root) == ["scheduler/web/desk/x.py: select("] * 2


@pytest.mark.parametrize("mark", ["# fmt: skip", "# fmt: off"])
def test_planted_line_set_by_hand_is_found(tmp_path: Path, mark: str) -> None:
    root = planted(tmp_path, "people/x.py", f"x = 1\ny  =  2  {mark}\n")

    assert density.lines_set_by_hand(root) == ["scheduler/people/x.py:2"]
