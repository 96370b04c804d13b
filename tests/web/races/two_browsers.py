"""Two browsers at every form of the house: found by walking, sent at one moment."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from threading import Barrier
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.web.preview.form_turn import kind_of_turn
from tests.web.house import token
from tests.web.races.shown_forms import Form, Reader, Walk, endpoint_of, read_page
from visitor import sign_in
from visitor import words as read_words

DONE = {200, 201, 302, 303}
DESK = ("desk", "rivera")
"""Sam and Ana."""
WORKSHOP = "/desk/sessions/evening.learn.2027-02-23/recording"
TEXTS = "/desk/patients/jordan/texts"
HELD = "/desk/sessions/evening.fam.jordan.w1"
"""What who leads it finds there, and a coordinator does not."""
WALKS: tuple[tuple[tuple[str, str], tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("desk", "desk"),
        ("/desk/second-factor", "/mine/busy/"),
        ("/desk/second-factor", "/mine/busy/"),
    ),
    (
        DESK,
        ("/desk",),
        ("/desk/", "/desk/cohorts", "/desk/accounts/", "/desk/evenings/", WORKSHOP, TEXTS),
    ),
    (("rivera", "rivera"), (HELD,), (HELD,)),
    (
        ("jordan", "jordan"),
        ("/mine", "/safe", "/reminders", "/week"),
        ("/mine", "/mine/feed", "/mine/calendar/", "/safe/", "/reminders/", "/week/"),
    ),
    (
        ("jordan-mother", "jordan-mother"),
        ("/family",),
        ("/family", "/family/calendar/", "INVITATION"),
    ),
)
"""Whose pages are walked: two people, or one at two browsers; under what, and from where."""
ABOUT_WHOM = {
    "other_leader.change": "process",
    "session_edit.change": "fam.jordan.w1",
    "staff_accounts.cover_somebody": "lowe",
    "staff_accounts.deactivate_account": "lowe",
    "staff_accounts.set_roles": "lowe",
    "staff_accounts.sign_out_somebody": "lowe",
}
"""Which of many forms is taken: the one with this in its address."""
LOOKED_AT = {
    "session_edit.change": "session_edit.look",
    "other_leader.change": "other_leader.look",
}
"""Whose form stands on the page that another form leads to."""


def of_kind(app: Flask, kind: str) -> set[str]:
    """Every view that answers forms of a kind."""
    found = set()
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            continue  # programs send no form
        if "POST" in (rule.methods or ()) and kind_of_turn(rule.endpoint) == kind:
            found.add(rule.endpoint)
    return found


def at_one_moment(
    clients: tuple[FlaskClient, FlaskClient], sent: list[tuple[str, dict[str, list[str]]]]
) -> list[TestResponse]:
    """Send two forms, each by its browser, at one moment."""
    db.session.remove()
    ready = Barrier(2, timeout=60)

    def one(number: int) -> TestResponse:
        address, fields = sent[number]
        with clients[number].application.app_context():
            ready.wait()
            if "csrf_token" not in fields:
                return clients[number].get(address, query_string=fields)
            return clients[number].post(address, data=with_files(fields))

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, (0, 1)))


def with_files(fields: dict[str, list[str]]) -> dict[str, list[Any]]:
    """Return what is sent of a form, with a file for what is a calendar's text."""
    sent: dict[str, list[Any]] = dict(fields)
    for name, values in fields.items():
        if values[0].startswith("BEGIN:VCALENDAR"):
            sent[name] = [(BytesIO(values[0].encode()), "my.ics")]
    return sent


class Desk:
    """All forms that two people find, and how many races were run with them."""

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

    def both(
        self, clients: tuple[FlaskClient, FlaskClient], sent: list[tuple[str, dict[str, list[str]]]]
    ) -> list[TestResponse]:
        """Send both forms at one moment."""
        return at_one_moment(clients, sent)

    def read_on(self, pair: tuple[str, str], form: Form, answers: list[TestResponse]) -> None:
        """Find the forms that came to be by what was done."""
        walk = self.walks[pair]
        for page in (form.page, *(answer.location for answer in answers if answer.location)):
            walk.go(walk.read(page))


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
