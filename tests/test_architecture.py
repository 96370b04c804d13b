"""The house: who may import whom, whose word each library is, and how large things may grow."""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from density import parsed

ROOT = Path(__file__).resolve().parent.parent

STACK = (
    ("web", "cli"),
    ("worker",),
    ("invariants", "needs", "rehearsals"),
    ("reminders", "backups", "recordings", "hours", "engagement", "publications", "homes"),
    (
        "invitations",
        "feeds",
        "planning",
        "clinics",
        "disclosures",
        "admissions",
        "attendance",
        "webhooks",
    ),
    ("change_tracking",),
    ("consents",),
    ("sessions", "open_evenings"),
    ("rooms", "participation"),
    ("programs", "sms", "tech_checks"),
    ("busy",),
    ("people",),
    ("tasks",),
    ("outbox", "audit", "ical", "provenance"),
    ("i18n",),
    ("kernel",),
)
"""Top to bottom; a package may import only from rows below its own. The command line starts the
worker, so it stands above it; nobody else knows the worker.
"""

FOLDERS = {
    "planning": ("follow", "proposals", "", "explain", "search", "rules", "problem"),
    "clinics": ("loading", "exporting", "reading", ""),
    "consents": ("", "recipients", "database_gate", "signing", "model"),
    "invitations": ("", "replies", "sync", "letters", "reading", "model"),
    "cli": ("commands", "operations", "demo", "reports", ""),
    "web": (
        "",
        "api",
        "day",
        "demo",
        "feeds",
        "recordings",
        "evenings",
        "check",
        "safe",
        "desk",
        "portal",
        "family",
        "own",
        "ops",
        "preview",
        "auth",
        "parts",
    ),
}
"""The folders of the large packages, top to bottom; "" is the package's own floor."""

MOST_FILES_A_FOLDER = 15

DOORS = {"web", "cli", "worker"}

HOMES = {
    "flask": {"web", "cli"},
    "flask_wtf": {"web"},
    "flask_sqlalchemy": {"kernel"},
    "alembic": {"kernel"},
    "sqlcipher3": {"kernel"},
    "apscheduler": {"worker"},
    "aiosmtpd": {"worker"},
    "imap_tools": {"worker"},
    "ortools": {"planning"},
    "icalendar": {"ical"},
    "recurring_ical_events": {"ical"},
    "idna": {"kernel"},
    "smtplib": {"outbox"},
    "yaml": {"clinics"},
    "email_validator": {"kernel"},
    "phonenumbers": {"sms"},
    "flufl": {"invitations"},
    "mailparser_reply": {"invitations"},
    "argon2": {"people"},
    "pyrage": {"backups"},
    "holidays": {"programs"},
    "segno": {"web"},
    "pyotp": {"people"},
    "webauthn": {"people"},
    "click": {"cli"},
    "babel": {"i18n"},
}
"""Third parties and the one home of each."""

PURE = (
    "i18n/date_words.py",
    "i18n/known_titles.py",
    "i18n/languages.py",
    "i18n/lists.py",
    "i18n/one_point.py",
    "i18n/relations.py",
    "ical/*.py",
    "planning/problem/problem.py",
    "planning/problem/plan.py",
    "planning/rules/*.py",
    "planning/search/construct.py",
    "planning/problem/fixed_slots.py",
    "planning/problem/school_hours.py",
    "planning/problem/once_a_day.py",
    "planning/rules/week_hours.py",
    "planning/explain/make_up_offers.py",
    "planning/explain/make_up_sessions.py",
    "planning/explain/missed_topics_ahead.py",
    "planning/problem/stay_summary.py",
    "invitations/model/itip.py",
    "invitations/letters/message_body.py",
    "i18n/neutral_lint.py",
    "consents/model/validity.py",
    "disclosures/notice.py",
    "consents/recipients/audience.py",
    "sessions/series.py",
    "reminders/timing.py",
    "reminders/policy.py",
    "reminders/selection.py",
    "reminders/decision.py",
    "reminders/wishes/wish.py",
    "invitations/letters/sms_reminder.py",
    "sms/opt_out_keywords.py",
    "sms/message_limit.py",
    "sms/message_segments.py",
    "sms/sms_wording.py",
    "outbox/signature.py",
    "rooms/visit.py",
    "rooms/jitsi.py",
    "rooms/bigbluebutton.py",
    "rooms/room_template.py",
    "programs/kinds.py",
    "programs/milestone_days.py",
    "programs/room_service.py",
    "programs/template.py",
    "programs/weeks.py",
    "programs/closures.py",
    "participation/participation_rules.py",
    "people/availability.py",
    "people/help_line.py",
    "people/accounts/role_names.py",
    "people/accounts/role_table.py",
    "people/proofs/challenge.py",
)
"""Values in, values out: these know neither rows nor SQL."""

