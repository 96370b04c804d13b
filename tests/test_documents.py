"""What the documents name is there: paths, links between pages, tests in tables, short pages."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "tests" / "README.md"])
READER_PAGES = [page for page in PAGES if page.name != "CHANGELOG.md"]
TOP_FOLDERS = ("scheduler/", "templates/", "tests/", "docs/", "benchmarks/", "deploy/", ".ci/")
TOP_FILES = ("config.py", "run.py", "wsgi.py", "CHANGELOG.md")
LONGEST_README = 110
LONGEST_DECISION = 60


def paths_named(text: str) -> Iterator[str]:
    """Yield every path of this repository that stands as code in a page."""
    for word in re.findall(r"`([^`\s]+)`", text):
        path = word.partition("::")[0]
        if path.startswith(TOP_FOLDERS) or path in TOP_FILES:
            yield path


def links(text: str) -> Iterator[str]:
    """Yield the target of every link that leads to a file, without its anchor."""
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path = target.partition("#")[0]
        if path and "://" not in path:
            yield path


def name_of(page: Path) -> str:
    """Return a page's path from the root on."""
    return str(page.relative_to(ROOT))


@pytest.mark.parametrize("page", READER_PAGES, ids=name_of)
def test_every_path_a_page_names_is_there(page: Path) -> None:
    named = paths_named(page.read_text())

    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    targets = links(page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [(page.parent / target).resolve() for target in links(page.read_text())]

    assert [name_of(page) for page in PAGES if page not in reached] == []


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= LONGEST_README


def test_each_decision_is_one_page_of_three_parts() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    texts = [page.read_text() for page in pages]
    headings = [re.findall(r"^## (.+)$", text, re.M) for text in texts]

    assert headings == [["Context", "Decision", "Consequences"]] * len(pages)
    assert max(len(text.splitlines()) for text in texts) < LONGEST_DECISION


@pytest.mark.parametrize("name", ["README.md", "docs/architecture.md"])
def test_every_package_stands_in_the_stack_of_a_page(name: str) -> None:
    stack = re.findall(r"^    web \| cli\b.*?^    kernel\b", (ROOT / name).read_text(), re.M | re.S)
    rows = set(re.findall(r"\w+", stack[0]))
    packages = sorted(page.parent.name for page in ROOT.glob("scheduler/*/__init__.py"))

    assert [package for package in packages if package not in rows] == []


def test_path_that_is_not_there_is_found() -> None:
    text = "see `scheduler/lost.py`, `tests/cast.py::assemble` and [a page](lost.md#part)"

    assert (list(paths_named(text)), list(links(text))) == (
        ["scheduler/lost.py", "tests/cast.py"],
        ["lost.md"],
    )
