"""Forms as a page shows them: found by walking its links, read by a parser, filled in by kind."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

ABOUT = ("jordan", "process", "fam", "desk", "lowe")
"""Names in addresses that make a page another one of its kind."""
FREE = ("text", "textarea", "search")
TYPED = {
    "date": ("2027-03-10", "2027-03-11"),
    "time": ("10:00", "11:00"),
    "number": ("3", "4"),
    "email": ("alpha@family.example", "beta@family.example"),
    "tel": ("+16175550111", "+16175550112"),
    "url": ("https://alpha.example/a", "https://beta.example/b"),
}
"""What two people type into an empty field of each kind that must be filled."""
MANY = ("checkbox", "radio")


@dataclass
class Control:
    """One field: its kind, what it says, and what may be chosen."""

    name: str
    kind: str
    value: str = ""
    choices: list[str] = field(default_factory=list)
    is_required: bool = False
    is_checked: bool = False


@dataclass
class Form:
    """One form of a page, and where it is sent."""

    page: str
    action: str
    controls: list[Control] = field(default_factory=list)
    has_button: bool = False

    def is_like(self, other: "Form") -> bool:
        """True if it is the same form, shown at another moment."""
        names = [control.name for control in self.controls]
        return self.action == other.action and names == [each.name for each in other.controls]

    def filled(self, person: int, word: str) -> dict[str, list[str]]:
        """Return what the first (0) or second (1) of two people sends: what the page says, what
        must be filled, and in free words a word of their own; "" leaves those empty.
        """
        said: dict[str, list[str]] = {}
        radios: dict[str, list[Control]] = {}
        for control in self.controls:
            if control.kind == "radio":
                radios.setdefault(control.name, []).append(control)
                continue
            value = _typed(control, person, word)
            if value is not None:
                said.setdefault(control.name, []).append(value)
        for name, choices in radios.items():
            checked = [choice for choice in choices if choice.is_checked]
            said[name] = [(checked or choices)[0].value]
        return said


def _typed(control: Control, person: int, word: str) -> str | None:
    """Return what is sent for a field; None for what is not sent at all."""
    if control.kind == "checkbox":
        return control.value if control.is_checked else None
    if control.kind == "select":
        filled = [choice for choice in control.choices if choice]
        return control.value or (filled[0] if filled else "")
    if control.kind in TYPED:
        wanted = TYPED[control.kind][person] if control.is_required else ""
        return control.value or wanted
    if control.kind in FREE:
        return control.value or (f"Words {word}" if word else "")
    return control.value


def _looks_ahead(form: dict[str, str]) -> bool:
    """True if what a form asks for stands in the address of a page that shows a deed before it is
    done.
    """
    return form.get("action", "").endswith("/look")


class Reader(HTMLParser):
    """Reads the forms and links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.form: Form | None = None
        self.choosing: Control | None = None
        self.writing: Control | None = None
        self.of_id: dict[str, Form] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a link, a form or a field."""
        said = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(urljoin(self.page, said.get("href", "")))
        elif tag == "form" and (said.get("method") == "post" or _looks_ahead(said)):
            self.form = Form(self.page, urljoin(self.page, said.get("action") or self.page))
            self.forms.append(self.form)
            self.of_id[said.get("id", "")] = self.form
        elif tag == "option" and self.choosing is not None:
            self._choice(said)
        elif tag in {"input", "select", "textarea", "button"} and "disabled" not in said:
            self._control(tag, said)

    def _choice(self, said: dict[str, str]) -> None:
        assert self.choosing is not None
        value = said.get("value", "")
        self.choosing.choices.append(value)
        if "selected" in said or len(self.choosing.choices) == 1:
            self.choosing.value = value

    def _control(self, tag: str, said: dict[str, str]) -> None:
        form = self.of_id.get(said.get("form", " "), self.form)
        if form is None:
            return
        if tag == "button":
            self._button(form, said)
            return
        if not said.get("name"):
            return
        kind = said.get("type", "text") if tag == "input" else tag
        control = Control(
            name=said["name"],
            kind=kind,
            value=said.get("value", "on" if kind in MANY else ""),
            is_required="required" in said,
            is_checked="checked" in said,
        )
        form.controls.append(control)
        self.choosing = control if tag == "select" else None
        self.writing = control if tag == "textarea" else None

    def _button(self, form: Form, said: dict[str, str]) -> None:
        """Take the first button, which Enter presses, by whatever name it has."""
        if form.has_button:
            return
        form.has_button = True
        if said.get("name"):
            button = Control(said["name"], "button", said.get("value", ""))
            form.controls.append(button)

    def handle_endtag(self, tag: str) -> None:
        """Close a form, a choice or a field of words."""
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.choosing = None
        elif tag == "textarea":
            self.writing = None

    def handle_data(self, data: str) -> None:
        """Take what a field of words says."""
        if self.writing is not None:
            self.writing.value += data


def read_page(client: FlaskClient, page: str) -> Reader:
    """Return what stands on a page; nothing on one that is not a page."""
    answer = client.get(page)
    reader = Reader(page)
    assert answer.status_code < 500, page
    if answer.status_code == 200 and answer.mimetype == "text/html":
        reader.feed(answer.text)
    return reader


class Walk:
    """All forms that links lead to, by the view they are sent to; a page more can be read later."""

    def __init__(self, client: FlaskClient, under: tuple[str, ...]) -> None:
        self.client = client
        self.app = client.application
        self.under = under
        self.forms: dict[str, list[Form]] = {}
        self.seen: set[str] = set()
        self.kinds: set[str] = set()

    def go(self, begin: Iterable[str]) -> None:
        """Read pages and what they lead to, one page of each kind."""
        waiting = list(begin)
        while waiting:
            page = waiting.pop(0)
            if page not in self.seen:
                self.seen.add(page)
                waiting += self.read(page)

    def read(self, page: str) -> list[str]:
        """Take note of the forms of a page; return what it leads to that was not read yet."""
        reader = read_page(self.client, page)
        for form in reader.forms:
            endpoint = endpoint_of(self.app, form.action, "POST")
            known = self.forms.setdefault(endpoint, [])
            if form not in known:
                known.append(form)
        onward = []
        for link in reader.links:
            path = urldefrag(link)[0]
            kind = self._kind(path)
            if path.startswith(self.under) and kind not in self.kinds:
                self.kinds.add(kind)
                onward.append(path)
        return onward

    def _kind(self, path: str) -> str:
        """Return what is alike for pages of one view about alike things."""
        endpoint = endpoint_of(self.app, path, "GET")
        names = [name for name in ABOUT if name in path]
        return repr((endpoint, names, bool(urlsplit(path).query)))


def endpoint_of(app: Flask, address: str, method: str) -> str:
    """Return which view answers an address."""
    try:
        return str(app.url_map.bind("").match(urlsplit(address).path, method)[0])
    except HTTPException:
        return ""
