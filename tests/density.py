"""How densely the product is written, and where: what tests/test_density.py holds to its laws.

    python tests/density.py        prints every measure and the ten worst of each

A function's size is counted in syntax nodes (`ast.walk` over its body, the docstring apart), its
lines without docstring, blank and comment lines, its complexity as radon counts it.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from radon.complexity import cc_visit_ast

ROOT = Path(__file__).resolve().parent.parent
SHARED_NAMES = {"__init__.py", "models.py", "queries.py"}
"""Files that every package may have one of."""
SHOWN = 10


@dataclass(frozen=True)
class Function:
    """One function, methods and functions within functions too."""

    file: str
    name: str
    nodes: int
    lines: int

    def __str__(self) -> str:
        return f"{self.file}: {self.name}"


@cache
def parsed(path: Path) -> tuple[str, ast.Module]:
    """Return a file's text and its tree, read once in a run."""
    text = path.read_text(encoding="utf-8")
    return text, ast.parse(text)


def files(root: Path) -> list[Path]:
    """Return the product's modules; migrations are history and stay as they were written."""
    found = sorted((root / "scheduler").rglob("*.py"))
    return [path for path in found if "versions" not in path.parts]


@cache
def functions(root: Path) -> tuple[Function, ...]:
    """Return every function with a body beside its docstring, counted once in a run."""
    found = []
    for path in files(root):
        text, tree = parsed(path)
        lines = text.splitlines()
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_of(node):
                body = body_of(node)
                nodes = sum(1 for statement in body for _ in ast.walk(statement))
                written = lines[body[0].lineno - 1 : node.end_lineno]
                count = sum(1 for line in written if is_code(line))
                found.append(Function(name_in(root, path), node.name, nodes, count))
    return tuple(found)


def body_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.stmt]:
    """Return a function's statements without its docstring."""
    return node.body[1:] if ast.get_docstring(node) else node.body


def is_code(line: str) -> bool:
    """True if a line holds more than space or a comment."""
    return bool(line.strip()) and not line.strip().startswith("#")


def name_in(root: Path, path: Path) -> str:
    """Return a file's place below the root, with slashes everywhere."""
    return path.relative_to(root).as_posix()


def nodes_a_line(root: Path) -> float:
    """Return the syntax nodes a line of all bodies; one within another counts with both."""
    every = functions(root)
    return sum(each.nodes for each in every) / max(1, sum(each.lines for each in every))


def large_functions(root: Path, most: int) -> list[Function]:
    """Return the functions of more than `most` nodes, the largest first."""
    large = [function for function in functions(root) if function.nodes > most]
    return sorted(large, key=lambda function: -function.nodes)


def complex_functions(root: Path, most: int) -> list[tuple[int, str]]:
    """Return what radon counts above `most`, the most complex first."""
    found = []
    for path in files(root):
        for block in cc_visit_ast(parsed(path)[1]):
            if block.letter in "FM" and block.complexity > most:
                found.append((block.complexity, f"{name_in(root, path)}: {block.fullname}"))
    return sorted(found, reverse=True)


def files_a_folder(root: Path) -> Counter[str]:
    """Return how many modules each folder holds."""
    return Counter(name_in(root, path.parent) for path in files(root))


def names_used_twice(root: Path) -> dict[str, list[str]]:
    """Return the file names that stand in more than one folder."""
    places = defaultdict(list)
    for path in files(root):
        if path.name not in SHARED_NAMES:
            places[path.name].append(name_in(root, path))
    return {name: found for name, found in places.items() if len(found) > 1}


def names_that_hide_a_module(root: Path) -> list[str]:
    """Return what a front page takes from a module of the same name: after it the module is out of
    reach, or reached, as the order of imports has it.
    """
    hiding = []
    for path in files(root):
        if path.name != "__init__.py":
            continue
        for node in parsed(path)[1].body:
            if isinstance(node, ast.ImportFrom):
                module = (node.module or "").rpartition(".")[2]
                is_own = any(path.parent.glob(f"{module}.py")) or (path.parent / module).is_dir()
                taken = {alias.asname or alias.name for alias in node.names}
                if is_own and module in taken:
                    hiding.append(f"{name_in(root, path)}: {module}")
    return hiding


def questions_of_doors(root: Path) -> list[str]:
    """Return the pages that ask the database in their own words; such a question has a name in a
    `queries.py`.
    """
    asking = []
    for path in files(root):
        if "web" not in path.relative_to(root / "scheduler").parts[:1]:
            continue
        count = sum(1 for node in ast.walk(parsed(path)[1]) if is_select(node))
        asking += [f"{name_in(root, path)}: select("] * count
    return asking


def is_select(node: ast.AST) -> bool:
    """True if a node calls `select`, by its name or as somebody's attribute of sqlalchemy."""
    if not isinstance(node, ast.Call):
        return False
    return ast.unparse(node.func) in {"select", "sqlalchemy.select", "sa.select"}


def lines_set_by_hand(root: Path) -> list[str]:
    """Return every line that keeps the formatter away."""
    found = []
    for path in files(root):
        for number, line in enumerate(parsed(path)[0].splitlines(), start=1):
            if re.search(r"#\s*fmt:\s*(skip|off)", line):
                found.append(f"{name_in(root, path)}:{number}")
    return found


def report(root: Path) -> Iterator[str]:
    """Yield what the script prints."""
    every = functions(root)
    yield f"{nodes_a_line(root):.2f} syntax nodes a line of {len(every)} functions"
    for package, worth in sorted(by_package(every).items()):
        yield f"  {worth:5.1f}  {package}"
    largest = large_functions(root, 250)
    yield f"{len(largest)} functions of more than 250 nodes"
    yield from (f"  {function.nodes:5}  {function}" for function in largest[:SHOWN])
    tangled = complex_functions(root, 10)
    yield f"{len(tangled)} of a complexity above 10"
    yield from (f"  {count:5}  {name}" for count, name in tangled[:SHOWN])
    crowded = files_a_folder(root).most_common(SHOWN)
    yield "the fullest folders"
    yield from (f"  {count:5}  {folder}" for folder, count in crowded)
    for title, found in (
        ("file names used twice", sorted(names_used_twice(root))),
        ("names on a front page that hide a module", names_that_hide_a_module(root)),
        ("questions that pages ask in their own words", questions_of_doors(root)),
        ("lines set by hand", lines_set_by_hand(root)),
    ):
        yield f"{len(found)} {title}"
        yield from (f"         {name}" for name in found[:SHOWN])


def by_package(every: tuple[Function, ...]) -> dict[str, float]:
    """Return the syntax nodes a line of each package."""
    nodes: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    for function in every:
        package = function.file.split("/")[1]
        nodes[package] += function.nodes
        lines[package] += function.lines
    return {package: nodes[package] / lines[package] for package in nodes if lines[package]}


if __name__ == "__main__":
    for line in report(ROOT):
        print(line)
