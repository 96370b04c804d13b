"""Searchset bundles and outcomes of FHIR R4. Pure."""

from collections.abc import Sequence
from urllib.parse import urlencode

from scheduler.web.api.fhir.fhir_values import Resource, narrative

MEDIA_TYPE = "application/fhir+json"
CODES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    409: "conflict",
    413: "too-long",
    429: "throttled",
    503: "transient",
}


def searchset(
    address: str,
    asked: Sequence[tuple[str, str]],
    found: Sequence[Resource],
    *,
    total: int | None,
    following: str | None,
) -> Resource:
    """Return a page of what was found; `total` None where it goes on: what a token may not know is
    in no number.
    """
    links = [{"relation": "self", "url": _url(address, asked)}]
    if following is not None:
        rest = [(name, value) for name, value in asked if name != "cursor"]
        next_page = _url(address, [*rest, ("cursor", following)])
        links.append({"relation": "next", "url": next_page})
    entries = []
    kept = address.rpartition("/")[0]
    for resource in found:
        full = f"{kept}/{resource['resourceType']}/{resource['id']}"
        entries.append({"fullUrl": full, "resource": resource, "search": {"mode": "match"}})
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "link": links}
    if total is not None:
        bundle["total"] = total
    if entries:
        bundle["entry"] = entries
    return bundle


def outcome(status: int, detail: str) -> Resource:
    """Return a refusal as an OperationOutcome."""
    code = CODES.get(status, "exception" if status >= 500 else "processing")
    issue = {"severity": "error", "code": code, "diagnostics": detail}
    return {
        "resourceType": "OperationOutcome",
        "text": narrative(detail),
        "issue": [issue],
    }


def _url(address: str, asked: Sequence[tuple[str, str]]) -> str:
    if asked:
        return f"{address}?{urlencode(asked)}"
    return address
