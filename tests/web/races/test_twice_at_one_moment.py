"""A double click at every form that is done once each: one deed, and both answers lead to it.

The forms are found by walking the pages and filled in as they show themselves; what cannot be
filled in so has its words in `TYPED`. A father without consent stands by.
"""

from flask import Flask
from werkzeug.test import TestResponse

from cast import grant
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs import Kind
from tests.web.races.test_passkeys_at_one_moment import BY_TELEPHONE
from tests.web.races.test_where_no_walk_leads import BY_HAND
from tests.web.races.two_browsers import (
    DONE,
    Desk,
    entries_since,
    form_in,
    last_entry,
    of_kind,
    shown_again,
    words_of,
)

MARKED = {"days": "0", "begin": "09:00", "end": "17:00", "means": "both"}
TYPED = {
    "session_place.note": {"words": "Ask about the bus."},
    "attendance.save": {"state-rivera": "present", "minutes-rivera": "60"},
    "contact_details.change": {"phone": "+16175550199", "zone": "America/Chicago"},
    "consent_withdraw.desk_stop": {"person": "jordan-mother", "purpose": "multi_family_group"},
    "evening_desk.announce": {"day": "2027-03-09", "at": "19:00"},
    "free_hours.change": {"free": "never"},
    "keep_out.bar": {"kind": "never_invite", "person": "jordan-mother"},
    "patient_admission.take_in": {
        "name": "Zoe Hart",
        "email": "zoe@patient.example",
        "first": "2027-03-08",
        "clinician": "rivera",
        "state": "MA",
        "free": "never",
    },
    "own_week.keep": {"free": "never"},
    "participation.agree": {"agreed_with": "Jordan and Dana"},
    "patient_details.change": {"state": "MA"},
    "safe_hours.mark": MARKED,
    "safe_hours_desk.mark": MARKED,
    "relative_addition.add": {
        "name": "Kai Lee",
        "relationship": "brother",
        "email": "kai@family.example",
        "free": "never",
    },
    "setup_pages.add": {
        "name": "Ira Venn",
        "email": "ira@hl.example",
        "roles": "coordinator",
    },
    "setup_pages.change": {"name": "Samuel Wren"},
    "setup_pages.change_single": {"holidays": "open"},
    "staff_accounts.invite_somebody": {"roles": "clinician"},
    "webhook_desk.make": {"name": "ehr", "address": "https://ehr.example/hook"},
}
"""What is typed beside what the page says."""
ROWS_LEFT_EMPTY = frozenset(
    {
        "free_hours.change",
        "own_week.keep",
        "patient_admission.take_in",
        "patient_details.change",
        "relative_addition.add",
        "setup_pages.add",
        "setup_pages.change",
        "setup_pages.change_single",
    }
)
"""Where what is empty stays so: a row that was begun wants all of its fields."""
BY_OTHER = frozenset({"lost_factor.confirm"})
"""What Ana sends, since Sam has asked."""
ORDER = ("patient_details.change", "free_hours.change", "keep_out.bar", "keep_out.lift")
"""What comes last, in this order."""


def add_consents() -> None:
    """Let the mother know of two kinds more, so that one can be withdrawn and one is left."""
    for kind in (Kind.MULTI_FAMILY_GROUP, Kind.PROGRESS_UPDATE):
        grant(person_by_key("jordan-mother"), person_by_key("jordan"), kind)
    db.session.commit()


def twice(desk: Desk, endpoint: str) -> list[str]:
    """Let one browser send a form twice at one moment; return what is wrong with what came."""
    found = desk.form(endpoint)
    assert found is not None
    pair, form = found
    client = desk.enter(pair[endpoint in BY_OTHER])
    again = shown_again(client, form)
    if again is None:
        return [f"nobody finds it on {form.page}"]
    word = "" if endpoint in ROWS_LEFT_EMPTY else f"Venn{next(desk.races)}x"
    fields = again.filled(0, word)
    for name, value in TYPED.get(endpoint, {}).items():
        fields[name] = [value]
    since = last_entry()
    answers = desk.both((client, client), [(again.action, fields)] * 2)
    for _look in range(2):
        onward = form_in(desk.app, answers[0], endpoint)
        if onward is None:
            break
        answers = desk.both((client, client), [(onward.action, onward.filled(0, ""))] * 2)
    desk.read_on(pair, form, answers)
    return faults(answers, since)


def faults(answers: list[TestResponse], since: int) -> list[str]:
    """Name what is wrong: not both told that it is done, at one place, or not one deed."""
    found = []
    codes = [answer.status_code for answer in answers]
    places = {answer.location for answer in answers if answer.location}
    if not set(codes) <= DONE or len(places) != 1:
        found.append(f"answered {codes}: {[words_of(answer) for answer in answers]}")
    deeds = []
    for entry in entries_since(since):
        deeds.append(f"{entry.by} {entry.deed} {entry.about} {entry.details}")
    if not deeds or len(set(deeds)) < len(deeds):
        found.append(f"did {deeds}")
    return found


def test_same_form_sent_twice_at_one_moment_is_done_once(furnished: Flask) -> None:
    add_consents()
    desk = Desk(furnished)
    waiting = of_kind(furnished, "once") - set(BY_HAND) - set(BY_TELEPHONE)
    wrong: dict[str, list[str]] = {}
    while ready := sorted((name for name in waiting if desk.form(name)), key=turn_of):
        waiting.discard(ready[0])
        if found := twice(desk, ready[0]):
            wrong[ready[0]] = found

    assert (wrong, waiting) == ({}, set())


def turn_of(endpoint: str) -> tuple[int, str]:
    return (ORDER.index(endpoint) + 1 if endpoint in ORDER else 0), endpoint
