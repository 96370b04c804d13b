"""/audit: the record of who did what to which record, the newest first, for the auditor."""

from datetime import datetime

from scheduler import audit
from scheduler.audit.models import AuditEntry
from scheduler.people import Deed, Scope, person_by_key
from scheduler.web.api.door.api_routes import Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import KEY, LINE, MOMENT, list_schema, record

ENTRY = record(
    {
        "number": {"type": "integer", "minimum": 1},
        "at": MOMENT,
        "by": LINE,
        "deed": LINE,
        "about": LINE,
        "details": {"type": ["object", "array", "null"]},
        "chain": LINE,
    }
)


@route(
    "GET",
    "/audit",
    deed=Deed.RECORD,
    scope=Scope.AUDIT,
    asks={"person": KEY, "by": LINE, "from": MOMENT, "to": MOMENT},
    gives=list_schema(ENTRY),
    is_list=True,
)
def audit_entries(call: Call) -> Answered:
    """List the entries about a person, by somebody, from a moment to before another."""
    rows = audit.search(
        about=_about(call.args.get("person")),
        by=call.args.get("by", ""),
        begin=_moment(call.args.get("from")),
        end=_moment(call.args.get("to")),
        before=call.after[0] if call.after else None,
        limit=call.limit + 1,
    )
    return page_of(
        call,
        rows,
        place=lambda entry: [entry.number],
        document=entry_document,
    )


def _about(key: str | None) -> tuple[str, ...]:
    """Return what the record calls a person: by key in some deeds, by id in others."""
    if key is None:
        return ()
    person = person_by_key(key)
    names = []
    for what in ("person", "patient"):
        names += [f"{what} {person.key}", f"{what} {person.id}"]
    return tuple(names)


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def entry_document(entry: AuditEntry) -> Document:
    """Return what the API says of an entry."""
    return {
        "number": entry.number,
        "at": entry.at.isoformat(),
        "by": entry.by,
        "deed": entry.deed,
        "about": entry.about,
        "details": entry.details,
        "chain": entry.chain,
    }
