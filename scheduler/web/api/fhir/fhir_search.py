"""What a search of FHIR asks, and the bundle it is answered with."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, request

from scheduler.people import practice
from scheduler.web.api.door.api_problem import ApiProblem
from scheduler.web.api.door.api_routes import Answered, Call
from scheduler.web.api.door.gatekeeper import patient_asked
from scheduler.web.api.fhir.fhir_bundle import searchset
from scheduler.web.api.fhir.fhir_values import Resource

ID = {"type": "string", "minLength": 1, "maxLength": 1000}
"""Ids with commas between: one of them."""
PATIENT = {"type": "string", "pattern": "^(Patient/)?[a-z0-9-]{1,64}$"}
FORMAT = {
    "_format": {"type": "string", "enum": ["json", "application/json", "application/fhir+json"]},
}
"""What a read may ask."""
PAGING = {
    **FORMAT,
    "_total": {"type": "string", "enum": ["none", "estimate", "accurate"]},
    "_count": {"type": "integer", "minimum": 1, "maximum": 200},
    "cursor": {"type": "string", "maxLength": 2000},
}
"""What every search may ask, and the place a `next` link names."""
DAY_ASKED = {"type": "string", "pattern": "^(eq|ge|gt|le|lt)?[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
DAYS = {"type": "array", "items": DAY_ASKED, "maxItems": 2}
FOUND = {"type": "object"}
DAY = timedelta(days=1)


def id_asked(call: Call) -> list[str] | None:
    """Return the ids that are asked for, None for any; an address that names one asks for it."""
    if call.key:
        return [call.key]
    said = call.args.get("_id")
    return None if said is None else said.split(",")


def after_key(call: Call) -> str | None:
    """Return the key after which the page begins."""
    return call.after[0] if call.after else None


def patient_searched(call: Call) -> str | None:
    """Return the id of the patient who is asked for, None for any. Raises 403, 404."""
    said = call.args.get("patient")
    key = said and said.removeprefix("Patient/")
    return patient_asked(
        call.staff,
        key,
        now=call.now,
    )


def days_asked(call: Call) -> tuple[datetime | None, datetime | None]:
    """Return from when to before when `date` asks, days of the practice's zone."""
    begin = None
    end = None
    for said in call.args.get("date", ()):
        found = re.fullmatch("(eq|ge|gt|le|lt)?(.{10})", said)
        assert found is not None
        midnight = _midnight(found[2])
        prefix = found[1] or "eq"
        if prefix in {"eq", "ge"}:
            begin = midnight
        if prefix == "gt":
            begin = midnight + DAY
        if prefix in {"eq", "le"}:
            end = midnight + DAY
        if prefix == "lt":
            end = midnight
    return begin, end


def _midnight(said: str) -> datetime:
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise ApiProblem(400, f"{said} is no day.") from None
    if not 1900 < day.year < 2200:
        raise ApiProblem(400, f"{said} is no day that anybody means.")
    zone = ZoneInfo(practice().zone)
    return datetime(
        day.year,
        day.month,
        day.day,
        tzinfo=zone,
    ).astimezone(UTC)


def one_of_them(rows: Sequence[Any], resource: Callable[[Any], Resource]) -> Answered:
    """Return the one an address names. Raises 404 for what is not there, or not to be known."""
    if not rows:
        raise ApiProblem(404)
    return Answered(resource(rows[0]))


def bundle_of(
    call: Call,
    rows: Sequence[Any],
    *,
    place: Callable[[Any], list[Any]],
    resource: Callable[[Any], Resource],
) -> Answered:
    """Return a page of a search that was asked for one row more than it is long."""
    shown = rows[: call.limit]
    following = None
    if len(rows) > call.limit:
        following = call.seal(place(shown[-1]))
    is_whole = following is None and call.after is None
    counts = is_whole and call.args.get("_total") != "none"
    bundle = searchset(
        current_app.config["KINFOLD"].base_url + request.path,
        list(request.args.items(multi=True)),
        [resource(row) for row in shown],
        total=len(shown) if counts else None,
        following=following,
    )
    return Answered(bundle)
