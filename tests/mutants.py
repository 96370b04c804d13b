"""Mutation testing of the consent gate: break it in one place at a time and see that its tests
notice.

    .venv/bin/python tests/mutants.py [--engine sqlite|postgresql|python] [--of N --part I] [--only
    TEXT]

Every comparison, connective and negation of the gate's triggers and of the rules in code is turned
into its opposite, one at a time, in memory only; the gate's tests run against each. It exits 1 when
a mutant survives.
"""

import argparse
import ast
import contextlib
import functools
import importlib
import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
VERSIONS = ROOT / "scheduler/kernel/migrations/versions"

TURNS = (
    (r"\bNOT EXISTS\b", "EXISTS"),
    (r"(?<!NOT )\bEXISTS\b", "NOT EXISTS"),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bAND\b", "OR"),
    (r"\bOR\b(?! REPLACE)", "AND"),
    (r"(?<![<>:]) = ", " <> "),
    (r" <> ", " = "),
    (r" <= ", " > "),
    (r" >= ", " < "),
    (r" > ", " <= "),
    (r"\bNOT g\.silent", "g.silent"),
    (r"\bIS NOT TRUE\b", "IS TRUE"),
    (r"\('waiting', 'retry'\)", "('retry')"),
    (r"\('waiting', 'retry'\)", "('waiting')"),
)
"""What is turned into what in SQL: each place is one mutant."""

TRIGGERS = (
    "letters_gate",
    "grants_bounded",
    "grants_complete",
    "grants_final",
    "grants_revoked",
    "grants_kept",
    "barriers_stop",
    "authorities_stop",
)
AGAIN = ("letters_gate", "letters_gate_send")
REPLACED = {
    "0002": ("letters_gate_insert", *AGAIN),
    "0008": AGAIN,
    "0013": ("letters_gate_co_signed", "letters_gate_co_signed_send"),
}
"""What a later migration wrote anew, by the number of the one it stood in first."""
FUNCTIONS = {
    "scheduler.consents.model.validity": ("holds", "span", "rests_on_childhood"),
    "scheduler.consents.recipients.audience": (
        "judge",
        "_relative",
        "_fitting",
        "_hindrance",
        "_seats_families",
        "_seated",
        "is_barred",
    ),
    "scheduler.consents.model.purposes": ("opens", "carries"),
    "scheduler.consents.signing.consent_elements": ("missing_elements",),
    "scheduler.consents.recipients.queries": ("is_in", "good_grants"),
}
GATE_TESTS = [
    "tests/consents/test_two_gates.py",
    "tests/consents/test_gate_waits.py",
    "tests/consents/database_gate/test_grant_bounds.py",
    "tests/consents/database_gate/test_gate.py",
]
TESTS = {
    "sqlite": GATE_TESTS,
    "postgresql": GATE_TESTS,
    "python": [
        "tests/consents/model/test_validity.py",
        "tests/consents/signing/test_consent_elements.py",
        "tests/consents/model/test_purposes.py",
        "tests/consents/test_audience.py",
        "tests/consents/signing/test_signing_rules.py",
    ],
}
ABOUT_DAMAGE = "not damage and not named and not whole"
"""Tests of the comparison itself read the same mutated text: they say nothing here."""


def sql_mutants(engine: str) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Return every mutant of the gate's triggers: its name, and what puts it in place."""
    for file in sorted(VERSIONS.glob(f"*.{engine}.sql")):
        text = file.read_text()
        for trigger, start, end in bodies(text, file.name):
            for pattern, turned in TURNS:
                for found in re.finditer(pattern, text[start:end]):
                    at = start + found.start()
                    mutated = text[:at] + turned + text[start + found.end() :]
                    line = text[:at].count("\n") + 1
                    name = f"{file.name}:{line} {trigger} {found[0].strip()} -> {turned.strip()}"
                    yield name, lambda file=file, mutated=mutated: read_as(file, mutated)  # type: ignore[misc]


def bodies(text: str, file: str) -> Iterator[tuple[str, int, int]]:
    """Return the name and place of each trigger and function of the gate in a migration, but for
    those replaced later.
    """
    at = 0
    for statement in text.split("-- ;;\n"):
        head = re.search(r"CREATE (?:OR REPLACE )?(?:TRIGGER|FUNCTION) (\w+)", statement)
        replaced = head is not None and head[1] in REPLACED.get(file[:4], ())
        if (
            head is not None
            and head[1].startswith(TRIGGERS)
            and not replaced
            and "EXECUTE FUNCTION" not in statement
        ):
            yield head[1], at + head.end(), at + len(statement)
        at += len(statement) + len("-- ;;\n")


def read_as(file: Path, text: str) -> None:
    """Let the migrations read `text` for `file`, in this process alone."""
    plain = Path.read_text

    def read_text(self: Path, *said: Any, **more: Any) -> str:
        return text if self.name == file.name else plain(self, *said, **more)

    Path.read_text = read_text  # type: ignore[method-assign, assignment]


