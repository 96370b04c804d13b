"""The house: who may import whom, whose word each library is, and how large things may grow."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

STACK = (
    ("web", "cli"),
    ("worker",),
    ("reminders",),
    ("invitations", "feeds", "planning", "clinics"),
    ("consents",),
    ("sessions",),
    ("programs",),
    ("people",),
    ("outbox", "audit", "ical"),
    ("kernel",),
)
"""Top to bottom; a package may import only from rows below its own. The command line starts the worker, so it stands
above it; nobody else knows the worker."""

DOORS = {"web", "cli", "worker"}

HOMES = {
    "flask": {"web", "cli"},
    "flask_wtf": {"web"},
    "flask_sqlalchemy": {"kernel"},
    "alembic": {"kernel"},
    "sqlcipher3": {"kernel"},
    "apscheduler": {"worker"},
    "aiosmtpd": {"worker"},
    "ortools": {"planning"},
    "icalendar": {"ical"},
    "smtplib": {"outbox"},
    "yaml": {"clinics"},
    "email_validator": {"clinics"},
    "phonenumbers": {"clinics"},
    "argon2": {"people"},
    "holidays": {"programs"},
    "segno": {"web"},
    "click": {"cli"},
}
"""Third parties and the one home of each."""

SAY_NOTHING = {"utils", "util", "helpers", "services", "service", "manager", "common", "base", "misc"}
MOST_LINES_A_FILE = 250
MOST_LINES_A_FUNCTION = 30


@dataclass(frozen=True)
class Import:
    """One import, wherever in a file it stands."""

    file: str
    package: str
    module: str

    def __str__(self) -> str:
        return f"{self.file} imports {self.module}"


def row_of(package: str) -> int | None:
    return next((number for number, row in enumerate(STACK) if package in row), None)


def python_files(root: Path) -> list[Path]:
    return [path for path in sorted((root / "scheduler").rglob("*.py")) if "versions" not in path.parts]


def imports(root: Path) -> Iterator[Import]:
    for path in python_files(root):
        parts = path.relative_to(root / "scheduler").parts
        package = parts[0] if len(parts) > 1 else ""
        for node in ast.walk(ast.parse(path.read_text())):
            for module in modules(node):
                yield Import(str(path.relative_to(root)), package, module)


def modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        if node.level:
            return ["." * node.level + (node.module or "")]
        if node.module == "scheduler":
            return [f"scheduler.{alias.name}" for alias in node.names]
        return [node.module or ""]
    return []


def faults(root: Path) -> list[str]:
    """Every import that the house does not allow."""
    return [fault for one in imports(root) if one.package for fault in faults_of(one)]


def faults_of(one: Import) -> Iterator[str]:
    home = HOMES.get(one.module.split(".")[0])
    if home is not None and one.package not in home:
        yield f"{one}: its home is {', '.join(sorted(home))}"
    if one.module.startswith("."):
        yield f"{one}: imports say where they come from"
    if not one.module.startswith("scheduler.") and one.module != "config":
        return
    there = one.module.split(".")[1] if one.module.startswith("scheduler.") else "config"
    if there == one.package or (there == "config" and one.package in DOORS):
        return
    mine, theirs = row_of(one.package), row_of(there)
    if mine is None or theirs is None:
        yield f"{one}: not in the stack"
    elif theirs <= mine:
        yield f"{one}: imports go down only"
    elif there != "kernel" and len(one.module.split(".")) > 2 and one.module.split(".")[2] != "models":
        yield f"{one}: past the front page"


def functions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = node.body[0] if ast.get_docstring(node) else None
            docstring = (said.end_lineno or 0) - said.lineno + 1 if said else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_imports_go_down_only_and_libraries_stay_home() -> None:
    assert faults(ROOT) == []


def test_every_package_stands_in_the_stack() -> None:
    packages = {path.name for path in (ROOT / "scheduler").iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert packages == {package for row in STACK for package in row}


def test_every_package_has_a_front_page() -> None:
    silent = [
        package
        for row in STACK
        for package in row
        if not ast.get_docstring(ast.parse((ROOT / "scheduler" / package / "__init__.py").read_text()))
    ]

    assert silent == []


def test_files_and_functions_stay_small() -> None:
    large = []
    for path in python_files(ROOT):
        text = path.read_text()
        if text.count("\n") > MOST_LINES_A_FILE:
            large.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        large += [
            f"{path.relative_to(ROOT)}: {name} {lines} lines"
            for name, lines in functions(ast.parse(text))
            if lines > MOST_LINES_A_FUNCTION
        ]

    assert large == []


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path for path in python_files(ROOT) if path.stem in SAY_NOTHING] == []


def test_pure_files_know_no_database() -> None:
    """A file that declares itself pure in its docstring imports neither rows nor SQL."""
    guilty = []
    for path in python_files(ROOT):
        tree = ast.parse(path.read_text())
        if "Pure" not in (ast.get_docstring(tree) or ""):
            continue
        named = {module for node in ast.walk(tree) for module in modules(node)}
        if any(m.startswith("sqlalchemy") or m == "scheduler.kernel.database" for m in named):
            guilty.append(str(path.relative_to(ROOT)))

    assert guilty == []


def test_nothing_but_doors_asks_the_clock() -> None:
    asked = []
    for path in python_files(ROOT):
        package = path.relative_to(ROOT / "scheduler").parts[0]
        text = path.read_text()
        if package not in DOORS | {"kernel"} and ("datetime.now(" in text or "kernel.clock" in text):
            asked.append(str(path.relative_to(ROOT)))

    assert asked == []


PLANTED = {
    "people/up.py": ("from scheduler.consents import audience", "imports go down only"),
    "people/hidden.py": ("def f():\n    from scheduler import consents", "imports go down only"),
    "feeds/neighbour.py": ("import scheduler.invitations", "imports go down only"),
    "feeds/past.py": ("from scheduler.people.queries import practice", "past the front page"),
    "people/away.py": ("import flask", "its home is cli, web"),
    "outbox/away.py": ("import icalendar.cal", "its home is ical"),
    "attic/lost.py": ("from scheduler.people import practice", "not in the stack"),
    "people/near.py": ("from .models import Person", "imports say where they come from"),
}


@pytest.mark.parametrize("place", PLANTED)
def test_planted_fault_is_found(tmp_path: Path, place: str) -> None:
    line, why = PLANTED[place]
    path = tmp_path / "scheduler" / place
    path.parent.mkdir(parents=True)
    path.write_text(line)

    (fault,) = faults(tmp_path)

    assert fault.endswith(why)


def test_sound_house_has_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "scheduler" / "web" / "page.py"
    path.parent.mkdir(parents=True)
    path.write_text("import flask\nfrom scheduler.people import practice\nfrom scheduler.people.models import Person\n")

    assert faults(tmp_path) == []
