"""Two at one moment at every form that changes something: one is done, one is told of it, and
nothing of the second's stays.

The forms are found by walking the pages and filled in as they show themselves, so that a new one
is raced without a line here; what cannot be filled in so has its words in `TYPED_IN`. A father
without consent stands by.
"""

import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import Base, db
from scheduler.people import person_by_key
from scheduler.web.preview.form_turn import kind_of_turn
from tests.web.house import token
from tests.web.races.furnished import furnish
from tests.web.races.shown_forms import Form, Reader, Walk, endpoint_of, read_page
from visitor import sign_in
from visitor import words as read_words

DONE = {200, 201, 302, 303}
DESK = ("desk", "rivera")
"""Sam and Ana."""
WORKSHOP = "/desk/sessions/evening.learn.2027-02-23/recording"
TEXTS = "/desk/patients/jordan/texts"
WALKS: tuple[tuple[tuple[str, str], tuple[str, ...], tuple[str, ...]], ...] = (
    (("desk", "desk"), ("/desk/second-factor",), ("/desk/second-factor",)),
    (
        DESK,
        ("/desk", "/mine/busy"),
        ("/desk/", "/desk/cohorts", "/desk/accounts/", "/desk/evenings/", WORKSHOP, TEXTS),
    ),
    (("jordan", "jordan"), ("/mine",), ("/mine", "/mine/feed", "/mine/calendar/")),
    (
        ("jordan-mother", "jordan-mother"),
        ("/family",),
        ("/family", "/family/calendar/", "INVITATION"),
    ),
)
"""Whose pages are walked: two people, or one at two browsers; under what, and from where."""
MOVE = {"deed": "move", "day": "2027-03-03", "at": "16:00", "minutes": "60", "onward": ""}
TYPED_IN: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "evening_desk.announce": (
        {"day": "2027-03-09", "at": "19:00"},
        {"day": "2027-03-10", "at": "19:00"},
    ),
    "keep_out.bar": ({"kind": "never_invite"}, {"kind": "never_invite"}),
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
    "patient_discharge.end": ({"last": "2027-03-10"}, {"last": "2027-03-11"}),
    "invitation.answer": ({"answer": "yes"}, {"answer": "no"}),
}
"""What the two type beside what the page says."""
ABOUT_WHOM = {
    "other_leader.change": "process",
    "session_edit.change": "fam.jordan.w1",
    "staff_accounts.cover_somebody": "lowe",
    "staff_accounts.deactivate_account": "lowe",
    "staff_accounts.set_roles": "lowe",
}
"""Which of many forms is taken: the one with this in its address."""
LOOKED_AT = {
    "session_edit.change": "session_edit.look",
    "other_leader.change": "other_leader.look",
}
"""Whose form stands on the page that another form leads to."""
ORDER = (
    "publication.tell",
    "cooling.do_take_back",
    "cooling.do_discard",
    "staff_accounts.deactivate_account",
    "patient_discharge.end",
)
"""What comes last, in this order: each takes away what those before it are about."""
UNLOCKED = frozenset({"cohorts.plan"})
"""What holds no lock while it is made: the second may come after the first, or be told in words of
its own that somebody was faster (planning/proposals/test_propose.py).
"""
ELSEWHERE = {
    "consent_give.sign": "a code signs once",
    "session_edit.back": "what one browser remembers of its own change",
}
"""What no two can open at once."""


@pytest.fixture
def furnished(house: Flask, tmp_path: Path) -> Flask:
    furnish(house, tmp_path)
    return house


def of_kind(app: Flask, kind: str) -> set[str]:
    """Every view that answers forms of a kind."""
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            continue  # programs send no form
        if "POST" in (rule.methods or ()) and kind_of_turn(rule.endpoint) == kind:
            found.add(rule.endpoint)
    return found