class Turn(ast.NodeTransformer):
    """Turns the `wanted`-th place of a function into its opposite."""

    def __init__(self, wanted: int) -> None:
        self.wanted, self.seen, self.said = wanted, -1, ""

    def _is_it(self, node: ast.AST) -> bool:
        self.seen += 1
        if self.seen == self.wanted:
            self.said = f"line {getattr(node, 'lineno', 0)}: {ast.unparse(node)}"
        return self.seen == self.wanted

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        return ast.UnaryOp(ast.Not(), node) if self._is_it(node) else node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        if self._is_it(node):
            node.op = ast.And() if isinstance(node.op, ast.Or) else ast.Or()
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        return node.operand if isinstance(node.op, ast.Not) and self._is_it(node) else node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        if self._is_it(node.test):
            node.test = ast.Constant(False)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.BitAnd) and self._is_it(node):
            node.op = ast.BitOr()
        return node


BROKEN = 70
"""The exit code of a run that fell over itself: it says nothing of its mutant."""


def python_mutants() -> Iterator[tuple[str, Callable[[], Any]]]:
    """Return every mutant of the rules in code; one takes the place of a function's code wherever
    it is known.
    """
    for module_name, names in FUNCTIONS.items():
        module = importlib.import_module(module_name)
        source = Path(str(module.__file__)).read_text()
        for name in names:
            for number in range(1000):
                turn = Turn(number)
                tree = ast.parse(source)
                (place,) = [
                    i for i, each in enumerate(tree.body) if getattr(each, "name", "") == name
                ]
                tree.body[place] = turn.visit(tree.body[place])
                if not turn.said:
                    break
                code = compile(ast.fix_missing_locations(tree), str(module.__file__), "exec")
                found = next(
                    each for each in code.co_consts if getattr(each, "co_name", "") == name
                )
                put = functools.partial(setattr, getattr(module, name), "__code__", found)
                yield f"{module_name}.{name} {turn.said}", put  # type: ignore[misc]


class Lent:
    """One PostgreSQL for every mutant's run, each with a template of its own."""

    def __init__(self, server: Any) -> None:
        self.server = server

    def __enter__(self) -> Any:
        self.server.run("DROP DATABASE IF EXISTS template")
        return self.server

    def __exit__(self, *_: object) -> None: ...


@contextlib.contextmanager
def one_server(engine: str) -> Iterator[None]:
    """Let all runs use one server where the engine needs one."""
    postgres = importlib.import_module("fakes.postgres")
    if engine == "sqlite":
        yield
        return
    with postgres.Postgres() as server:
        postgres.Postgres = lambda: Lent(server)
        yield


def outcome(put: Callable[[], Any], engine: str, name: str = "") -> int:
    """Run the tests with the mutant in place, in a process of its own; 0: all passed, 1: one
    failed.
    """
    child = os.fork()
    if child == 0:
        put()
        import pytest

        files = (
            TESTS[engine] if "letters_gate" in name else TESTS[engine][::-1]
        )  # the likeliest to notice come first
        only = {
            "sqlite": f"sqlite and {ABOUT_DAMAGE}",
            "postgresql": f"postgresql and {ABOUT_DAMAGE}",
            "python": "not postgresql",
        }
        said = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-k", only[engine], *files]
        code = BROKEN
        try:
            with (
                contextlib.redirect_stdout(io.StringIO()),
                contextlib.redirect_stderr(io.StringIO()),
            ):
                code = int(pytest.main(said))
        finally:
            os._exit(code)  # whatever happened, this copy never goes on as if it were the first
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main() -> int:
    """Try every mutant of one engine and name those that survive."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--engine", choices=tuple(TESTS), default="sqlite")
    reader.add_argument("--of", type=int, default=1, help="try every Nth mutant only")
    reader.add_argument("--part", type=int, default=0)
    reader.add_argument("--only", default="", help="try those alone whose name contains this")
    asked = reader.parse_args()
    os.chdir(ROOT)
    sys.path[:0] = [str(ROOT), str(ROOT / "tests")]
    for package in (
        "pytest",
        "flask",
        "sqlalchemy",
        "scheduler.worker",
        "scheduler.web",
        "scheduler.clinics",
    ):
        importlib.import_module(package)
    every = list(python_mutants() if asked.engine == "python" else sql_mutants(asked.engine))
    mutants = [one for one in every if asked.only in one[0]][asked.part :: asked.of]
    with one_server(asked.engine):
        return tried(mutants, asked.engine)


def tried(mutants: list[tuple[str, Callable[[], Any]]], engine: str) -> int:
    """Try each of them and give the exit code: 1 when one survives, 2 when the tests fail without
    any.
    """
    if outcome(lambda: None, engine) != 0:
        print("the tests fail without any mutant: nothing can be said")
        return 2
    alive = []
    for number, (name, put) in enumerate(mutants, 1):
        killed = outcome(put, engine, name) == 1
        print(f"{number}/{len(mutants)} {'killed  ' if killed else 'SURVIVED'} {name}", flush=True)
        alive += [] if killed else [name]
    print(
        f"{engine}: {len(mutants)} mutants, {len(mutants) - len(alive)} killed, {len(alive)} "
        "survived"
    )
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
