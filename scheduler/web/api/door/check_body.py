"""What a body lacks of its schema, by place: the part of JSON Schema 2020-12 that ours are written
in. Pure.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

from scheduler.kernel.errors import Problem

Schema = dict[str, Any]
OLDEST, NEWEST = 1900, 2200
"""Years of a day that anybody means."""


def problems_of(schema: Schema, value: Any, place: str = "") -> list[Problem]:
    """Return what is wrong with a value, each at its place; nothing for a good one."""
    return list(_problems(schema, value, place))


def _problems(schema: Schema, value: Any, place: str) -> Iterator[Problem]:
    refusal = _kind_refused(schema, value) or _word_refused(schema, value)
    if refusal:
        yield Problem(place, refusal)
        return
    for kind, look in LOOKS.items():
        if _is_of(value, kind):
            yield from look(schema, value, place)


def _kind_refused(schema: Schema, value: Any) -> str:
    """Return what a value must be and is not, "" for one that is."""
    types = schema.get("type")
    if types is None:
        return ""
    allowed = [types] if isinstance(types, str) else types
    for word in allowed:
        if _is_of(value, word):
            return ""
    return f"must be {' or '.join(allowed)}"


def _word_refused(schema: Schema, value: Any) -> str:
    """Return which words there are where a value is none of them."""
    words = schema.get("enum")
    if words is None or value in words:
        return ""
    named = ", ".join(str(word) for word in words if word is not None)
    return f"must be one of {named}"


def _text(schema: Schema, value: str, place: str) -> Iterator[Problem]:
    if len(value) < schema.get("minLength", 0):
        yield Problem(place, "must not be empty")
    elif len(value) > schema.get("maxLength", len(value)):
        yield Problem(place, f"is longer than {schema['maxLength']} characters")
    elif "pattern" in schema and not re.search(schema["pattern"], value):
        yield Problem(place, f"must look like {schema['pattern']}")
    else:
        yield from _form(schema.get("format"), value, place)


def _form(form: str | None, value: str, place: str) -> Iterator[Problem]:
    if form == "date" and not _is_day(value):
        yield Problem(place, "must be a day, as 2027-03-09")
    elif form == "date-time" and not _is_moment(value):
        yield Problem(place, "must be a moment with its offset, as 2027-03-09T18:00:00Z")


def _is_day(value: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        return False
    try:
        return OLDEST <= date.fromisoformat(value).year <= NEWEST
    except ValueError:
        return False


def _is_moment(value: str) -> bool:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return False
    return moment.tzinfo is not None and OLDEST <= moment.year <= NEWEST


def _number(schema: Schema, value: float, place: str) -> Iterator[Problem]:
    if value < schema.get("minimum", value):
        yield Problem(place, f"must be at least {schema['minimum']}")
    if value > schema.get("maximum", value):
        yield Problem(place, f"must be at most {schema['maximum']}")


def _list(schema: Schema, value: list[Any], place: str) -> Iterator[Problem]:
    if len(value) < schema.get("minItems", 0):
        yield Problem(place, "must not be empty")
    if len(value) > schema.get("maxItems", len(value)):
        yield Problem(place, f"must have at most {schema['maxItems']} items")
    if schema.get("uniqueItems") and any(item in value[:at] for at, item in enumerate(value)):
        yield Problem(place, "names something twice")
    for number, item in enumerate(value):
        yield from _problems(
            schema.get("items", {}),
            item,
            f"{place}[{number}]",
        )


def _mapping(schema: Schema, value: dict[str, Any], place: str) -> Iterator[Problem]:
    known = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield Problem(_at(place, name), "is missing")
    if len(value) < schema.get("minProperties", 0):
        yield Problem(place, "must say something")
    for name, item in value.items():
        if name in known:
            yield from _problems(
                known[name],
                item,
                _at(place, name),
            )
        elif schema.get("additionalProperties", True) is False:
            yield Problem(_at(place, name[:60]), "is no field here")


def _at(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _is_of(value: Any, word: str) -> bool:
    if isinstance(value, bool):
        return word == "boolean"
    if word == "integer":
        return isinstance(value, int)
    return isinstance(value, TYPES[word])


TYPES: dict[str, Any] = {
    "string": str,
    "boolean": bool,
    "number": (int, float),
    "array": list,
    "object": dict,
    "null": type(None),
}
LOOKS: dict[str, Callable[[Schema, Any, str], Iterator[Problem]]] = {
    "string": _text,
    "number": _number,
    "array": _list,
    "object": _mapping,
}
