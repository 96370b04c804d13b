"""Pieces of FHIR R4 resources that several are made of. Pure."""

from datetime import datetime
from html import escape
from typing import Any

Resource = dict[str, Any]
SYSTEM = "urn:kinfold:key"
"""Names whose identifiers our keys are."""


def narrative(*lines: str) -> Resource:
    """Return what a resource says to who reads it, a paragraph a line; HL7 advises one (dom-6)."""
    said = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{said}</div>',
    }


def identifier(key: str) -> list[Resource]:
    """Return a key of ours as identifiers."""
    return [{"system": SYSTEM, "value": key}]


def human_name(name: str) -> list[Resource]:
    """Return a name as it is written; which part is the family's is not known."""
    return [{"text": name}]


def telecom(email: str | None, phone: str | None) -> list[Resource]:
    """Return how somebody is reached."""
    found = []
    if email:
        found.append({"system": "email", "value": email})
    if phone:
        found.append({"system": "phone", "value": phone})
    return found


def reference(kind: str, fhir_id: str) -> Resource:
    """Return a reference to a resource of ours."""
    return {"reference": f"{kind}/{fhir_id}"}


def instant(moment: datetime) -> str:
    """Return an instant with its offset."""
    return moment.isoformat(timespec="seconds")


def without_empty(resource: Resource) -> Resource:
    """Return a resource without what is empty, which FHIR does not take."""
    kept = {}
    for name, value in resource.items():
        if value is not None and value != [] and value != {}:
            kept[name] = value
    return kept
