"""/relatives: the people around a patient, for staff who may see the patient; what they are told
is a matter of consents.
"""

from scheduler.admissions import NewRelative, add_relative, change_hours, weekly_hours
from scheduler.invitations import change_contact
from scheduler.kernel.errors import InputError, InvalidFile, NotFound, Problem
from scheduler.kernel.ids import new_id
from scheduler.people import (
    Deed,
    Scope,
    contact_of,
    decide_readiness,
    person_by_key,
    person_in_turn,
)
from scheduler.people.models import Person
from scheduler.sessions import relatives_page
from scheduler.web.api.door.answering import follow_up, hold_to_match
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, page_of, route
from scheduler.web.api.door.field_schemas import (
    DAY,
    FREE,
    ID,
    KEY,
    LINE,
    TEXT,
    TRUTH,
    changes,
    list_schema,
    or_null,
    record,
)
from scheduler.web.api.door.gatekeeper import patient_asked, patient_in_reach, patients_seen
from scheduler.web.api.resources.free_windows import windows_of, windows_said
from scheduler.web.api.resources.typed_words import (
    NEW_KEY,
    REACHED,
    contact_with,
    day_said,
    new_contact,
    typed_words,
)
from scheduler.web.desk.people.family_circle import circle_of

RELATIVE = record(
    {
        "id": ID,
        "key": KEY,
        "patient": KEY,
        "name": LINE,
        "relationship": LINE,
        "email": LINE,
        "phone": or_null(LINE),
        "zone": or_null(LINE),
        "language": or_null(LINE),
        "free": FREE,
        "ready": TRUTH,
        "ready_until": or_null(DAY),
    }
)
NEW = record(
    {**REACHED, **NEW_KEY, "patient": KEY, "relationship": TEXT},
    needed=("patient", "name", "relationship", "email"),
)

CHANGE = changes(
    {
        **REACHED,
        "relationship": TEXT,
        "ready": TRUTH,
        "ready_until": or_null(DAY),
        "reason": TEXT,
    }
)
READY_NEEDS = "say ready with it: true or false"


@route(
    "GET",
    "/relatives",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    asks={"patient": KEY},
    gives=list_schema(RELATIVE),
    is_list=True,
)
def relatives(call: Call) -> Answered:
    """List the relatives of the patients within reach, by key, or of one patient."""
    whose = patient_asked(call.staff, call.args.get("patient"), now=call.now)
    near = None
    if whose is None:
        near = patients_seen(call.staff, now=call.now)
    after = call.after[0] if call.after else None
    people = relatives_page(
        near,
        patient=whose,
        after=after,
        limit=call.limit + 1,
    )
    return page_of(
        call,
        people,
        place=lambda person: [person.key],
        document=relative_document,
    )


@route(
    "GET",
    "/relatives/<key>",
    deed=Deed.SEE_PATIENT,
    scope=Scope.READ,
    about=About.RELATIVE,
    gives=RELATIVE,
    is_row=True,
)
def relative(call: Call) -> Answered:
    """Return one relative."""
    return Answered(relative_document(person_by_key(call.key)))


@route(
    "POST",
    "/relatives",
    deed=Deed.CHANGE_PATIENT,
    scope=Scope.WRITE,
    takes=NEW,
    gives=RELATIVE,
    status=201,
    is_row=True,
    rehearses=True,
)
def add_to_family(call: Call) -> Answered:
    """Add a relative to a patient's family: not ready, without consent, told nothing."""
    key = call.body["patient"]
    patient = patient_in_reach(
        call.staff,
        Deed.CHANGE_PATIENT,
        key,
        now=call.now,
    )
    words = typed_words(call.body)
    free = windows_of(call.body.get("free"))
    said = NewRelative(new_contact(words), free, words.get("key"))
    person = add_relative(
        patient,
        said,
        new_id(),
        by=call.by,
        now=call.now,
    )
    follow_up(call, {patient.id, person.id})
    location = {"Location": f"/api/v1/relatives/{person.key}"}
    return Answered(relative_document(person), headers=location)


@route(
    "PATCH",
    "/relatives/<key>",
    deed=Deed.CHANGE_PATIENT,
    scope=Scope.WRITE,
    about=About.RELATIVE,
    takes=CHANGE,
    gives=RELATIVE,
    is_row=True,
    needs_match=True,
    rehearses=True,
)
def change_relative(call: Call) -> Answered:
    """Change how a relative is reached or related, when they are free, whether they are ready."""
    person = person_in_turn(call.key)
    hold_to_match(call, relative_document(person))
    words = typed_words(call.body)
    before = contact_of(person)
    change_contact(
        person,
        contact_with(before, words),
        seen=before,
        by=call.by,
        now=call.now,
    )
    if "free" in call.body:
        free = windows_of(call.body["free"])
        seen = weekly_hours(person)
        change_hours(
            person,
            free,
            seen=seen,
            by=call.by,
            now=call.now,
        )
    _decide(call, person)
    assert person.relative is not None
    follow_up(call, circle_of(person.relative.patient))
    return Answered(relative_document(person))


def _decide(call: Call, person: Person) -> None:
    """Decide whether they are ready, with the reason that staff at the desk give, too."""
    body = call.body
    if "ready" not in body:
        stray = sorted({"ready_until", "reason"} & body.keys())
        if stray:
            raise InvalidFile([Problem(stray[0], READY_NEEDS)])
        return
    if "reason" not in body:
        raise InvalidFile([Problem("reason", "say why, in a few words")])
    until = day_said(body, "ready_until", now=call.now, years_back=0)
    try:
        decide_readiness(
            person,
            ready=body["ready"],
            until=until,
            reason=body["reason"],
            by=call.by,
            now=call.now,
        )
    except InputError as error:
        raise InvalidFile([Problem("ready_until", str(error))]) from error


def relative_document(person: Person) -> Document:
    """Return what the API says of a relative. Raises NotFound for anybody else."""
    own = person.relative
    if own is None:
        raise NotFound("there is no relative of that key here")
    return {
        "id": person.id,
        "key": person.key,
        "patient": own.patient.key,
        "name": person.name,
        "relationship": own.relationship_word,
        "email": person.email,
        "phone": person.phone,
        "zone": person.zone,
        "language": person.language,
        "free": windows_said(weekly_hours(person)),
        "ready": own.ready,
        "ready_until": own.ready_until.isoformat() if own.ready_until else None,
    }
