"""Two at one moment at every form that changes something: one is done, one is told of it, and
nothing of the second's stays.

The forms are found by walking the pages and filled in as they show themselves, so that a new one
is raced without a line here; what cannot be filled in so has its words in `TYPED_IN`. A father
without consent stands by.
"""

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.kernel.database import Base, db
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

MOVE = {"deed": "move", "day": "2027-03-03", "at": "16:00", "minutes": "60", "onward": ""}
CALENDAR = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a@home\r\nDTSTART:202703{day}T140000Z\r\n"
    "DURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)
TYPED_IN: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "busy_calendar.bring": (
        {"calendar": CALENDAR.format(day="22")},
        {"calendar": CALENDAR.format(day="23")},
    ),
    "busy_calendar.follow_address": (
        {"address": "https://alpha.example/a.ics"},
        {"address": "https://beta.example/b.ics"},
    ),
    "recording_desk.add": (
        {"url": "https://video.example/alpha", "days": "7"},
        {"url": "https://video.example/beta", "days": "7"},
    ),
    "session_edit.change": (MOVE, MOVE | {"at": "15:00"}),
    "other_leader.change": ({"comes": "desk"}, {"comes": "desk"}),
    "signed_papers.record": (
        {"purpose": "family_therapy", "ending": "discharge", "signed": "2027-02-20"},
        {"purpose": "family_therapy", "ending": "discharge", "signed": "2027-02-21"},
    ),
    "signing.authority": (
        {"capacity": "proxy", "first": "2027-01-01"},
        {"capacity": "proxy", "first": "2027-01-02"},
    ),
    "signing.finding": (
        {"since": "2027-02-01", "ground": "Dr Abel; Dr Bell"},
        {"since": "2027-02-02", "ground": "Dr Cole; Dr Dunn"},
    ),
    "own_language.choose": ({"lang": "en"}, {"lang": "en"}),
    "own_reminders.choose": ({"way": "none"}, {"way": "mail", "when": "day"}),
    "patient_discharge.end": ({"last": "2027-03-10"}, {"last": "2027-03-11"}),
    "patient_stays.change": ({"last": "2027-03-12"}, {"last": "2027-03-13"}),
    "told_answer.note": ({"answer": "yes"}, {"answer": "no"}),
    "invitation.answer": ({"answer": "yes"}, {"answer": "no"}),
}
"""What the two type beside what the page says."""
ORDER = (
    "publication.tell",
    "cooling.do_take_back",
    "cooling.do_discard",
    "stop_contact.stop",
    "staff_accounts.deactivate_account",
    "patient_stays.change",
    "patient_discharge.end",
)
"""What comes last, in this order: each takes away what those before it are about."""
UNLOCKED = frozenset({"cohorts.plan"})
"""What holds no lock while it is made: the second may also begin when the first is done."""


def race(desk: Desk, endpoint: str) -> list[str]:
    """Let two send a form at one moment; return what is wrong with what came of it."""
    found = desk.form(endpoint)
    assert found is not None
    pair, form = found
    clients = (desk.enter(pair[0]), desk.enter(pair[1]))
    sent = []
    number = next(desk.races)
    words = [f"Venn{side}{number}x" for side in ("alpha", "beta")]
    for person, client in enumerate(clients):
        again = shown_again(client, form)
        if again is None:
            return [f"{pair[person]} does not find it on {form.page}"]
        typed = TYPED_IN.get(endpoint, ({}, {}))[person]
        fields = again.filled(person, words[person])
        fields |= {name: [value] for name, value in typed.items()}
        sent.append((again.action, fields))
    entries = last_entry()
    answers = desk.both(clients, sent)
    for _look in range(2):
        onward = [form_in(desk.app, answer, endpoint) for answer in answers]
        if None in onward:
            break
        sent = [(each.action, each.filled(0, "")) for each in onward if each is not None]
        answers = desk.both(clients, sent)
    desk.read_on(pair, form, answers)
    return faults(endpoint, pair, words, answers, entries)


def faults(
    endpoint: str,
    pair: tuple[str, str],
    words: list[str],
    answers: list[TestResponse],
    since: int,
) -> list[str]:
    """Name what is wrong: not one done and one refused, or traces of the one refused."""
    codes = [answer.status_code for answer in answers]
    if endpoint in UNLOCKED and set(codes) <= DONE:
        return []
    if sorted(code in DONE for code in codes) != [False, True] or 409 not in codes:
        return [f"answered {codes}: {[words_of(answer) for answer in answers]}"]
    loser = codes.index(409)
    found = []
    if "sent this form" not in answers[loser].text:
        found.append(f"409 says neither who nor when: {words_of(answers[loser])}")
    by = {entry.by for entry in entries_since(since)}
    if pair[0] != pair[1] and pair[loser] in by:
        found.append("the refused did something")
    if words[loser] in everything():
        found.append("the words of the refused are kept")
    return found


def everything() -> str:
    """All that the database keeps, to look for a word in."""
    found = []
    for table in Base.metadata.sorted_tables:
        found += map(repr, db.session.execute(select(table)))
    db.session.rollback()
    return "".join(found)


def test_of_two_at_one_moment_one_is_done_at_every_form(furnished: Flask) -> None:
    desk = Desk(furnished)
    waiting = of_kind(furnished, "one") - set(BY_HAND) - set(BY_TELEPHONE)
    wrong: dict[str, list[str]] = {}
    while ready := sorted((name for name in waiting if desk.form(name)), key=turn_of):
        waiting.discard(ready[0])
        found = race(desk, ready[0])
        if found:
            wrong[ready[0]] = found

    assert (wrong, waiting) == ({}, set())


def turn_of(endpoint: str) -> tuple[int, str]:
    return (ORDER.index(endpoint) + 1 if endpoint in ORDER else 0), endpoint
