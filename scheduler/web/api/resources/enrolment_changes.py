"""/enrolments: a stay added, other days, another cohort, a pause, a discharge; one deed a call."""

from collections.abc import Callable
from typing import Any

from scheduler.admissions import (
    StayDays,
    add_stay,
    change_stay,
    discharge,
    leaders_ahead,
    move_to_cohort,
    pause_stay,
    stay_named,
    stays_now,
    take_back_stay,
    undo_stays,
)
from scheduler.kernel.errors import InvalidFile, Problem
from scheduler.kernel.ids import new_id
from scheduler.people import Deed, Scope, person_in_turn
from scheduler.people.models import Person
from scheduler.web.api.door.answering import follow_up, hold_to_match
from scheduler.web.api.door.api_routes import About, Answered, Call, route
from scheduler.web.api.door.field_schemas import DAY, ID, KEY, changes, or_null, record
from scheduler.web.api.door.gatekeeper import patient_in_reach
from scheduler.web.api.resources.enrolment_resource import ENROLMENT, enrolment_now
from scheduler.web.api.resources.typed_words import day_needed, day_said
from scheduler.web.desk.people.family_circle import circle_of

YES = {"type": "boolean", "enum": [True]}
NEW = record(
    {"patient": KEY, "cohort": KEY, "from": DAY, "to": or_null(DAY)},
    needed=("patient", "cohort", "from"),
)
CHANGE = changes(
    {
        "to": or_null(DAY),
        "pause": record({"from": DAY, "until": DAY}),
        "cohort": KEY,
        "from": DAY,
        "stay": ID,
        "take_back": YES,
        "undo": YES,
    }
)
Body = dict[str, Any]


@route(
    "POST",
    "/enrolments",
    deed=Deed.CHANGE_PATIENT,
    scope=Scope.WRITE,
    takes=NEW,
    gives=ENROLMENT,
    status=201,
    is_row=True,
    rehearses=True,
)
def add_enrolment(call: Call) -> Answered:
    """Add a stay to a patient's: a later one, in this cohort or another."""
    key = call.body["patient"]
    patient_in_reach(
        call.staff,
        Deed.CHANGE_PATIENT,
        key,
        now=call.now,
    )
    person = person_in_turn(key)
    new = StayDays(
        new_id(),
        call.body["cohort"],
        day_needed(call.body, "from", now=call.now),
        day_said(call.body, "to", now=call.now),
    )
    people = circle_of(person) | leaders_ahead(person, now=call.now)
    add_stay(
        person,
        new,
        by=call.by,
        now=call.now,
    )
    follow_up(call, people)
    location = {"Location": f"/api/v1/enrolments/{person.key}"}
    return Answered(enrolment_now(person), headers=location)


@route(
    "PATCH",
    "/enrolments/<key>",
    deed=Deed.CHANGE_PATIENT,
    scope=Scope.WRITE,
    about=About.PATIENT,
    takes=CHANGE,
    gives=ENROLMENT,
    is_row=True,
    needs_match=True,
    rehearses=True,
)
def change_enrolment(call: Call) -> Answered:
    """Discharge, pause, move to another cohort, change or take back one stay, or undo."""
    person = person_in_turn(call.key)
    hold_to_match(call, enrolment_now(person))
    people = circle_of(person) | leaders_ahead(person, now=call.now)
    _deed_of(dict(call.body))(person, call)
    follow_up(call, people)
    return Answered(enrolment_now(person))


def _deed_of(body: Body) -> Callable[[Person, Call], None]:
    """Return what a body asks for. Raises InvalidFile for none, and for several at once."""
    for fields, deed in DEEDS:
        if body.keys() == fields:
            return deed
    if "stay" in body and body.keys() <= {"stay", "from", "to"} and len(body) > 1:
        return _days
    said = "say one thing: to; pause; cohort and from; stay with from, to or take_back; undo"
    raise InvalidFile([Problem(min(body), said)])


def _end(person: Person, call: Call) -> None:
    last = day_needed(call.body, "to", now=call.now)
    discharge(
        person,
        last,
        by=call.by,
        now=call.now,
    )


def _pause(person: Person, call: Call) -> None:
    said = call.body["pause"]
    try:
        first = day_needed(said, "from", now=call.now)
        until = day_needed(said, "until", now=call.now)
        pause_stay(
            person,
            first,
            until,
            new_id(),
            by=call.by,
            now=call.now,
        )
    except InvalidFile as error:
        problems = []
        for problem in error.problems:
            problems.append(Problem(f"pause.{problem.place}", problem.message))
        raise InvalidFile(problems) from error


def _move(person: Person, call: Call) -> None:
    first = day_needed(call.body, "from", now=call.now)
    cohort = call.body["cohort"]
    move_to_cohort(
        person,
        cohort,
        first,
        new_id(),
        by=call.by,
        now=call.now,
    )


def _days(person: Person, call: Call) -> None:
    stay = stay_named(stays_now(person), call.body["stay"])
    first = day_said(call.body, "from", now=call.now) or stay.first
    if "to" in call.body:
        last = day_said(call.body, "to", now=call.now)
    else:
        last = stay.last
    change_stay(
        person,
        stay.id,
        first,
        last,
        by=call.by,
        now=call.now,
    )


def _take_back(person: Person, call: Call) -> None:
    take_back_stay(
        person,
        call.body["stay"],
        by=call.by,
        now=call.now,
    )


def _undo(person: Person, call: Call) -> None:
    undo_stays(
        person,
        by=call.by,
        now=call.now,
    )


DEEDS: tuple[tuple[set[str], Callable[[Person, Call], None]], ...] = (
    ({"to"}, _end),
    ({"pause"}, _pause),
    ({"cohort", "from"}, _move),
    ({"stay", "take_back"}, _take_back),
    ({"undo"}, _undo),
)
"""What each set of fields asks for."""
