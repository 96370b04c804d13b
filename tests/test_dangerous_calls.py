"""Calls by which what a stranger sends could become a command, a statement, code or a secret: none
is made but where it is told here, and there of nothing that came in.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent / "scheduler"
FILES = [path for path in sorted(ROOT.rglob("*.py")) if "versions" not in path.parts]
RUN = {"eval", "exec", "compile", "__import__", "render_template_string", "from_string"}
LOADED = {"pickle", "marshal", "shelve", "dill", "jsonpickle"}
SHELLS = re.compile(
    r"system|popen|getoutput|getstatusoutput|(spawn|exec)[lv]p?e?|posix_spawnp?|.*_shell"
)
"""What starts a program by one text, or in our stead; `subprocess.run` takes words."""
XML = {"xml", "lxml", "defusedxml", "xmltodict", "html5lib", "bs4"}
OF_OURS = re.compile(r"^[A-Z_]+$|join\([A-Z_]+\)|^\d")
"""A word of an expression that is a table of ours, or how often a sign is repeated."""
WEAK = r"\b(md5|sha1|SHA1|ECB|DES|ARC4|RC4|Blowfish|PKCS1v15|PBKDF2|RSA|DSA|none)\b"
KEPT_SECRET = (
    r"BEGIN [A-Z ]*PRIVATE KEY|[\"'][0-9a-f]{32,}[\"']|[\"'](?=\w*\d)[A-Za-z0-9+/_-]{43,}=*[\"']"
    r"|(?:password|secret|api_?key)\w* ?= ?[\"'][^\"' ]{8,}[\"']"
)
"""A key, a long number or token, a password as a constant."""
OWN_NAMES = {
    "change_history.py",
    "copy_rows.py",
    "carry_forward.py",
    "change_key.py",
    "database.py",
    "double_booking.py",
    "gate_constraints.py",
    "restore_copy.py",
    "rows_only.py",
    "verify_copy.py",
}
"""Where a statement is put together: of names of our own tables, roles that were checked, keys."""
LEADING = {
    "url_for",
    "back",
    "home_of",
    "place",
    "place_of",
    "target",
    "_next_page",
}
"""What a redirect may be given beside addresses of our own routes: made of them elsewhere."""


@cache
def trees() -> dict[Path, ast.Module]:
    """Return every file as Python reads it: once, and only where a test of these laws runs."""
    return {path: ast.parse(path.read_text()) for path in FILES}


@cache
def nodes(tree: ast.Module) -> tuple[list[ast.Call], list[ast.Import | ast.ImportFrom]]:
    """Return the calls and the imports of a file, in the order of `ast.walk`."""
    called, imports = [], []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called.append(node)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            imports.append(node)
    return called, imports


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """Yield file, called name and call of everything that is called."""
    for path, tree in trees().items():
        for node in nodes(tree)[0]:
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            yield path.name, called, node


def imported() -> set[str]:
    """Return the first part of every module that is imported."""
    found = set()
    for tree in trees().values():
        for node in nodes(tree)[1]:
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif node.module:
                found.add(node.module.partition(".")[0])
    return found


def test_no_text_is_run_as_code() -> None:
    plain = [(name, called) for name, called, node in calls() if called in RUN]

    assert [(name, called) for name, called in plain if called != "compile"] == []
    compiled = {
        name for name, called, node in calls() if called == "compile" and not _is_regex(node)
    }
    assert compiled <= {"catalog_parts.py", "upsert.py", "compiled_catalogs.py"}
    assert imported() & LOADED == set()


def _is_regex(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"


def shells() -> list[tuple[str, str]]:
    """Return every call by which a text would become a command."""
    found = []
    for name, called, node in calls():
        asked = {word.arg for word in node.keywords}
        if "shell" in asked or SHELLS.fullmatch(called):
            found.append((name, called))
    return found


def test_no_shell_is_ever_called() -> None:
    assert shells() == []


def test_no_xml_is_read() -> None:
    assert imported() & XML == set()
    assert {"csv", "icalendar", "json", "yaml"} <= imported()


def test_no_statement_is_made_of_what_came_in() -> None:
    made = set()
    for name, called, node in calls():
        first = node.args[0] if node.args else None
        if called in {"text", "execute", "exec_driver_sql"} and isinstance(first, ast.JoinedStr):
            made.add(name)
        if called in {"text", "execute", "exec_driver_sql"} and isinstance(first, ast.BinOp):
            made.add(name)

    assert made <= OWN_NAMES
    assert made != set()


def test_expression_made_of_a_word_escapes_it() -> None:
    bare = []
    for name, called, node in calls():
        if not _is_regex(node) or called not in {"compile", "search", "match", "fullmatch", "sub"}:
            continue
        first = node.args[0]
        if isinstance(first, ast.JoinedStr | ast.BinOp):
            said = ast.unparse(first)
            words = [word for word in re.findall(r"\{(.+?)\}", said) if not OF_OURS.search(word)]
            bare += [(name, word) for word in words if "escape" not in said]

    assert bare == []


def test_no_text_that_was_typed_is_a_format() -> None:
    """What is formatted is a text of ours or its translation; a stranger's is only put into one."""
    typed = []
    for name, called, node in calls():
        if called not in {"format", "format_map"} or not isinstance(node.func, ast.Attribute):
            continue
        what = ast.unparse(node.func.value)
        if re.search(r"request|form\b|args\b|\.title|\.name\b|\.body|\.url\b", what):
            typed.append((name, what))

    assert typed == []


def test_no_weak_algorithm_is_called() -> None:
    found = []
    for path in FILES:
        for line in path.read_text().splitlines():
            code = line.partition("#")[0]
            if re.search(WEAK, code) and re.search(r"hashlib|hmac|algorithm|Cipher|modes\.", code):
                found.append((path.name, line.strip()))

    assert found == []


def test_no_secret_stands_in_the_code() -> None:
    found = []
    for path in FILES:
        found += [(path.name, word) for word in re.findall(KEPT_SECRET, path.read_text(), re.I)]

    assert found == []


def test_field_is_read_from_where_it_was_asked() -> None:
    """Both places at once are read for what only says how a page is looked at ("": a whole board,
    which is printed as it is looked at).
    """
    mixed = []
    for path in FILES:
        names = re.findall(r"request\.values\b(?:\.get\(\"?(\w+))?", path.read_text())
        mixed += [(path.name, name) for name in names]

    assert {name for _, name in mixed} == {"week", "lang", "name", ""}


def test_redirect_leads_to_pages_of_ours() -> None:
    led = set()
    for name, called, node in calls():
        if called != "redirect":
            continue
        first = node.args[0]
        source = getattr(first, "func", first)
        led.add((name, getattr(source, "id", ast.unparse(source))))

    assert {what for _, what in led} <= LEADING


def test_every_file_of_the_house_is_looked_at() -> None:
    """Also those of a name that others have: models, queries, front pages."""
    assert len(trees()) == len(FILES)
    assert [path.name for path in trees()].count("models.py") > 10


@pytest.mark.parametrize(
    ("code", "is_found"),
    [
        ("subprocess.run(words, shell=True)", True),
        ("subprocess.getstatusoutput(text)", True),
        ("os.execvp(name, words)", True),
        ("asyncio.create_subprocess_shell(text)", True),
        ("subprocess.run(words)", False),
        ("session.execute(statement)", False),
    ],
)
def test_planted_shell_is_found(
    monkeypatch: pytest.MonkeyPatch, code: str, *, is_found: bool
) -> None:
    monkeypatch.setitem(trees(), Path("queries.py"), ast.parse(code))

    assert (shells() != []) is is_found
