"""The API described as OpenAPI 3.1, out of the routes as they are written down."""

from typing import Any

from scheduler.web.api.door.api_problem import MEDIA_TYPE, PROBLEM_SCHEMA
from scheduler.web.api.door.api_routes import BOOK, About, Route
from scheduler.web.api.door.call_reading import questions_of
from scheduler.web.api.door.field_schemas import COUNT, LINE, TRUTH, record

Part = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
KEY_NAMED = {
    About.SESSION: "the key of a session",
    About.CONSENT: "the id of a consent",
}
LETTER = record({"kind": LINE, "person": LINE})
REFUSALS = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 500, 503)


def openapi_document() -> Part:
    """Return the description of everything under /api/v1."""
    paths: Part = {}
    for route in BOOK.routes:
        address = route.path.replace("<key>", "{key}")
        paths.setdefault(address, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "Kinfold",
            "version": "1",
            "description": "Acts as one member of staff, within the scopes of the token.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Problem": PROBLEM_SCHEMA},
            "responses": {"Problem": _content(MEDIA_TYPE, _named("Problem"), "A refusal.")},
        },
    }


def gives_of(route: Route) -> Any:
    """Return the schema of what a route answers when it is not refused, rehearsals too."""
    if not route.rehearses:
        return route.gives
    rehearsed = record(
        {
            "dry_run": {**TRUTH, "const": True},
            "letters": {"type": "array", "items": LETTER},
            "result": route.gives,
        }
    )
    return {"anyOf": [route.gives, rehearsed]}


def _operation(route: Route) -> Part:
    answers: Part = {str(code): {"$ref": "#/components/responses/Problem"} for code in REFUSALS}
    good = _content("application/json", gives_of(route), "Done.")
    answers[str(route.status)] = good
    if route.rehearses:
        answers["200"] = good
    operation: Part = {
        "operationId": route.name,
        "summary": route.says,
        "description": f"Deed: {route.deed}. Scope: {route.scope}.",
        "tags": [route.path.strip("/").partition("/")[0]],
        "parameters": [*_questions(route), *_headers(route)],
        "responses": answers,
    }
    if "<key>" in route.path:
        operation["parameters"].insert(0, _key(route))
    if route.takes is not None:
        required = bool(route.takes.get("required") or route.takes.get("minProperties"))
        body = {"content": {"application/json": {"schema": route.takes}}, "required": required}
        operation["requestBody"] = body
    return operation


def _key(route: Route) -> Part:
    return {
        "name": "key",
        "in": "path",
        "required": True,
        "description": KEY_NAMED.get(route.about, "the key of the record"),
        "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    }


def _questions(route: Route) -> list[Part]:
    asked = []
    for name, schema in questions_of(route).items():
        asked.append({"name": name, "in": "query", "required": False, "schema": schema})
    return asked


def _headers(route: Route) -> list[Part]:
    headers = []
    if route.writes:
        schema = {"type": "string", "minLength": 1, "maxLength": 255}
        headers.append(_header("Idempotency-Key", schema, required=False))
    if route.needs_match:
        headers.append(_header("If-Match", {"type": "string"}, required=True))
    return headers


def _header(name: str, schema: Part, *, required: bool) -> Part:
    return {"name": name, "in": "header", "required": required, "schema": schema}


def _named(name: str) -> Part:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(media_type: str, schema: Any, says: str) -> Part:
    limits = {
        name: {"schema": COUNT}
        for name in ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
    }
    return {
        "description": says,
        "headers": limits,
        "content": {media_type: {"schema": schema}},
    }