SAY_NOTHING = {
    "utils",
    "util",
    "helpers",
    "services",
    "service",
    "manager",
    "common",
    "base",
    "misc",
}
MOST_LINES_A_FILE = 320
MOST_LINES_A_FUNCTION = 80


@dataclass(frozen=True)
class Import:
    """One import, wherever in a file it stands."""

    file: str
    package: str
    module: str
    names: tuple[str, ...] = ()
    """What is taken from the module, when it is a `from` import."""

    def __str__(self) -> str:
        return f"{self.file} imports {self.module}"


def row_of(package: str) -> int | None:
    return next((number for number, row in enumerate(STACK) if package in row), None)


def python_files(root: Path) -> list[Path]:
    return [
        path for path in sorted((root / "scheduler").rglob("*.py")) if "versions" not in path.parts
    ]


def imports(root: Path) -> Iterator[Import]:
    for path in python_files(root):
        parts = path.relative_to(root / "scheduler").parts
        package = parts[0] if len(parts) > 1 else ""
        tree = parsed(path)[1]
        for node in ast.walk(tree):
            for module in modules(node):
                yield Import(
                    str(path.relative_to(root)),
                    package,
                    module,
                    names_taken(node) or names_used(tree, node, module),
                )


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


def names_taken(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.ImportFrom) and node.module != "scheduler":
        return tuple(alias.name for alias in node.names)
    return ()


def names_used(tree: ast.AST, node: ast.AST, module: str) -> tuple[str, ...]:
    """What a file asks of a package it took whole: `people.practice` after `from scheduler import
    people`.
    """
    if not isinstance(node, ast.ImportFrom) or node.module != "scheduler":
        return ()
    (word,) = (
        alias.asname or alias.name for alias in node.names if f"scheduler.{alias.name}" == module
    )
    asked = (
        one
        for one in ast.walk(tree)
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Load)
    )
    return tuple(
        sorted(
            {one.attr for one in asked if isinstance(one.value, ast.Name) and one.value.id == word}
        )
    )


def front_page(root: Path, package: str) -> set[str]:
    """What a package shows to others: its `__all__`, and its rows."""
    path = root / "scheduler" / package / "__init__.py"
    shown = {"models"}
    for node in parsed(path)[1].body if path.exists() else []:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            shown |= set(ast.literal_eval(node.value))
    return shown


def faults(root: Path) -> list[str]:
    """Every import that the house does not allow."""
    pages = {package: front_page(root, package) for row in STACK for package in row}
    return [fault for one in imports(root) if one.package for fault in faults_of(one, pages)]


def faults_of(one: Import, pages: dict[str, set[str]]) -> Iterator[str]:
    home = HOMES.get(one.module.split(".")[0])
    if home is not None and one.package not in home:
        yield f"{one}: its home is {', '.join(sorted(home))}"
    if one.module.startswith("."):
        yield f"{one}: imports say where they come from"
    if not one.module.startswith("scheduler."):
        return
    there = one.module.split(".")[1]
    if there in {"config", "wsgi"} and one.package in DOORS:
        return
    if there == one.package:
        yield from folder_faults(one)
        return
    mine, theirs = row_of(one.package), row_of(there)
    if mine is None or theirs is None:
        yield f"{one}: not in the stack"
    elif theirs <= mine:
        yield f"{one}: imports go down only"
    elif there != "kernel":
        inside = one.module.split(".")[2:] or list(one.names)
        to_rows = inside[-1:] == ["models"]
        hidden = [] if to_rows else [name for name in inside if name not in pages[there]]
        if hidden:
            yield f"{one} ({', '.join(hidden)}): past the front page"


