"""/rosters: a list of new patients, all or none, taken back as one."""

from collections.abc import Mapping
from typing import Any

from scheduler.admissions import (
    RosterImport,
    Row,
    Table,
    bring_roster,
    newest_rosters,
    rows_of,
    take_back_roster,
)
from scheduler.clinics import typed_field
from scheduler.kernel.errors import InvalidFile, Problem
from scheduler.kernel.ids import new_id
from scheduler.people import Deed, Scope, people_by_id
from scheduler.web.api.door.api_routes import Answered, Call, Document, route
from scheduler.web.api.door.field_schemas import DAY, ID, KEY, KEYS, MOMENT, TEXT, record

MOST_ROWS = 500
FIELDS = ("name", "email", "phone", "born", "from", "cohort", "clinician", "state", "zone")
MORE = ("language", "key")
COLUMNS = ("name", "email", "phone", "born", "first", "cohort", "clinician", "state", "zone", *MORE)
"""What a list calls the fields, in their order."""
ROW = record(
    {
        "name": TEXT,
        "email": TEXT,
        "phone": TEXT,
        "born": DAY,
        "from": DAY,
        "cohort": KEY,
        "clinician": KEY,
        "state": TEXT,
        "zone": TEXT,
        "language": TEXT,
        "key": KEY,
    },
    needed=("name", "email", "from", "cohort", "clinician"),
)
ROSTER = record({"id": ID, "brought_at": MOMENT, "brought_by": KEY, "patients": KEYS})
TAKEN = record({"id": ID, "patients": {"type": "integer"}})
LIST = record({"items": {"type": "array", "items": ROSTER}})
ROWS = {"type": "array", "items": ROW, "minItems": 1, "maxItems": MOST_ROWS}


@route(
    "GET",
    "/rosters",
    deed=Deed.FIND_ANYBODY,
    scope=Scope.READ,
    gives=LIST,
)
def rosters(call: Call) -> Answered:
    """List the lists that were brought in last and can be taken back, the newest first."""
    return Answered({"items": [_document(row) for row in newest_rosters()]})


@route(
    "POST",
    "/rosters",
    deed=Deed.FIND_ANYBODY,
    scope=Scope.WRITE,
    takes=record({"rows": ROWS}),
    gives=ROSTER,
    status=201,
    rehearses=True,
)
def add_roster(call: Call) -> Answered:
    """Admit everybody of a list, or nobody; what is wrong is named by row and field."""
    lines = []
    for number, row in enumerate(call.body["rows"]):
        lines.append((number, _cells(row)))
    table = Table(COLUMNS, tuple(lines))
    rows = rows_of(
        table,
        COLUMNS,
        {},
        None,
        typed_field,
    )
    _refuse(rows)
    done = bring_roster(
        rows,
        new_id(),
        by=call.by,
        now=call.now,
    )
    _refuse(done.rows)
    assert done.brought is not None
    return Answered(_document(done.brought))


@route(
    "POST",
    "/rosters/<key>/take-back",
    deed=Deed.FIND_ANYBODY,
    scope=Scope.WRITE,
    takes=record({}),
    gives=TAKEN,
    rehearses=True,
)
def undo_roster(call: Call) -> Answered:
    """Take back whom a list brought, while nothing rests on them."""
    count = take_back_roster(
        call.key,
        by=call.by,
        now=call.now,
    )
    return Answered({"id": call.key, "patients": count})


def _cells(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(row.get(field, "") for field in (*FIELDS, *MORE))


def _refuse(rows: Any) -> None:
    """Raise InvalidFile for rows with something wrong, by their place in the body."""
    problems = []
    for row in rows:
        problems += _problems(row)
    if problems:
        raise InvalidFile(problems)


def _problems(row: Row) -> list[Problem]:
    found = []
    for field, words in row.errors.items():
        name = "from" if field == "first" else field
        place = f"rows[{row.line}].{name}"
        found.append(Problem(place, words))
    return found


def _document(row: RosterImport) -> Document:
    people = people_by_id(set(row.person_ids))
    keys = [people[person_id].key for person_id in row.person_ids]
    return {
        "id": row.id,
        "brought_at": row.brought_at.isoformat(),
        "brought_by": row.brought_by,
        "patients": keys,
    }
