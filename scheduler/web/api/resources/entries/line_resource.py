"""/cohorts/KEY/line: who waits for a place, and what comes of one that is offered."""

from enum import StrEnum

from scheduler.admissions import (
    Answer,
    InLine,
    accept_place,
    let_place_go,
    line_of,
    offer_place,
)
from scheduler.invitations import note_place
from scheduler.people import Deed, Scope, patient_by_key, practice
from scheduler.planning import cohort_by_key
from scheduler.web.api.door.answering import follow_up
from scheduler.web.api.door.api_routes import About, Answered, Call, Document, route
from scheduler.web.api.door.field_schemas import (
    COUNT,
    DAY,
    KEY,
    MOMENT,
    TRUTH,
    one_of,
    or_null,
    record,
)
from scheduler.web.api.resources.typed_words import day_needed
from scheduler.web.desk.people.family_circle import circle_of


class Word(StrEnum):
    """What is done with a place."""

    OFFER = "offer"
    ACCEPT = "accept"
    DECLINE = "decline"
    TAKE_BACK = "take_back"


WAITING = record(
    {
        "patient": KEY,
        "number": COUNT,
        "from": DAY,
        "to": or_null(DAY),
        "has_place": TRUTH,
        "held_until": or_null(MOMENT),
    }
)
LINE = record(
    {
        "cohort": KEY,
        "next": or_null(KEY),
        "waiting": {"type": "array", "items": WAITING},
    }
)
SAID = record(
    {"patient": KEY, "deed": one_of(Word), "until": DAY},
    needed=("patient", "deed"),
)


@route(
    "GET",
    "/cohorts/<key>/line",
    deed=Deed.PLAN,
    scope=Scope.READ,
    about=About.COHORT,
    gives=LINE,
)
def waiting_line(call: Call) -> Answered:
    """Return who waits for a place in a cohort, and who is to be asked next."""
    return Answered(_document(call))


@route(
    "POST",
    "/cohorts/<key>/line",
    deed=Deed.PLAN,
    scope=Scope.PLAN,
    about=About.COHORT,
    takes=SAID,
    gives=LINE,
    rehearses=True,
)
def settle_place(call: Call) -> Answered:
    """Offer a place until a day, give it, or let it go: the patient declined, or it is taken
    back.
    """
    patient = patient_by_key(call.body["patient"])
    word = Word(call.body["deed"])
    cohort = cohort_by_key(call.key)
    if word is Word.OFFER:
        until = day_needed(call.body, "until", now=call.now)
        held = offer_place(cohort, patient.key, until, by=call.by, now=call.now)
        note_place(patient, until, held.id, now=call.now)
    elif word is Word.ACCEPT:
        accept_place(cohort, patient.key, by=call.by, now=call.now)
    else:
        answer = Answer.DECLINED if word is Word.DECLINE else Answer.TAKEN_BACK
        let_place_go(cohort, patient.key, answer, by=call.by, now=call.now)
    follow_up(call, circle_of(patient))
    return Answered(_document(call))


def _document(call: Call) -> Document:
    today = practice().day_at(call.now)
    line = line_of(cohort_by_key(call.key), today=today)
    following = line.next(call.now)
    waiting = []
    for someone in line.waiting:
        shown = _waiting(someone, call)
        shown["has_place"] = line.has_place(someone, call.now)
        waiting.append(shown)
    return {
        "cohort": call.key,
        "next": following.person.key if following else None,
        "waiting": waiting,
    }


def _waiting(someone: InLine, call: Call) -> Document:
    held = someone.offer.ends_at if someone.offer and someone.is_asked(call.now) else None
    return {
        "patient": someone.person.key,
        "number": someone.number,
        "from": someone.first.isoformat(),
        "to": someone.last.isoformat() if someone.last else None,
        "held_until": held.isoformat() if held else None,
    }
