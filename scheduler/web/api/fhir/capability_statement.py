"""What /fhir/R4 can, made of the routes that are there."""

from scheduler.web.api.door.api_routes import FHIR_BOOK, Route
from scheduler.web.api.fhir.fhir_values import Resource, narrative

PARAMETERS = {"_id": "token", "patient": "reference", "date": "date", "status": "token"}
READ_ONLY = "Kinfold, read only"
WRITTEN = "2026-11-30"
"""When this statement was written."""


def capability_statement(base_url: str) -> Resource:
    """Return the statement of what is served at `base_url`."""
    kinds: dict[str, Resource] = {}
    for route in FHIR_BOOK.routes:
        _add(kinds, route)
    resources = list(kinds.values())
    security = {"description": "Authorization: Bearer TOKEN, as the API takes it."}
    rest = {"mode": "server", "security": security, "resource": resources}
    return {
        "resourceType": "CapabilityStatement",
        "text": narrative(READ_ONLY),
        "status": "active",
        "date": WRITTEN,
        "kind": "instance",
        "implementation": {"description": READ_ONLY, "url": f"{base_url}/fhir/R4"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [rest],
    }


def _add(kinds: dict[str, Resource], route: Route) -> None:
    """Say of a kind of resource what a route can: searching it, or reading one by its id."""
    kind, _, one = route.path.strip("/").partition("/")
    known = kinds.setdefault(kind, {"type": kind, "interaction": [], "searchParam": []})
    known["interaction"].append({"code": "read" if one else "search-type"})
    for name in route.asks:
        if name in PARAMETERS:
            known["searchParam"].append({"name": name, "type": PARAMETERS[name]})
