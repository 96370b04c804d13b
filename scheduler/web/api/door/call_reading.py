"""A call read: what its address asks, what its body says, and what it must not."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import current_app, request

from scheduler.ical import without_direction
from scheduler.kernel.errors import InputError
from scheduler.people.models import Person
from scheduler.web.api.door.api_problem import ApiProblem
from scheduler.web.api.door.api_routes import Call, Route
from scheduler.web.api.door.check_body import Schema, problems_of
from scheduler.web.api.door.cursors import cursor_key, open_cursor, seal_cursor
from scheduler.web.api.door.strict_json import read_json

JSON = frozenset({"application/json", "application/merge-patch+json"})
USUAL_PAGE = 50
LONGEST_PAGE = 200
PAGING: Mapping[str, Schema] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": LONGEST_PAGE},
    "cursor": {"type": "string", "maxLength": 2000},
}
PAGE_NAMES = frozenset({*PAGING, "_count", "_format", "_total"})
"""What says how a list is cut and not what is in it."""
REHEARSING: Mapping[str, Schema] = {"dry_run": {"type": "boolean"}}
KEY = re.compile("[!-~]{1,255}")
TRUTHS = {"true": True, "false": False, "1": True, "0": False}


def questions_of(route: Route) -> dict[str, Schema]:
    """Return what a route's address may ask."""
    asks = dict(route.asks)
    if route.is_list:
        asks |= PAGING
    if route.rehearses:
        asks |= REHEARSING
    return asks


def read_call(route: Route, key: str, staff: Person, row: Any, *, now: datetime) -> Call:
    """Return a call as its view needs it, with the row it was found to be about. Raises 400, 415,
    422.
    """
    args = _args(questions_of(route))
    question = {"route": route.name, "by": staff.id, "key": key}
    question |= {name: value for name, value in args.items() if name not in PAGE_NAMES}
    secret = cursor_key(current_app.config["SECRET_KEY"])
    after = None
    if "cursor" in args:
        try:
            after = open_cursor(secret, args["cursor"], question)
        except InputError as error:
            raise ApiProblem(400, f"{error}.") from error
    return Call(
        staff=staff,
        now=now,
        key=key,
        args=args,
        body=_body(route),
        match=request.headers.get("If-Match"),
        after=after,
        limit=args.get("limit", args.get("_count", USUAL_PAGE)),
        seal=lambda place: seal_cursor(secret, place, question),
        row=row,
    )


def idempotency_key() -> str | None:
    """Return what tells this call from every other, None where it does not say. Raises 400."""
    said = request.headers.get("Idempotency-Key")
    if said is not None and not KEY.fullmatch(said):
        raise ApiProblem(400, "An Idempotency-Key is 1 to 255 visible ASCII signs.")
    return said


def _args(asks: Mapping[str, Schema]) -> dict[str, Any]:
    args = {}
    for name, values in request.args.lists():
        if name not in asks:
            raise ApiProblem(400, f"{name[:60]} is no question here.")
        is_many = asks[name].get("type") == "array"
        if len(values) > 1 and not is_many:
            raise ApiProblem(400, f"{name} is asked twice.")
        value = values if is_many else _typed(asks[name], values[0])
        for problem in problems_of(asks[name], value, name):
            raise ApiProblem(400, f"{problem}.")
        args[name] = value
    return args


def _typed(schema: Schema, word: str) -> Any:
    if schema.get("type") == "integer" and re.fullmatch("[0-9]{1,9}", word):
        return int(word)
    if schema.get("type") == "boolean":
        return TRUTHS.get(word, word)
    return word


def _body(route: Route) -> dict[str, Any]:
    """Return what a body says, without signs that turn letters round."""
    if route.takes is None:
        return {}
    data = request.get_data(cache=False)
    if not data and not route.takes.get("required") and not route.takes.get("minProperties"):
        return {}
    if request.mimetype not in JSON:
        raise ApiProblem(415)
    try:
        tree = _plain(read_json(data))
    except InputError as error:
        raise ApiProblem(400, f"{error}.") from error
    problems = problems_of(route.takes, tree)
    if problems:
        raise ApiProblem(422, "The body is not what is taken here.", errors=problems)
    body: dict[str, Any] = tree
    return body


def _plain(tree: Any) -> Any:
    if isinstance(tree, str):
        return without_direction(tree)
    if isinstance(tree, list):
        return [_plain(item) for item in tree]
    if isinstance(tree, dict):
        return {name: _plain(item) for name, item in tree.items()}
    return tree
