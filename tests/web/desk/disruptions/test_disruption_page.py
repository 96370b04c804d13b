"""Somebody is ill: from the day page to one letter each, by few clicks, and back as one. The father
has no consent: he gets nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Closure, Cohort
from scheduler.sessions import Meeting, cancel_sessions, schedule, session_by_key
from scheduler.sessions.models import Session, Status
from tests.web.desk.test_other_leader import desk as desk_with_chen
from tests.web.desk.test_session_edit import FIRST, leaves, minutes_pass, waiting
from tests.web.house import NOW
from tests.web.races.shown_forms import Reader
from visitor import words

__all__ = ["desk_with_chen"]
BEGIN = "/desk/disruptions"
GROUP = "evening.process.2027-03-01"
ILL = {"who": "rivera", "first": "2027-03-01", "last": "2027-03-03", "why": ""}
SNOW = {"who": "*", "first": "2027-03-01", "last": "2027-03-01", "why": "snow"}


def individual(number: int, day: int, hour: int) -> Meeting:
    start = datetime(2027, 3, day, hour)
    return Meeting(
        key=f"evening.one.noemie.w{number}",
        series="evening.one.noemie",
        cohort_id=db.session.scalars(select(Cohort.id)).one(),
        kind=Kind.INDIVIDUAL,
        seats=Seats.PATIENTS,
        title="Individual",
        topic=None,
        week=1,
        starts_local=f"{start:%Y-%m-%dT%H:%M}",
        zone="America/New_York",
        minutes=50,
        starts_at=start.replace(tzinfo=UTC) + timedelta(hours=5),
        ends_at=start.replace(tzinfo=UTC) + timedelta(hours=5, minutes=50),
        room_id=None,
        leads=(person_by_key("rivera").id,),
        patients=(person_by_key("noemie").id,),
    )


@pytest.fixture
def desk(desk_with_chen: FlaskClient) -> FlaskClient:
    """Rivera has five sessions from Monday to Wednesday; Chen could lead as well."""
    ones = [individual(1, 1, 12), individual(2, 2, 12), individual(3, 3, 12)]
    schedule(ones, by="command", now=NOW)
    announce(by="command", now=NOW)
    db.session.commit()
    leaves()
    return desk_with_chen


@dataclass
class Clicks:
    """Whoever clicks: each link followed and each form sent counts."""

    client: FlaskClient
    many: int = 0

    def follow(self, page: str, link: str) -> TestResponse:
        """Follow a link of a page."""
        reader = Reader(page)
        reader.feed(self.client.get(page).text)
        assert link in reader.links
        self.many += 1
        return self.client.get(link)

    def ask(self, **said: str) -> TestResponse:
        """Send the form that asks who is away."""
        self.many += 1
        return self.client.get(BEGIN, query_string=said)

    def go_on(self, shown: TestResponse, **changed: str) -> TestResponse:
        """Send the first form of a page as it stands, but for what is `changed`."""
        reader = Reader(shown.request.path)
        reader.feed(shown.text.partition("<main")[2])
        form = reader.forms[0]
        said = {control.name: control.value for control in form.controls} | changed
        self.many += 1
        if form.action.endswith("/look"):
            return self.client.get(form.action, query_string=said)
        return self.client.post(form.action, data=said)


def standing() -> dict[str, tuple[str, str, list[str]]]:
    db.session.rollback()
    found = {}
    for row in db.session.scalars(select(Session)).unique():
        leads = [lead.key for lead in row.leads]
        found[row.key] = (row.starts_local, row.status.value, leads)
    return found


def still_led_by_rivera(rows: dict[str, tuple[str, str, list[str]]]) -> list[str]:
    """Return what she leads in the three days."""
    found = []
    for key, (day, state, leads) in rows.items():
        if day < "2027-03-04" and state == "scheduled" and "rivera" in leads:
            found.append(key)
    return found


def test_three_days_of_five_sessions_take_four_clicks_and_one_letter_each(
    desk: FlaskClient,
) -> None:
    before = standing()
    clicks = Clicks(desk)
    clicks.follow("/desk/", BEGIN)
    lines = clicks.ask(**ILL)
    shown = clicks.go_on(lines)
    unchanged = standing(), waiting()
    done = clicks.go_on(shown)
    after = standing()
    minutes_pass()
    minutes_pass()
    told = waiting()
    leaves()

    assert "5 sessions cannot be held as published" in words(lines)
    assert "Ana Rivera is away, Mon 1 March – Wed 3 March: what this does" in words(shown)
    assert unchanged == (before, [])
    assert (clicks.many, done.status_code) == (4, 303)
    assert after[GROUP] == ("2027-03-01T18:00", "scheduled", ["chen"])
    assert still_led_by_rivera(after) == []
    assert len(told) == len({address for address, _kind in told})
    assert "miguel@family.example" not in {address for address, _kind in told}

    page = desk.get(done.headers["Location"])
    asked = clicks.go_on(page)
    back = clicks.go_on(asked)
    assert (back.status_code, standing()) == (303, before)
    assert "Put back by Sam Wren" in words(desk.get(done.headers["Location"]))


def test_line_is_changed_before_the_yes_and_stays_chosen(desk: FlaskClient) -> None:
    clicks = Clicks(desk)
    shown = clicks.go_on(clicks.ask(**ILL), **{f"do.{GROUP}": "cancel"})
    reader = Reader(BEGIN)
    reader.feed(shown.text.partition("<main")[2])
    again = desk.get(reader.links[0])
    clicks.go_on(shown)
    assert '<option value="cancel" selected>' in again.text
    assert "Cancelled: 1" in words(shown)
    assert standing()[GROUP][1] == "cancelled"


def test_facts_that_changed_before_the_yes_are_laid_anew(desk: FlaskClient) -> None:
    clicks = Clicks(desk)
    shown = clicks.go_on(clicks.ask(**ILL))
    cancel_sessions(session_by_key(FIRST), by="desk", now=NOW)
    db.session.commit()
    before = standing()
    anew = clicks.go_on(shown)
    assert (anew.status_code, standing()) == (409, before)
    assert "Something changed meanwhile, so this was laid anew." in words(anew)
    assert clicks.go_on(anew).status_code == 303


def test_who_can_no_longer_is_said_and_the_lines_fit_what_is_true(desk: FlaskClient) -> None:
    clicks = Clicks(desk)
    shown = clicks.go_on(clicks.ask(**ILL))
    chen = person_by_key("chen").clinician
    assert chen is not None
    chen.licences = ()
    db.session.commit()
    before = standing()
    refused = clicks.go_on(shown)
    assert (refused.status_code, standing()) == (409, before)
    assert "Lee Chen holds no MA licence" in words(refused)
    assert '<option value="lead:chen"' not in refused.text


def test_snow_day_takes_four_clicks(desk: FlaskClient) -> None:
    clicks = Clicks(desk)
    clicks.follow("/desk/", BEGIN)
    done = clicks.go_on(clicks.go_on(clicks.ask(**SNOW)))
    closed = [(row.first.isoformat(), row.note) for row in db.session.scalars(select(Closure))]
    stands = [day for day, state, _leads in standing().values() if state == Status.SCHEDULED]
    assert (clicks.many, done.status_code) == (4, 303)
    assert closed == [("2027-03-01", "snow")]
    assert [day for day in stands if day.startswith("2027-03-01")] == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"who": "jordan"}, "Choose who is away"),
        ({"first": "2047-03-01"}, "Give a day within two years of today."),
        ({"first": "2027-03-09"}, "The last day lies before the first."),
        ({f"do.{GROUP}": "publish"}, "is nothing that can be done about a session"),
    ],
)
def test_odd_words_are_said_and_kept(desk: FlaskClient, changed: dict[str, str], said: str) -> None:
    answer = desk.get(BEGIN, query_string=ILL | changed)
    assert (answer.status_code, said in words(answer)) == (422, True)
    assert desk.get(f"{BEGIN}/look", query_string=ILL | changed).status_code == 422
