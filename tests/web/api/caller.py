"""A program that calls the API: holds a token, and believes no answer that its description does not
know.
"""

import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask
from jsonschema import Draft6Validator, Draft202012Validator, FormatChecker
from werkzeug.test import TestResponse

from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.people import Scope, make_api_token, person_by_key
from scheduler.web.api.door.api_problem import MEDIA_TYPE, PROBLEM_SCHEMA
from scheduler.web.api.door.api_routes import BOOK, Route
from scheduler.web.api.door.openapi_document import gives_of
from visitor import browser

FORMATS = FormatChecker(["date"])
R4 = Path(__file__).parent / "hl7" / "r4.schema.json"


@FORMATS.checks("date-time", ValueError)
def is_moment(value: object) -> bool:
    """True for an instant with its offset."""
    return not isinstance(value, str) or datetime.fromisoformat(value).tzinfo is not None


def token_for(key: str, *scopes: Scope, days: int = 30) -> str:
    """A token that acts as a member of staff; without scopes, with all."""
    name = f"{key}-{'-'.join(scopes) or 'all'}-{days}"
    secret = make_api_token(
        name,
        person_by_key(key),
        scopes or tuple(Scope),
        lasts=timedelta(days=days),
        by="command",
        now=clock.now(),
    )
    db.session.commit()
    return secret


class Program:
    """Calls as somebody, and holds every answer to its schema."""

    def __init__(self, app: Flask, token: str) -> None:
        self.app = app
        self.token = token
        self.client = browser(app)

    def call(
        self, method: str, path: str, body: Any = None, data: bytes | None = None, **headers: str
    ) -> TestResponse:
        """Send one call; `headers` with low lines for hyphens."""
        said = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            data = json.dumps(body).encode()
        if data is not None:
            said.setdefault("Content-Type", "application/json")
        address = path if path.startswith("/fhir") else f"/api/v1{path}"
        answer = self.client.open(address, method=method, data=data, headers=said)
        held_to_schema(self.app, method, address, answer)
        return answer

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.call("GET", path, **headers)

    def tag(self, path: str) -> str:
        """The ETag of a row."""
        return self.get(path).headers["ETag"]

    def patch(self, path: str, body: Any, **headers: str) -> TestResponse:
        """Change a row as it is now."""
        headers.setdefault("If_Match", self.tag(path))
        return self.call("PATCH", path, body, **headers)


def program(app: Flask, key: str, *scopes: Scope) -> Program:
    """A program that acts as a member of staff."""
    return Program(app, token_for(key, *scopes))


def held_to_schema(app: Flask, method: str, address: str, answer: TestResponse) -> None:
    """Raise for an answer that the description does not know."""
    assert answer.status_code < 500, answer.text
    assert "Set-Cookie" not in answer.headers
    if method in {"HEAD", "OPTIONS"}:
        return
    if address.startswith("/fhir"):
        assert answer.content_type == "application/fhir+json", answer.text
        hl7().validate(answer.get_json(force=True))
        return
    if answer.status_code >= 400:
        assert answer.content_type == MEDIA_TYPE, answer.text
        assert answer.get_json(force=True)["status"] == answer.status_code
        _validator(None).validate(answer.get_json(force=True))
        return
    adapter = app.url_map.bind("localhost")
    endpoint, _ = adapter.match(address.partition("?")[0], method=method)
    if endpoint != "api.describe":
        _validator(endpoint.removeprefix("api.")).validate(answer.get_json())


@cache
def hl7() -> Draft6Validator:
    """HL7's own schema of R4, cut to what is served here."""
    return Draft6Validator(json.loads(R4.read_text()))


def routes() -> dict[str, Route]:
    return {route.name: route for route in BOOK.routes}


@cache
def _validator(name: str | None) -> Draft202012Validator:
    schema = PROBLEM_SCHEMA if name is None else gives_of(routes()[name])
    return Draft202012Validator(schema, format_checker=FORMATS)
