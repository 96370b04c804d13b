"""Somebody who goes through the house: opens pages and sends their forms with one thing wrong in
them, calls the API with bodies that are nearly right, and asks for addresses nobody would type.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from random import Random
from time import perf_counter
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Flask, request, request_started
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from hostile import DATES, HOURS, NUMBERS, TEXTS, Hostile
from tests.web.api.test_api_by_chance import KNOWN, Chance
from tests.web.auth.proofs.test_passkey_step import asked
from tests.web.auth.well_formed import (
    Right,
    Stage,
    right_calls,
    right_deeds,
    right_requests,
    right_sign_ins,
    spoiled,
)
from tests.web.house import PASSWORD, codes
from tests.web.races.shown_forms import TYPED, Control, Form, Reader
from visitor import SEEN, SIGN_IN

PIECE = re.compile(r"<form[^>]*method=\"post\".*?</form>", re.S)
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a@home\r\nDTSTART:20270322T140000Z\r\n"
    "DURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
RIGHT = {
    "address": "https://alpha.example/a.ics",
    "again": PASSWORD,
    "at": "16:00",
    "calendar": CALENDAR,
    "capacity": "proxy",
    "day": "2027-03-03",
    "days": "7",
    "deed": "move",
    "ending": "discharge",
    "first": "2027-01-01",
    "ground": "Dr Abel; Dr Bell",
    "last": "2027-03-12",
    "minutes": "60",
    "password": PASSWORD,
    "purpose": "family_therapy",
    "reason": "she called the ward at night",
    "signed": "2027-02-20",
    "since": "2027-02-01",
    "url": "https://video.example/alpha",
}
"""What stands in fields that a page leaves empty and does not accept so."""
BY_TYPE = {"date": DATES, "time": HOURS, "number": NUMBERS, "datetime-local": DATES}
HOSTILE_BODIES = (
    b"[" * 20_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"a": 1, "a": 2}',
    b'{"name": "\\ud800"}',
    b'{"name": "\\u0000"}',
    b"\xff\xfe{\x00}\x00",
    b'{"n": 1e999}',
    b'{"n": ' + b"9" * 5_000 + b"}",
    b"NaN",
    b"",
)
ENOUGH = 5
"""Refusals in a row after which a route counts as shut to this person."""
SHUT = 0.1
"""How often a shut route is asked for, of an open one."""
QUICK = 0.02
"""Seconds in which a route answers that is asked for as often as any; a dear one seldom."""
SELDOM = 0.1


@dataclass
class Tally:
    """What was answered, by route, and what was wrong with it."""

    statuses: Counter[int] = field(default_factory=Counter)
    routes: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    broken: list[tuple[int, str]] = field(default_factory=list)
    latest: str = ""

    def note(self, name: str, status: int, took: float, said: dict[str, Any]) -> None:
        """Take up one answer."""
        self.latest = name
        self.statuses[status] += 1
        self.routes[name][status] += 1
        self.seconds[name] += took
        if status >= 500:
            self.broken.append((status, repr(said)))
            print("BROKEN", status, said, flush=True)

    def reached(self) -> list[str]:
        """Return the routes that were answered well."""
        found = []
        for name, statuses in self.routes.items():
            if any(status < 400 for status in statuses):
                found.append(name)
        return sorted(found)

    def never(self, routes: Iterable[tuple[Rule, str]]) -> list[str]:
        """Return those of these routes that were never answered well."""
        wanted = {f"{rule.endpoint} {method}" for rule, method in routes}
        return sorted(wanted - set(self.reached()))

    def as_json(self) -> str:
        """Return all of it in one line."""
        return json.dumps(
            {
                "statuses": dict(sorted(self.statuses.items())),
                "routes": {name: dict(said) for name, said in sorted(self.routes.items())},
                "seconds": {name: round(took, 2) for name, took in self.seconds.items()},
            }
        )


class Wanderer:
    """One person, with a browser and perhaps a token."""

    def __init__(
        self,
        client: FlaskClient,
        hostile: Hostile,
        stage: Stage,
        *,
        address: str,
        token: str,
        pages: list[str],
    ) -> None:
        self.client = client
        self.hostile = hostile
        self.stage = stage
        self.chance: Random = hostile.chance
        self.address = address
        self.token = token
        self.share = shares(client.application, pages)
        self.pages: dict[str, float] = {}
        for page in pages:
            self.pages[page] = self.share[page] * (SHUT if self._is_far(page) else 1.0)
        self.tally = Tally()
        self.bodies = Chance(self.chance.randrange(10**6))
        self.document: dict[str, Any] = {}
        self.seen_endpoint = ""
        self.refused: Counter[int] = Counter()
        self.weights = [1.0] * len(hostile.routes)
        self.number = 0
        self.is_out = False
        self.before: Callable[[], None] = lambda: None
        request_started.connect(self._note, client.application)

    def _note(self, *_: object, **__: object) -> None:
        self.seen_endpoint = request.endpoint or ""

    def step(self) -> None:
        """Do one thing: one request, or the few that belong together."""
        way = self.chance.random()
        if way < 0.18 and self.pages:
            self._visit()
        elif way < 0.33 and self.token:
            self._call()
        elif way < 0.43:
            self._right()
        else:
            self._anything()

    def send(self, **said: Any) -> TestResponse:
        """Send one request."""
        self.before()
        self.number += 1
        self.is_out = False
        self.seen_endpoint = ""
        path, method = said["path"], said.get("method", "GET")
        if path.startswith(("/api", "/fhir")) and self.token and self.chance.random() < 0.95:
            said.setdefault("headers", {})["Authorization"] = f"Bearer {self.token}"
        began = perf_counter()
        answer = self.client.open(**said)
        self.took = took = perf_counter() - began
        self.is_out = answer.location == "/"
        name = f"{self.seen_endpoint} {method}"
        self.tally.note(name, answer.status_code, took, said)
        return answer

    def _right(self) -> None:
        """Send what is right, or right but for one thing."""
        if not self.address and self.chance.random() < 0.3:
            self._sign_in()
            return
        some = right_requests(self.stage, self.number)
        if self.token and self.chance.random() < 0.8:
            some = right_calls(self.stage, self.number) + right_deeds(self.number)
        self._send_right(self.chance.choice(some))

    def _sign_in(self) -> None:
        """Go in by each way, and out again."""
        page = self.send(path="/passkey", method="GET").text
        challenge = asked(page) if "data-options" in page else b""
        for step in right_sign_ins(self.stage, challenge):
            self._send_right(step)
        self.client.delete_cookie(SIGN_IN)

    def _send_right(self, right: Right) -> None:
        is_spoiled = self.chance.random() < 0.5
        if is_spoiled and right.body:
            right = replace(right, body=spoiled(right.body, self.chance))
        said = right.said()
        if is_spoiled and right.fields:
            fields = list(right.fields)
            self.hostile.spoil(fields)
            self.hostile.body(said, fields)
        self.send(**said)

    def _anything(self) -> None:
        """Ask for any route; for those that are shut, seldom."""
        routes = range(len(self.weights))
        (place,) = self.chance.choices(routes, self.weights)
        rule, method = self.hostile.routes[place]
        answer = self.send(**self.hostile.request(rule, method))
        if answer.status_code not in {401, 403} and answer.location != "/":
            self.refused[place] = -ENOUGH
            self.weights[place] = self._weight()
            return
        self.refused[place] += 1
        if self.refused[place] >= ENOUGH:
            self.weights[place] = SHUT

    def _is_far(self, page: str) -> bool:
        """True if a page is none of those that somebody without a token begins with."""
        return not self.token and page.startswith("/desk")

    def _weight(self) -> float:
        return max(SELDOM, min(1.0, QUICK / self.took))

    def _visit(self) -> None:
        """Open a page, and send one of its forms, mostly with one thing wrong."""
        (page,) = self.chance.choices(list(self.pages), list(self.pages.values()))
        answer = self.send(path=page, method="GET")
        forms = forms_in(answer, page)
        self.pages[page] = self.share[page] * (self._weight() if forms else SHUT)
        if not forms:
            return
        for _turn in range(self.chance.choice([1, 1, 2])):
            form = self.chance.choice(forms)
            fields = self._filled(form)
            if self.chance.random() < 0.75:
                self._spoil_one(form, fields)
            answer = self._post(form, fields)
            self._say_yes(answer, form.action)

    def _say_yes(self, answer: TestResponse, action: str) -> None:
        """Go on where a page shows first what follows, or asks for a code that was mailed."""
        for _look in range(2):
            onward = forms_in(answer, action)
            if answer.status_code >= 400 or not onward or self.chance.random() < 0.15:
                return
            if SEEN.search(answer.text) is None and 'name="code"' not in answer.text:
                return
            form = onward[-1]
            fields = self._filled(form)
            if self.chance.random() < 0.3:
                self._spoil_one(form, fields)
            answer = self._post(form, fields)

    def _post(self, form: Form, fields: list[tuple[str, str]]) -> TestResponse:
        said: dict[str, Any] = {"path": form.action, "method": "POST", "headers": {}}
        files = {control.name for control in form.controls if control.kind == "file"}
        self.hostile.rawness = 0.005
        self.hostile.body(said, fields, files)
        self.hostile.rawness = 0.05
        return self.send(**said)

    def _filled(self, form: Form) -> list[tuple[str, str]]:
        """Fill a form in as somebody might who means it."""
        fields: list[tuple[str, str]] = []
        radios: dict[str, list[Control]] = {}
        for control in form.controls:
            if control.kind == "radio":
                radios.setdefault(control.name, []).append(control)
            elif control.kind == "checkbox":
                if control.is_checked or self.chance.random() < 0.4:
                    fields.append((control.name, control.value))
            else:
                fields.append((control.name, self._value(control)))
        for name, choices in radios.items():
            fields.append((name, self.chance.choice(choices).value))
        return fields

    def _value(self, control: Control) -> str:
        if control.kind == "select":
            other = self.chance.random() < 0.5
            chosen = self.chance.choice(control.choices or [""])
            return chosen if other else control.value or chosen
        if control.value:
            return control.value
        if control.name == "code":
            return self._code()
        if control.name in RIGHT:
            return RIGHT[control.name]
        if control.kind in TYPED:
            return self.chance.choice(TYPED[control.kind])
        return "Words" if control.kind != "hidden" else ""

    def _code(self) -> str:
        mailed = codes(self.address) if self.address else []
        return mailed[-1] if mailed else "123456"

    def _spoil_one(self, form: Form, fields: list[tuple[str, str]]) -> None:
        """Put one hostile value into the form: half the time one of the field's own kind."""
        if not fields:
            return
        if self.chance.random() < 0.25:
            self.hostile.spoil(fields)
            return
        place = self.chance.randrange(len(fields))
        name = fields[place][0]
        kinds = {control.name: control.kind for control in form.controls}
        values = BY_TYPE.get(kinds.get(name, ""), TEXTS)
        fields[place] = (name, self.chance.choice(values))

    def _call(self) -> None:
        """Call the API as its description has it, or nearly."""
        if not self.document:
            self.document = self.send(path="/api/v1/openapi.json", method="GET").get_json()
        path = self.chance.choice(sorted(self.document["paths"]))
        method = self.chance.choice(sorted(self.document["paths"][path]))
        operation = self.document["paths"][path][method]
        key = self.chance.choice([*KNOWN, *self.hostile.keys])
        address = f"/api/v1{path.replace('{key}', quote(key.encode(errors='replace'), safe=''))}"
        said: dict[str, Any] = {"path": address, "method": method.upper(), "headers": {}}
        asked = {}
        for parameter in operation["parameters"]:
            if parameter["in"] == "query" and self.chance.random() < 0.2:
                word = str(self.bodies.of(parameter["schema"]))
                asked[parameter["name"]] = word.encode(errors="replace").decode()
        said["query_string"] = asked
        if self.chance.random() < 0.9:
            said["headers"]["If-Match"] = "*"
        if "requestBody" in operation:
            self._call_body(said, operation)
        self.send(**said)

    def _call_body(self, said: dict[str, Any], operation: dict[str, Any]) -> None:
        said["content_type"] = "application/json"
        if self.chance.random() < 0.06:
            said["data"] = self.chance.choice(HOSTILE_BODIES)
            return
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        if operation["operationId"] == "plan_cohort":
            said["data"] = b'{"seconds": 0.1}'  # a longer plan works on beside what comes next
            return
        said["data"] = json.dumps(self.bodies.of(schema)).encode()


def shares(app: Flask, pages: list[str]) -> dict[str, float]:
    """Return by page its part of its route, so that each route is visited alike and not each of the
    many addresses of one.
    """
    adapter = app.url_map.bind("hl-sched.example")
    routes = {page: adapter.match(urlsplit(page).path)[0] for page in pages}
    of_route = Counter(routes.values())
    return {page: 1 / of_route[route] for page, route in routes.items()}


def forms_in(answer: TestResponse, page: str) -> list[Form]:
    """Return the forms of a page that can be sent."""
    if answer.mimetype != "text/html" or not answer.data:
        return []
    reader = Reader(page)
    for piece in PIECE.findall(answer.text):
        reader.feed(piece)
    return [form for form in reader.forms if "sign-out" not in form.action]
