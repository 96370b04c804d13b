"""The fields that many documents of the API share, as JSON Schema. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from scheduler.people import WEEKDAYS

Schema = dict[str, Any]
KEY: Schema = {"type": "string", "pattern": "^[a-z0-9-]{1,64}$"}
SESSION_KEY: Schema = {"type": "string", "minLength": 1, "maxLength": 255}
ID: Schema = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
WALL: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}$"}
"""Day and time of a session's own zone."""
TRUTH: Schema = {"type": "boolean"}
TEXT: Schema = {"type": "string", "minLength": 1, "maxLength": 500}
LINE: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
KEYS: Schema = {"type": "array", "items": KEY}
CLOCK: Schema = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$"}
WINDOW: Schema = {
    "type": "object",
    "properties": {
        "days": {
            "type": "array",
            "items": {"type": "string", "enum": list(WEEKDAYS)},
            "minItems": 1,
            "maxItems": 7,
            "uniqueItems": True,
        },
        "from": CLOCK,
        "to": CLOCK,
    },
    "required": ["days", "from", "to"],
    "additionalProperties": False,
}
FREE: Schema = {"type": ["array", "null"], "items": WINDOW, "maxItems": 100}
"""Hours of every week; null: always."""


def or_null(schema: Schema) -> Schema:
    """Return a schema that takes null, too."""
    nullable = {**schema, "type": [schema["type"], "null"]}
    if "enum" in schema:
        nullable["enum"] = [*schema["enum"], None]
    return nullable


def one_of(words: Any) -> Schema:
    """Return the schema of one of these words."""
    return {"type": "string", "enum": sorted(str(word) for word in words)}


def list_schema(items: Schema) -> Schema:
    """Return the schema of a page of a list."""
    return record(
        {"items": {"type": "array", "items": items}, "next": {"type": ["string", "null"]}}
    )


def record(properties: Mapping[str, Schema], *, needed: Sequence[str] | None = None) -> Schema:
    """Return the schema of an object with these properties and no others; all are needed, or those
    named.
    """
    required = list(properties) if needed is None else list(needed)
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }


def changes(properties: Mapping[str, Schema]) -> Schema:
    """Return the schema of a PATCH: some of these properties, at least one."""
    return {**record(properties, needed=()), "minProperties": 1}
