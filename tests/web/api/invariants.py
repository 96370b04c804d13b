"""HL7's own invariants of R4, asked of every element of a document.

`hl7/invariants.json` has those of the resources served here and of what they are made of, word for
word from the definitions of R4 4.0.1 (each names its page; CC0).
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import fhirpathpy
from fhirpathpy.engine.nodes import ResourceNode
from fhirpathpy.models import models

from tests.web.api.caller import hl7

INVARIANTS = Path(__file__).parent / "hl7" / "invariants.json"
R4 = models["r4"]
CONTAINS = "dom-3"
"""What is contained is referred to. The library cannot ask that, and nothing here contains another
resource: whatever does is found.
"""


def _has_value(found: list[Any]) -> list[bool]:
    """Answer what FHIR adds to FHIRPath: True of what JSON says as text, number or truth."""
    return [any(not isinstance(value, dict | list) for value in found)]


OPTIONS = {
    "userInvocationTable": {"hasValue": {"fn": _has_value, "arity": {0: []}}},
    "traceFn": lambda *_: None,
}


@dataclass(frozen=True)
class Element:
    """Something in a document: its place, what its schema calls it, itself, and its resource."""

    place: str
    kind: str
    value: Any
    resource: Any


def findings(document: dict[str, Any]) -> list[str]:
    """Return which invariants do not hold, each with the place where."""
    found = []
    for element in elements(document, document, document["resourceType"]):
        if element.value in ("", [], None):
            found.append(f"json {element.place}")
        for key in _asked(element):
            if not _holds(key, element, document):
                found.append(f"{key} {element.place}")
    return found


def elements(value: Any, resource: Any, place: str, kind: str = "") -> Iterator[Element]:
    """Yield an element and all that are in it."""
    if isinstance(value, dict) and "resourceType" in value:
        kind, resource = value["resourceType"], value
    yield Element(place, kind, value, resource)
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from elements(item, resource, f"{place}[{number}]", kind)
    if isinstance(value, dict):
        fields = hl7().schema["definitions"].get(kind, {}).get("properties", {})
        for name, item in value.items():
            yield from elements(item, resource, f"{place}.{name}", _kind(fields.get(name, {})))


def _kind(field: dict[str, Any]) -> str:
    """Return what the schema calls a field's values."""
    return str(field.get("items", field).get("$ref", "")).rpartition("/")[2]


def _asked(element: Element) -> list[str]:
    """Return the keys of the invariants that an element is held to."""
    if not isinstance(element.value, dict):
        return []
    kinds = {element.kind}
    if "resourceType" not in element.value:
        kinds.add("Element")
    elif element.kind != "Bundle":
        kinds.add("DomainResource")
    return [key for key, rule in rules().items() if rule["on"] in kinds]


@cache
def rules() -> dict[str, dict[str, str]]:
    """Return the invariants by key."""
    return {rule["key"]: rule for rule in json.loads(INVARIANTS.read_text())}


@cache
def _question(key: str) -> Callable[[Any, Any], list[Any]]:
    said = rules()[key]["expression"]
    asked: Callable[[Any, Any], list[Any]] = fhirpathpy.compile(said, R4, OPTIONS)
    return asked


def _holds(key: str, element: Element, document: Any) -> bool:
    if key == CONTAINS:
        return "contained" not in element.value
    named = {"resource": element.resource, "rootResource": document}
    asked = element.value
    if element.value is not element.resource:
        asked = ResourceNode.create_node(asked, element.kind.replace("_", "."))
    return _question(key)(asked, named) in ([True], [])