class Desk:
    """All forms that two people find, and the races that were run with them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.races = itertools.count()
        self.walks: dict[tuple[str, str], Walk] = {}
        for pair, under, begin in WALKS:
            walk = Walk(self.enter(pair[0]), under)
            pages = [f"/i/{token()}" if page == "INVITATION" else page for page in begin]
            walk.go(pages)
            self.walks[pair] = walk

    def enter(self, key: str) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, person_by_key(key))
        return client

    def form(self, endpoint: str) -> tuple[tuple[str, str], Form] | None:
        """Return who finds a form, and where."""
        sought = LOOKED_AT.get(endpoint, endpoint)
        for pair, walk in self.walks.items():
            for form in walk.forms.get(sought, []):
                if ABOUT_WHOM.get(endpoint, "") in form.action:
                    return pair, form
        return None

    def race(self, endpoint: str) -> list[str]:
        """Let two send a form at one moment; return what is wrong with what came of it."""
        found = self.form(endpoint)
        assert found is not None
        pair, form = found
        clients = (self.enter(pair[0]), self.enter(pair[1]))
        sent = []
        number = next(self.races)
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
        answers = self.both(clients, sent)
        for _look in range(2):
            onward = [form_in(self.app, answer, endpoint) for answer in answers]
            if None in onward:
                break
            sent = [(each.action, each.filled(0, "")) for each in onward if each is not None]
            answers = self.both(clients, sent)
        self.read_on(pair, form, answers)
        return self.faults(endpoint, pair, words, answers, entries)

    def both(
        self, clients: tuple[FlaskClient, FlaskClient], sent: list[tuple[str, dict[str, list[str]]]]
    ) -> list[TestResponse]:
        """Send both forms at one moment."""
        db.session.remove()
        ready = Barrier(2, timeout=60)

        def one(number: int) -> TestResponse:
            address, fields = sent[number]
            with self.app.app_context():
                ready.wait()
                return clients[number].post(address, data=fields)

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(one, (0, 1)))

    def read_on(self, pair: tuple[str, str], form: Form, answers: list[TestResponse]) -> None:
        """Find the forms that came to be by what was done."""
        walk = self.walks[pair]
        for page in (form.page, *(answer.location for answer in answers if answer.location)):
            walk.go(walk.read(page))

    def faults(
        self,
        endpoint: str,
        pair: tuple[str, str],
        words: list[str],
        answers: list[TestResponse],
        since: int,
    ) -> list[str]:
        """Name what is wrong: not one done and one refused, or traces of the one refused."""
        codes = [answer.status_code for answer in answers]
        if endpoint in UNLOCKED and DONE & set(codes) and set(codes) <= DONE | {409}:
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


def words_of(answer: TestResponse) -> str:
    """Return the first words of a page, and where it leads."""
    return f"{answer.location} {read_words(answer)[:160]}"


def shown_again(client: FlaskClient, form: Form) -> Form | None:
    """Return the form as a browser is shown it now; None where it is not."""
    forms = read_page(client, form.page).forms
    return next((each for each in forms if each.is_like(form)), None)


def form_in(app: Flask, answer: TestResponse, endpoint: str) -> Form | None:
    """Return the form of an answer that asks once more before the deed is done."""
    if answer.status_code != 200:
        return None
    reader = Reader(answer.request.path)
    reader.feed(answer.text)
    for form in reader.forms:
        names = {control.name for control in form.controls}
        if endpoint_of(app, form.action, "POST") == endpoint and names & {"shown", "seen"}:
            return form
    return None


def last_entry() -> int:
    number = db.session.scalar(select(func.max(AuditEntry.number))) or 0
    db.session.rollback()
    return int(number)


def entries_since(number: int) -> list[AuditEntry]:
    """What was done since; that a page was opened is no deed."""
    since = select(AuditEntry).where(AuditEntry.number > number, AuditEntry.deed != "opened")
    rows = list(db.session.scalars(since))
    db.session.rollback()
    return rows


def everything() -> str:
    """All that the database keeps, to look for a word in."""
    found = []
    for table in Base.metadata.sorted_tables:
        found += map(repr, db.session.execute(select(table)))
    db.session.rollback()
    return "".join(found)


def test_of_two_at_one_moment_one_is_done_at_every_form(furnished: Flask) -> None:
    desk = Desk(furnished)
    waiting = of_kind(furnished, "one") - set(ELSEWHERE)
    wrong: dict[str, list[str]] = {}
    while ready := sorted((name for name in waiting if desk.form(name)), key=turn_of):
        waiting.discard(ready[0])
        faults = desk.race(ready[0])
        if faults:
            wrong[ready[0]] = faults

    assert (wrong, waiting) == ({}, set())


def turn_of(endpoint: str) -> tuple[int, str]:
    return (ORDER.index(endpoint) + 1 if endpoint in ORDER else 0), endpoint