def folder_faults(one: Import) -> Iterator[str]:
    """Yield the fault when a folder of a large package imports from one above its own."""
    order = FOLDERS.get(one.package, ())
    parts = one.file.split("/")[2:-1]
    mine = parts[0] if parts else ""
    place = one.module.split(".")[2:]
    theirs = place[0] if place and place[0] in order else ""
    if mine not in order or one.file.endswith("__init__.py"):
        return
    if order.index(theirs) < order.index(mine):
        yield f"{one}: {theirs or one.package} stands above {mine or one.package}"


def functions(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            said = node.body[0] if ast.get_docstring(node) else None
            docstring = (said.end_lineno or 0) - said.lineno + 1 if said else 0
            yield node.name, (node.end_lineno or 0) - node.lineno + 1 - docstring


def test_imports_go_down_only_and_libraries_stay_home() -> None:
    assert faults(ROOT) == []


def test_every_package_stands_in_the_stack() -> None:
    packages = {
        path.name
        for path in (ROOT / "scheduler").iterdir()
        if path.is_dir() and any(path.glob("*.py"))
    }

    assert packages == {package for row in STACK for package in row}


def test_every_package_has_a_front_page() -> None:
    silent = [
        package
        for row in STACK
        for package in row
        if not ast.get_docstring(parsed(ROOT / "scheduler" / package / "__init__.py")[1])
    ]

    assert silent == []


def too_large(root: Path) -> list[str]:
    """Every file and function that has outgrown the house."""
    large = []
    for path in python_files(root):
        (text, tree), name = parsed(path), path.relative_to(root)
        if text.count("\n") > MOST_LINES_A_FILE:
            large.append(f"{name}: {text.count(chr(10))} lines")
        large += [
            f"{name}: {function} {lines} lines"
            for function, lines in functions(tree)
            if lines > MOST_LINES_A_FUNCTION
        ]
    return large


def names_that_say_nothing(root: Path) -> list[str]:
    return [
        str(path.relative_to(root))
        for path in python_files(root)
        if SAY_NOTHING & {path.stem, *path.relative_to(root).parts[:-1]}
    ]


def pure_files(root: Path) -> list[Path]:
    """The files that must not know the database: those named for it, and those that call themselves
    pure.
    """
    named = {path for pattern in PURE for path in (root / "scheduler").glob(pattern)}
    said = {
        path for path in python_files(root) if "Pure" in (ast.get_docstring(parsed(path)[1]) or "")
    }
    return sorted(named | said)


def impure(root: Path) -> list[str]:
    """Every pure file that reaches for rows or SQL."""
    guilty = []
    for path in pure_files(root):
        named = {module for node in ast.walk(parsed(path)[1]) for module in modules(node)}
        if any(m.split(".")[0] == "sqlalchemy" or m == "scheduler.kernel.database" for m in named):
            guilty.append(str(path.relative_to(root)))
    return guilty


def test_files_and_functions_stay_small() -> None:
    assert too_large(ROOT) == []


def test_no_folder_holds_more_than_fifteen_files() -> None:
    counts = Counter(path.parent for path in python_files(ROOT))

    assert [str(folder) for folder, files in counts.items() if files > MOST_FILES_A_FOLDER] == []


def test_every_file_has_a_name_of_its_own() -> None:
    stems = Counter(path.stem for path in python_files(ROOT))

    assert {stem for stem, times in stems.items() if times > 1} <= {"__init__", "models", "queries"}


def test_every_folder_of_a_large_package_stands_in_its_order() -> None:
    there = {
        package: {path.parent.name for path in (ROOT / "scheduler" / package).glob("*/__init__.py")}
        for package in FOLDERS
    }

    assert there == {package: set(order) - {""} for package, order in FOLDERS.items()}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert names_that_say_nothing(ROOT) == []


def test_pure_files_know_no_database() -> None:
    assert impure(ROOT) == []


def test_every_pattern_of_pure_files_names_one_that_is_there() -> None:
    assert [pattern for pattern in PURE if not list((ROOT / "scheduler").glob(pattern))] == []


def test_nothing_but_doors_asks_the_clock() -> None:
    asked = []
    for path in python_files(ROOT):
        package = path.relative_to(ROOT / "scheduler").parts[0]
        text = parsed(path)[0]
        if package not in DOORS | {"kernel"} and (
            "datetime.now(" in text or "kernel.clock" in text
        ):
            asked.append(str(path.relative_to(ROOT)))

    assert asked == []


PLANTED = {
    "people/up.py": ("from scheduler.consents import audience", "imports go down only"),
    "people/hidden.py": ("def f():\n    from scheduler import consents", "imports go down only"),
    "feeds/neighbour.py": ("import scheduler.invitations", "imports go down only"),
    "feeds/past.py": ("from scheduler.people.queries import practice", "past the front page"),
    "people/away.py": ("import flask", "its home is cli, web"),
    "outbox/away.py": ("import icalendar.cal", "its home is ical"),
    "feeds/side.py": ("from scheduler.people import queries", "(queries): past the front page"),
    "feeds/mixed.py": (
        "from scheduler.people import practice, queries",
        "(queries): past the front page",
    ),
    "feeds/whole.py": (
        "from scheduler import kernel, people\npeople.practice()\npeople.queries.f()",
        "(queries): past the front page",
    ),
    "attic/lost.py": ("from scheduler.people import practice", "not in the stack"),
    "planning/problem/up.py": (
        "from scheduler.planning.search.cost import price",
        "search stands above problem",
    ),
    "people/near.py": ("from .models import Person", "imports say where they come from"),
}


@pytest.mark.parametrize("place", PLANTED)
def test_planted_fault_is_found(tmp_path: Path, place: str) -> None:
    line, why = PLANTED[place]
    house(tmp_path, place, line)

    (fault,) = faults(tmp_path)

    assert fault.endswith(why)


def test_sound_house_has_no_fault(tmp_path: Path) -> None:
    house(
        tmp_path,
        "web/page.py",
        "import flask\n"
        "from scheduler import people\n"
        "from scheduler.people import models, practice\n"
        "from scheduler.people.models import Person\n"
        "from scheduler.kernel.clock import now\n",
    )

    assert faults(tmp_path) == []


def test_planted_long_file_is_found(tmp_path: Path) -> None:
    house(tmp_path, "people/long.py", "x = 1\n" * (MOST_LINES_A_FILE + 1))

    assert too_large(tmp_path) == ["scheduler/people/long.py: 321 lines"]


def test_planted_long_function_is_found_and_its_docstring_is_free(tmp_path: Path) -> None:
    lines = "    x = 1\n" * (MOST_LINES_A_FUNCTION - 1)
    house(
        tmp_path,
        "people/long.py",
        f'def fits():\n    """Say\n    much."""\n{lines}\ndef f():\n{lines}    x = 2\n',
    )

    assert too_large(tmp_path) == ["scheduler/people/long.py: f 81 lines"]


@pytest.mark.parametrize("place", ["people/utils.py", "people/helpers/names.py"])
def test_planted_name_that_says_nothing_is_found(tmp_path: Path, place: str) -> None:
    house(tmp_path, place, "x = 1\n")

    assert names_that_say_nothing(tmp_path) == [f"scheduler/{place}"]


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("planning/rules/room_rules.py", "import sqlalchemy.orm"),
        ("ical/read.py", "def f():\n    from scheduler.kernel.database import db"),
        ("people/names.py", '"""Pure."""\nfrom sqlalchemy import select'),
    ],
)
def test_planted_database_in_a_pure_file_is_found(tmp_path: Path, place: str, text: str) -> None:
    house(tmp_path, place, text)

    assert impure(tmp_path) == [f"scheduler/{place}"]


def house(root: Path, place: str, text: str) -> None:
    """Build a house of two files: people's front page, and the one in question."""
    for name, words in {"people/__init__.py": '__all__ = ["practice"]\n', place: text}.items():
        path = root / "scheduler" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words)
