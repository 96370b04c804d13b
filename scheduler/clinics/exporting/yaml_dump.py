"""Writing mappings, lists and plain values as YAML that reads again as exactly the same. Pure."""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from scheduler.clinics.reading.yaml_scalars import resolve

_BARE = re.compile(r"[A-Za-z][\w.@/+-]*( [\w.@/+-]+)*", re.ASCII)


def dump(tree: dict[str, Any]) -> str:
    """Write text, numbers, truths, dates, lists and mappings; text is quoted wherever it could be
    taken amiss.
    """
    return "\n".join(_mapping(tree, "")) + "\n"


def _mapping(mapping: dict[str, Any], indent: str) -> Iterator[str]:
    for name, value in mapping.items():
        label = f"{indent}{_scalar(name)}:"
        if isinstance(value, dict) and value:
            yield label
            yield from _mapping(value, indent + "  ")
        elif isinstance(value, list):
            yield from _list(label, value, indent)
        else:
            yield f"{label} {'{}' if value == {} else _scalar(value)}"


def _list(label: str, items: list[Any], indent: str) -> Iterator[str]:
    """Write a list of mappings a block each, any other list on one line."""
    if not any(isinstance(item, dict) for item in items):
        yield f"{label} [{', '.join(_scalar(item) for item in items)}]"
        return
    yield label
    for item in items:
        first, *rest = _mapping(item, indent + "    ")
        yield f"{indent}  - {first.lstrip()}"
        yield from rest


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        plain = _BARE.fullmatch(value) and isinstance(resolve(value), str)
        if plain:
            return value
        return json.dumps(value, ensure_ascii=False)
    return str(value)
