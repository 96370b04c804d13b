"""What /fhir/R4 can, made of the routes that are there."""

from typing import Any

from scheduler.web.api.door.api_routes import FHIR_BOOK, Route

Resource = dict[str, Any]
PARAMETERS = {"_id": "token", "patient": "reference", "date": "date", "status": "token"}
WRITTEN = "2026-11-30"
"""When this statement was written."""


def capability_statement(base_url: str) -> Resource:
    """Return the statement of what is served at `base_url`."""
    resources = [_resource(route) for route in FHIR_BOOK.routes]
    security = {"description": "Authorization: Bearer TOKEN, as the API takes it."}
    rest = {"mode": "server", "security": security, "resource": resources}
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": WRITTEN,
        "kind": "instance",
        "implementation": {"description": "Read only", "url": f"{base_url}/fhir/R4"},
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [rest],
    }


def _resource(route: Route) -> Resource:
    parameters = []
    for name in route.asks:
        if name in PARAMETERS:
            parameters.append({"name": name, "type": PARAMETERS[name]})
    return {
        "type": route.path.strip("/"),
        "interaction": [{"code": "search-type"}],
        "searchParam": parameters,
    }
