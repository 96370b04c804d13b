"""Scripts and templates: what none of them may hold, and what forms ask for at sign-in."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "scheduler" / "web" / "static").rglob("*.js"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SIGNING_IN = sorted((ROOT / "templates" / "auth").glob("*.html"))
FOREIGN = (
    r"eval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write|setTimeout\([\"']"
)
KEPT = r"localStorage|sessionStorage|indexedDB|document\.cookie|caches\."
TALKING = (
    r"postMessage|onmessage|addEventListener\(\s*[\"'`]message|WebSocket|EventSource|importScripts"
    r"|serviceWorker|jsonp|callback="
)
MERGED = r"__proto__|\.prototype\b|Object\.assign\(|\w\[[^\]]+\]\s*=[^=>]"
ODD = r"\|\s*safe\b|autoescape|<(?:object|embed|applet|iframe)\b"
PASSWORD = r'(field\("|<input (?!type="hidden").*name=")(password|again|current|proof)"'
ASKED = {
    "address",
    "admin_email",
    "admin_name",
    "again",
    "code",
    "current",
    "password",
    "proof",
}


def found(pattern: str) -> list[tuple[str, str]]:
    """Return what of a pattern stands in which script."""
    return [(path.name, word) for path in SCRIPTS for word in re.findall(pattern, path.read_text())]


@pytest.mark.parametrize("pattern", [FOREIGN, KEPT, TALKING, MERGED])
def test_script_runs_no_text_keeps_nothing_and_talks_to_no_other_page(pattern: str) -> None:
    assert found(pattern) == []


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (FOREIGN, "place.innerHTML = words;"),
        (KEPT, "localStorage.setItem(name, words);"),
        (TALKING, 'window.addEventListener("message", (event) => go(event.data));'),
        (MERGED, "known[name] = words;"),
    ],
)
def test_planted_line_of_a_script_is_found(pattern: str, line: str) -> None:
    assert re.search(pattern, line)


def test_template_escapes_and_holds_no_plugin() -> None:
    odd = {}
    for path in TEMPLATES:
        words = re.findall(ODD, path.read_text())
        if words:
            odd[path.name] = sorted(set(words))

    assert odd == {"code.html": ["|safe"], "mailbox.html": ["<iframe"]}


def test_signing_in_asks_for_no_hint_and_no_second_name() -> None:
    asked = set()
    for path in SIGNING_IN:
        if path.name != "set_up.html":
            text = path.read_text()
            asked |= set(re.findall(r'field\("(\w+)"', text))
            asked |= set(re.findall(r'<input (?![^>]*hidden)[^>]*\bname="(\w+)"', text))

    assert asked <= ASKED


def test_password_is_masked_and_left_to_the_managers_of_passwords() -> None:
    wrong, asked = [], 0
    for path in TEMPLATES:
        for line in path.read_text().splitlines():
            if not re.search(PASSWORD, line):
                continue
            asked += 1
            masked = 'kind="password"' in line or 'type="password"' in line
            helped = "new-password" in line or "current-password" in line
            if not masked or not helped or "onpaste" in line:
                wrong.append((path.name, line))

    assert (wrong, asked) == ([], 9)
    assert found(r"paste|autocomplete|\.type\s*=\s*.text") == []
