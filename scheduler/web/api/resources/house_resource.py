"""/staff, /programs, /cohorts: the records of the house, as a clinic file says them and by its
rules.
"""

from typing import Any

from scheduler.clinics import clinic_schema, house_record, house_records, set_record
from scheduler.people import Deed, Reach, Scope
from scheduler.programs import all_cohorts
from scheduler.web.api.door.answering import hold_to_match
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import changes, list_schema
from scheduler.web.api.door.gatekeeper import reach_of_role
from scheduler.web.desk.accounts.list_reach import cohorts_for
from scheduler.web.desk.clinic.telling_names import refuse_telling_names

SECTIONS: dict[str, Any] = clinic_schema()["properties"]
STAFF = SECTIONS["clinicians"]["items"]
PROGRAM = SECTIONS["programs"]["items"]
COHORT = SECTIONS["cohorts"]["items"]
FOR_A_TIME = ("roles_for_a_time", "covered_by")
"""What is left as it is where a record does not speak of it: what is taken away is said to be
empty.
"""
SHOWN = ("key", "name", "email")
COLLEAGUE = {**STAFF, "required": list(SHOWN)}
"""A colleague as lists show one."""


def _without_key(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a change: every field but the key; null takes one away."""
    fields = {}
    for name, field in schema["properties"].items():
        if name != "key":
            fields[name] = {"anyOf": [field, {"type": "null"}]}
    return changes(fields)


def _listed(call: Call, records: list[Document]) -> Answered:
    after = call.after[0] if call.after else ""
    ordered = sorted(records, key=lambda row: str(row["key"]))
    ahead = [row for row in ordered if row["key"] > after]
    return page_of(
        call,
        ahead[: call.limit + 1],
        place=lambda row: [row["key"]],
        document=lambda row: row,
    )


def _added(call: Call, section: str, address: str) -> Answered:
    set_record(
        section,
        dict(call.body),
        seen=None,
        by=call.by,
        now=call.now,
    )
    refuse_telling_names()
    key = call.body["key"]
    location = {"Location": f"/api/v1/{address}/{key}"}
    return Answered(house_record(section, key), headers=location)


def _changed(call: Call, section: str) -> Answered:
    current = house_record(section, call.key)
    hold_to_match(call, current)
    said = {}
    for name, value in {**current, **call.body}.items():
        if value is not None:
            said[name] = value
        elif name in FOR_A_TIME:
            said[name] = []
    set_record(
        section,
        said,
        seen=current,
        by=call.by,
        now=call.now,
    )
    refuse_telling_names()
    return Answered(house_record(section, call.key))


@route(
    "GET",
    "/staff",
    deed=Deed.SETTINGS,
    scope=Scope.READ,
    gives=list_schema(COLLEAGUE),
    is_list=True,
)
def staff(call: Call) -> Answered:
    """List the colleagues, by key: as the desk does, no more than name and address to who does not
    set up the house.
    """
    records = house_records("clinicians")
    if reach_of_role(call.staff, Deed.HOUSE) is Reach.NONE:
        records = [{name: row[name] for name in SHOWN} for row in records]
    return _listed(call, records)


@route(
    "GET",
    "/staff/<key>",
    deed=Deed.HOUSE,
    scope=Scope.READ,
    gives=STAFF,
    is_row=True,
)
def colleague(call: Call) -> Answered:
    """Return one colleague."""
    return Answered(house_record("clinicians", call.key))


@route(
    "POST",
    "/staff",
    deed=Deed.HOUSE,
    scope=Scope.WRITE,
    takes=STAFF,
    gives=STAFF,
    status=201,
    is_row=True,
    rehearses=True,
)
def add_colleague(call: Call) -> Answered:
    """Add a colleague; accounts to sign in with are invited at the desk."""
    return _added(call, "clinicians", "staff")


@route(
    "PATCH",
    "/staff/<key>",
    deed=Deed.HOUSE,
    scope=Scope.WRITE,
    takes=_without_key(STAFF),
    gives=STAFF,
    is_row=True,
    needs_match=True,
    rehearses=True,
)
def change_colleague(call: Call) -> Answered:
    """Change a colleague."""
    return _changed(call, "clinicians")


@route(
    "GET",
    "/programs",
    deed=Deed.SETTINGS,
    scope=Scope.READ,
    gives=list_schema(PROGRAM),
    is_list=True,
)
def programs(call: Call) -> Answered:
    """List the programs, by key."""
    return _listed(call, house_records("programs"))


@route(
    "GET",
    "/programs/<key>",
    deed=Deed.SETTINGS,
    scope=Scope.READ,
    gives=PROGRAM,
    is_row=True,
)
def program(call: Call) -> Answered:
    """Return one program."""
    return Answered(house_record("programs", call.key))


@route(
    "POST",
    "/programs",
    deed=Deed.SETTINGS,
    scope=Scope.WRITE,
    takes=PROGRAM,
    gives=PROGRAM,
    status=201,
    is_row=True,
    rehearses=True,
)
def add_program(call: Call) -> Answered:
    """Add a program."""
    return _added(call, "programs", "programs")


@route(
    "PATCH",
    "/programs/<key>",
    deed=Deed.SETTINGS,
    scope=Scope.WRITE,
    takes=_without_key(PROGRAM),
    gives=PROGRAM,
    is_row=True,
    needs_match=True,
    rehearses=True,
)
def change_program(call: Call) -> Answered:
    """Change a program."""
    return _changed(call, "programs")


@route(
    "GET",
    "/cohorts",
    deed=Deed.SEE_BOARD,
    scope=Scope.READ,
    gives=list_schema(COHORT),
    is_list=True,
)
def cohorts(call: Call) -> Answered:
    """List the cohorts within reach, by key."""
    near = {cohort.key for cohort in cohorts_for(call.staff, all_cohorts())}
    records = house_records("cohorts")
    return _listed(call, [row for row in records if row["key"] in near])


@route(
    "GET",
    "/cohorts/<key>",
    deed=Deed.SEE_BOARD,
    scope=Scope.READ,
    about=About.COHORT,
    gives=COHORT,
    is_row=True,
)
def cohort(call: Call) -> Answered:
    """Return one cohort."""
    return Answered(house_record("cohorts", call.key))


@route(
    "POST",
    "/cohorts",
    deed=Deed.SETTINGS,
    scope=Scope.WRITE,
    takes=COHORT,
    gives=COHORT,
    status=201,
    is_row=True,
    rehearses=True,
)
def add_cohort(call: Call) -> Answered:
    """Add a cohort."""
    return _added(call, "cohorts", "cohorts")


@route(
    "PATCH",
    "/cohorts/<key>",
    deed=Deed.SETTINGS,
    scope=Scope.WRITE,
    about=About.COHORT,
    takes=_without_key(COHORT),
    gives=COHORT,
    is_row=True,
    needs_match=True,
    rehearses=True,
)
def change_cohort(call: Call) -> Answered:
    """Change a cohort."""
    return _changed(call, "cohorts")
