"""Calls by chance over the description of the API: no answer is broken, none is unknown to it, and
none lets the father without consent hear anything.
"""

import random
import string
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people import person_by_key
from tests.web.api.caller import Program, held_to_schema, program
from tests.web.house import move_in
from visitor import Browser
from warm import World
from watch import Watch

KEYS = "jordan noemie jordan-mother jordan-father rivera desk evening adult nobody"
KNOWN = (*KEYS.split(), "evening.fam.jordan.w1", "evening.process.2027-03-01", "0" * 32)
ODD = ("", " ", "\u0000", "\ud800", "é🙂", "x" * 600, "../..", "%00", "'; --", "\u202egpj", "NaN")
DAYS = ("2027-03-01", "2027-02-29", "0001-01-01", "9999-12-31", "2027-03-14")
MOMENTS = ("2027-03-01T18:00:00Z", "2027-03-14T02:30:00-05:00", "0001-01-01T00:00:00+14:00")
WALLS = ("2027-03-03T17:00", "2027-03-14T02:30", "2027-99-99T99:99", "9999-12-31T23:59")


class Chance:
    """Makes bodies and questions that a schema takes, or nearly."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def of(self, schema: dict[str, Any], depth: int = 0) -> Any:
        """Make a value for a schema; one in twelve is of no schema at all."""
        if self.dice.random() < 0.08 or depth > 6:
            return self.dice.choice([None, 0, -1, 2**40, 1.5, True, [], {}, *ODD])
        for name in ("anyOf", "oneOf"):
            if name in schema:
                return self.of(self.dice.choice(schema[name]), depth)
        if "enum" in schema:
            return self.dice.choice(schema["enum"])
        kinds = schema.get("type", "string")
        kind = self.dice.choice(kinds) if isinstance(kinds, list) else kinds
        makers: dict[str, Callable[[dict[str, Any], int], Any]] = {
            "object": self._object,
            "array": self._array,
            "string": self._text,
            "integer": self._whole,
            "number": self._whole,
        }
        if kind in makers:
            return makers[kind](schema, depth)
        return self.dice.random() < 0.5 if kind == "boolean" else None

    def _object(self, schema: dict[str, Any], depth: int) -> dict[str, Any]:
        made = {}
        for name, inner in schema.get("properties", {}).items():
            is_needed = name in schema.get("required", ())
            if self.dice.random() < (0.97 if is_needed else 0.4):
                made[name] = self.of(inner, depth + 1)
        if self.dice.random() < 0.04:
            made[self.dice.choice(["colour", "\u0000", "__proto__"])] = 1
        return made

    def _array(self, schema: dict[str, Any], depth: int) -> list[Any]:
        return [self.of(schema.get("items", {}), depth + 1) for _ in range(self.dice.randint(0, 3))]

    def _whole(self, schema: dict[str, Any], depth: int) -> int:
        least = int(schema.get("minimum", 0))
        return self.dice.choice([least, int(schema.get("maximum", 90)), least - 1, least + 7, 60])

    def _text(self, schema: dict[str, Any], depth: int) -> str:
        by_format = {"date": DAYS, "date-time": MOMENTS}
        if schema.get("format") in by_format:
            return self.dice.choice(by_format[schema["format"]])
        if "T[0-9]" in schema.get("pattern", ""):
            return self.dice.choice(WALLS)
        letters = "".join(self.dice.choices(string.ascii_lowercase, k=8))
        words = [*KNOWN, "a@b.example", "+16175550142", "America/Chicago", "es", "MA", "18:00"]
        return self.dice.choice([*words, letters, *ODD[:3]])


@pytest.fixture
def house(sqlite_app: Flask, clock: Watch, world: World) -> Flask:
    """The practice on SQLite alone: thousands of calls a test."""
    world.begin(move_in)
    sqlite_app.test_client_class = Browser
    return sqlite_app


def test_no_call_by_chance_breaks_the_door(
    house: Flask, clock: Watch, seed: int, trials: Callable[[int, int], int]
) -> None:
    caller = program(house, "desk")
    document = Program(house, "").get("/openapi.json").get_json()
    operations = [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation["operationId"] != "plan_cohort"
    ]
    chance = Chance(seed)
    seen: dict[str, set[int]] = {}
    for number in range(trials(200, 20_000)):
        if number % 200 == 0:
            clock.moment += timedelta(minutes=1)
        method, path, operation = chance.dice.choice(operations)
        status = one_call(caller, chance, method, path, operation)
        seen.setdefault(operation["operationId"], set()).add(status)

    refusals = {400, 403, 404, 409, 412, 413, 415, 422, 428, 429}
    assert set().union(*seen.values()) <= {200, 201} | refusals
    father = person_by_key("jordan-father").id
    assert db.session.scalars(select(Letter).where(Letter.recipient_id == father)).all() == []


def one_call(
    caller: Program, chance: Chance, method: str, path: str, operation: dict[str, Any]
) -> int:
    """Send one call by chance; its answer is held to the description."""
    asked = {}
    headers = {}
    for parameter in operation["parameters"]:
        name = parameter["name"]
        if parameter["in"] == "path":
            path = path.replace("{key}", chance.dice.choice(KNOWN))
        elif parameter["in"] == "query" and chance.dice.random() < 0.2:
            word = str(chance.of(parameter["schema"]))
            asked[name] = word.encode("utf-8", "replace").decode()
        elif name == "If-Match" and chance.dice.random() < 0.9:
            headers[name] = chance.dice.choice(["*", '"old"'])
        elif name == "Idempotency-Key" and chance.dice.random() < 0.3:
            headers[name] = chance.dice.choice(["a", "b", "c"])
    body = None
    if "requestBody" in operation:
        body = chance.of(operation["requestBody"]["content"]["application/json"]["schema"])
    said = {"Authorization": f"Bearer {caller.token}"} | headers
    address = f"/api/v1{path}"
    answer = caller.client.open(address, method=method, query_string=asked, json=body, headers=said)
    held_to_schema(caller.app, method, address, answer)
    return answer.status_code
