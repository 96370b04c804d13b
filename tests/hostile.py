"""Hostile requests: from the map of routes and from the forms of real pages, with values nobody
would type, by a seeded generator.
"""

import re
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import quote, quote_from_bytes, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

ASKED = re.compile(r'(?:args|form|values|files)\.get(?:list)?\(\s*"(\w+)"')
FIELD = re.compile(r'_field\(\s*"(\w+)"')
MOST_ASKED = 10
"""Addresses with questions that are kept of a route."""
WEB = Path(__file__).resolve().parent.parent / "scheduler" / "web"

DATES = (
    "9990-01-01",
    "0001-01-01",
    "9999-12-31",
    "2027-02-30",
    "2027-2-3",
    "2027-W09-1",
    "20270301",
    "-2027-03-01",
    "2099-03-01",
    "1900-02-29",
    "2027-03-14T02:30",
    "2027-03-14",
    "2027-11-07T01:30",
    "2029-03-01",
    "9999-12-31T23:59",
    "0001-01-01T00:00",
    "2027-03-01T18:00+99:99",
    "٢٠٢٧-٠٣-٠١",
)
HOURS = ("24:00", "25:99", "-1:00", "00:00", "23:59:60", "١٨:٠٠", "7 PM", "02:30")
NUMBERS = (
    "-1",
    "0",
    "1e308",
    "nan",
    "inf",
    "9" * 40,
    "-" + "9" * 40,
    "2147483648",
    "9223372036854775808",
    "0x10",
    "1_000",
    "٣",
    "²",
    "1.5",
    "+5",
    " 7 ",
)
TEXTS = (
    "",
    " ",
    "a" * 5000,
    "b" * 10_240,
    "\u202etxet\u202c",
    "\u2066x\u2069\u200f",
    "a\x00b",
    "\x00",
    "\ud800",
    "x\udfffy",
    "\ufffe\uffff",
    "e\u0301" * 40,
    "\U0001f469\u200d\U0001f467",
    "\r\nBcc: x@mail.example",
    "\x1b[31m\x07\x08",
    "' OR 1=1 --",
    "%s%n{0}{x.__class__}",
    "{{ 7*7 }}{% if %}",
    "<script>alert(1)</script>",
    "../../../../etc/passwd",
    "\\..\\..\\x",
    "//evil.example/",
    "javascript:alert(1)",
    "http://127.0.0.1:1/",
    "http://[::1",
    "https://xn--\u00e9.example:99999/",
    "a@b",
    "@",
    "a@" + "b" * 300 + ".example",
    "a@b.example,c@d.example",
    "+1" + "5" * 40,
    "tel:+1617\u202e",
    "None",
    "null",
    "[]",
    '{"a": 1}',
    "true",
    "\u2028\u2029\u0085",
    "\N{ZERO WIDTH SPACE}" * 20,
    "É" * 200,
)
RAW = (b"\xff\xfe", b"%ZZ", b"%", b"%ED%A0%80", b"%C0%AF", b"%u0041", b"\xed\xa0\x80", b"a=b&c")
HEADERS = (
    ("Accept-Language", "x" * 3000),
    ("Accept-Language", "es;q=nan, \u00ff;q=-1,,;"),
    ("If-None-Match", '"' * 300),
    ("If-Modified-Since", "Sun, 99 Foo 99999 99:99:99 GMT"),
    ("Range", "bytes=-1,9-,99999999999999999999-"),
    ("User-Agent", "\x01" * 50),
    ("X-Forwarded-For", "not an address, ::ffff:1.2.3.4"),
    ("Content-Type", "multipart/form-data"),
    ("Content-Type", "application/json"),
    ("Content-Type", "text/plain; charset=utf-7"),
    ("Content-Type", "\u00ff/\u00ff; boundary=\x7f"),
    ("Cookie", "__Host-kinfold-form=x.y.z; __Host-kinfold-device=!; __Host-kinfold-browser=."),
    ("Referer", "https://evil.example/"),
)

SAYS_503 = {"health.working"}
"""What answers 503 because it is so: no worker is there."""

Fields = dict[str, list[str]]


class Page(HTMLParser):
    """The forms and addresses of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.addresses: list[str] = []
        self.forms: list[tuple[str, str, Fields]] = []
        self.inside: Fields | None = None
        self.choosing = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take up what a tag says."""
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href"):
            self.addresses.append(urljoin(self.address, said["href"]))
        if tag == "form":
            self.inside = {}
            to = urljoin(self.address, said.get("action") or self.address)
            self.forms.append((said.get("method", "get").upper(), to, self.inside))
        if self.inside is None:
            return
        if tag == "select":
            self.choosing = said.get("name", "")
            self.inside.setdefault(self.choosing, [])
        if tag == "option" and self.choosing:
            self.inside[self.choosing].append(said.get("value", ""))
        if tag in {"input", "textarea", "button"} and said.get("name"):
            self.inside.setdefault(said["name"], []).append(said.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        """Leave a form or a list."""
        if tag == "form":
            self.inside = None
        if tag == "select":
            self.choosing = ""


@dataclass
class Known:
    """What walking through real pages taught: forms of a route, good values of its address, and
    which pages can be sent something.
    """

    forms: dict[tuple[str, str], list[Fields]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    good: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    pages: list[str] = field(default_factory=list)
    asked: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    """By route, addresses with questions in them as pages ask them."""


def walk_through(client: FlaskClient, begin: list[str], known: Known, most: int) -> None:
    """Read up to `most` pages from `begin` on, and note what they hold."""
    adapter = client.application.url_map.bind("hl-sched.example")
    waiting, seen = list(begin), set(begin)
    while waiting and most:
        address = waiting.pop(0)
        most -= 1
        answer = client.get(address)
        if answer.mimetype != "text/html":
            continue
        page = Page(address)
        page.feed(answer.text)
        if any(method == "POST" for method, _to, _fields in page.forms):
            known.pages.append(address)
        for method, to, fields in page.forms:
            _note(adapter, method, to, fields, known)
        for found in page.addresses:
            parts = urlsplit(found)
            is_ours = parts.netloc in {"", "hl-sched.example"} and parts.path.startswith("/")
            endpoint = _note(adapter, "GET", found, {}, known) if is_ours else None
            kind = f"{endpoint}?{parts.query}"[:60]
            if endpoint and kind not in seen:
                seen.add(kind)
                waiting.append(found)


def _note(adapter: Any, method: str, to: str, fields: Fields, known: Known) -> str | None:
    parts = urlsplit(to)
    try:
        endpoint, names = adapter.match(parts.path, method)
    except HTTPException:
        return None
    for name, value in names.items():
        known.good[good_name(parts.path, name)].add(str(value))
    kept = [form.keys() for form in known.forms[endpoint, method]]
    if fields and fields.keys() not in kept:
        known.forms[endpoint, method].append(fields)
    known.names[endpoint].update(re.findall(r"(?:^|&)(\w+)=", parts.query))
    asked = known.asked[endpoint]
    if parts.query and method == "GET" and len(asked) < MOST_ASKED:
        asked.append(f"{parts.path}?{parts.query}")
    return str(endpoint)


def good_name(path: str, name: str) -> str:
    """Return under what a good value of an address is known."""
    begin = path.split("/")[1:3]
    return f"{'/'.join(part for part in begin if not part.startswith('<'))} {name}"


def names_in_code(app: Flask) -> dict[str, set[str]]:
    """Return the fields that the module of each blueprint asks for by name."""
    by_module: dict[str, set[str]] = {}
    for path in WEB.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        by_module[path.stem] = {*ASKED.findall(text), *FIELD.findall(text)}
    everywhere = by_module.get("look_ahead", set()) | {"shown", "opened", "key", "week", "day"}
    return {name: by_module.get(name, set()) | everywhere for name in app.blueprints}


@dataclass
class Hostile:
    """Makes one request after the other."""

    app: Flask
    known: Known
    chance: Random
    rawness: float = 0.05
    """Of all names and values, the share that are octets of no text."""

    def __post_init__(self) -> None:
        rules = [rule for rule in self.app.url_map.iter_rules() if rule.endpoint not in SAYS_503]
        self.routes: list[tuple[Rule, str]] = []
        for rule in sorted(rules, key=lambda rule: (rule.rule, rule.endpoint)):
            methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
            self.routes += [(rule, method) for method in methods]
        self.in_code = names_in_code(self.app)
        every = sorted({value for values in self.known.good.values() for value in values})
        self.keys = every or ["jordan"]

    def request(self, rule: Rule, method: str) -> dict[str, Any]:
        """Return what FlaskClient.open takes."""
        chance = self.chance
        said: dict[str, Any] = {"path": self._address(rule), "method": method, "headers": {}}
        asked = self.known.asked.get(rule.endpoint, [])
        if asked and method == "GET" and chance.random() < 0.2:
            return {"path": chance.choice(asked), "method": "GET", "headers": {}}
        if chance.random() < 0.03:
            said["method"] = chance.choice(["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"])
        if chance.random() < 0.5 or method == "GET":
            said["query_string"] = self._encoded(self._fields(rule, "GET"))
        if method == "POST":
            self.body(said, self._fields(rule, "POST"))
        if chance.random() < 0.15:
            name, value = chance.choice(HEADERS)
            said["headers"][name] = value
        return said

    def _address(self, rule: Rule) -> str:
        parts = []
        for piece in re.split(r"(<[^>]+>)", rule.rule):
            if not piece.startswith("<"):
                parts.append(piece)
                continue
            name = piece.strip("<>").rpartition(":")[2]
            if "any(" in piece and self.chance.random() < 0.95:
                parts.append(
                    self.chance.choice(piece.partition("(")[2].partition(")")[0].split(","))
                )
                continue
            good = sorted(self.known.good.get(good_name(rule.rule, name), ()))
            if good and self.chance.random() < 0.75:
                parts.append(quote(self.chance.choice(good), safe=""))
            else:
                parts.append(self._octets(self._hostile()).replace("/", "%2F") or "x")
        return "".join(parts)

    def _fields(self, rule: Rule, method: str) -> list[tuple[str, str]]:
        chance = self.chance
        forms = self.known.forms.get((rule.endpoint, method), [])
        fields: list[tuple[str, str]] = []
        if forms and chance.random() < 0.9:
            form = chance.choice(forms)
            for name, values in form.items():
                fields.append((name, chance.choice(values) if values else ""))
            most = chance.choice([1, 1, 1, 2, 3, len(fields)])
            for _ in range(most):
                self.spoil(fields)
            return fields
        blueprint = rule.endpoint.partition(".")[0]
        names = sorted(self.in_code.get(blueprint, set()) | self.known.names[rule.endpoint])
        for name in chance.sample(names, min(len(names), chance.randint(0, 6))):
            fields.append((name, self._hostile()))
        return fields

    def spoil(self, fields: list[tuple[str, str]]) -> None:
        """Make one field of a form wrong."""
        if not fields:
            return
        chance = self.chance
        place = chance.randrange(len(fields))
        name, value = fields[place]
        way = chance.random()
        if way < 0.7:
            fields[place] = (name, self._hostile())
        elif way < 0.78:
            fields.pop(place)
        elif way < 0.86:
            fields.append((name, self._hostile()))
        elif way < 0.93:
            fields[place] = (f"{name}[]", value)
        else:
            fields[place] = (self._hostile()[:40], value)

    def _hostile(self) -> str:
        kinds = (DATES, DATES, HOURS, NUMBERS, TEXTS, TEXTS, self.keys, self.keys)
        return self.chance.choice(self.chance.choice(kinds))

    def _octets(self, text: str) -> str:
        if self.chance.random() < self.rawness:
            return self.chance.choice(RAW).decode("latin-1")
        return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")

    def _encoded(self, fields: list[tuple[str, str]]) -> str:
        return "&".join(f"{self._octets(name)}={self._octets(value)}" for name, value in fields)

    def body(
        self,
        said: dict[str, Any],
        fields: list[tuple[str, str]],
        files: Collection[str] = (),
    ) -> None:
        """Put fields into the body of a request; those of `files` as files that were chosen."""
        way = self.chance.random() if not files else 0.8 + self.chance.random() / 5
        if way < 0.8:
            said["data"] = self._encoded(fields).encode("latin-1", "replace")
            said["content_type"] = "application/x-www-form-urlencoded"
            return
        boundary = "----x"
        lines = []
        for name, value in fields:
            octets = value.encode("utf-8", "surrogatepass")
            file = '; filename="x\x00.ics"' if self.chance.random() < 0.2 else ""
            file = '; filename="my.ics"' if name in files else file
            head = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'
            lines.append(head.encode("utf-8", "surrogatepass") + octets + b"\r\n")
        whole = b"".join(lines) + f"--{boundary}--\r\n".encode()
        if 0.8 < way < 0.87:
            cut = self.chance.randint(0, len(whole))
            whole = whole[:cut]
        if way > 0.97:
            boundary = "other\x00"
        said["data"] = whole
        said["content_type"] = f"multipart/form-data; boundary={boundary}"
