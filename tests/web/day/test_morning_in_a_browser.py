"""A morning of three groups of ten in a real browser: by touch without script, by keys, by mouse.
The father without consent is on no page of it.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask

from cast import NEW_YORK, Cast, assemble
from scheduler import tasks
from scheduler.attendance import attendance_of
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.needs import look_for_needs
from scheduler.people import begin_sign_in
from scheduler.people.models import Patient, Person, PersonKind
from scheduler.programs import Kind, Milestones, Seats
from scheduler.programs.models import Enrolment
from scheduler.sessions import make_up_seat, session_by_key
from scheduler.sessions.models import Session, Status
from tests.web.test_accessible import findings
from watch import Watch

NOW = datetime(2027, 3, 9, 18, 30, tzinfo=UTC)
"""Tuesday, half past one in New York: the morning is over."""
TUESDAY, THURSDAY = date(2027, 3, 9), date(2027, 3, 11)
GROUPS = {"first": "09:00", "second": "10:30", "third": "12:00"}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 860}}
MOST_TAPS = 40
"""For thirty people, some of whom were late, excused or not there."""


class Reader:
    """Somebody before a screen; what they touch, click and press is counted."""

    def __init__(self, browser: Any, server: str, person: Person, **how: Any) -> None:
        secret = begin_sign_in(person, now=now())
        db.session.commit()
        host = urlsplit(server).hostname
        self.context = browser.new_context(**how)
        self.context.add_cookies(
            [{"name": "kinfold", "value": secret, "domain": host, "path": "/"}]
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.server, self.taps = server, 0

    def opens(self, path: str) -> str:
        db.session.rollback()
        self.page.goto(self.server + path)
        return self.reads()

    def follows(self, role: str, name: str) -> str:
        """Touch a link or button that leads to a page; return what it says."""
        self.taps += 1
        db.session.rollback()
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role(role, name=name).first.tap()
        return self.reads()

    def says(self, name: str, word: str) -> None:
        """Touch one word about a person."""
        self.taps += 1
        self.page.get_by_role("group", name=name).get_by_role("radio", name=word).tap()

    def reads(self) -> str:
        db.session.rollback()
        return " ".join(str(self.page.inner_text("main")).split())


@pytest.fixture
def stage(sqlite_app: Flask, live_server: str, watch: Watch) -> Cast:
    """Rivera leads three groups of ten on Tuesday and again on Thursday; Jordan is in the first."""
    stage = assemble()
    rules = replace(stage.cohort.program.template.rules, group_cap=11)
    milestones = Milestones(plan_review_days=(THURSDAY - date(2027, 3, 1)).days)
    rules = replace(rules, milestones=milestones)
    template = stage.cohort.program.template
    stage.cohort.program.template = replace(template, rules=rules)
    for number, (series, at) in enumerate(GROUPS.items()):
        ten = [seated(stage, 10 * number + place) for place in range(10)]
        if number == 0:
            ten[0] = stage.jordan
        for day in (TUESDAY, THURSDAY):
            db.session.add(group(stage, series, day, at, ten))
    db.session.commit()
    return stage


def seated(stage: Cast, number: int) -> Person:
    person = Person(
        key=f"p-{number:02}",
        kind=PersonKind.PATIENT,
        name=f"Person {number:02}",
        email=f"p-{number:02}@patient.example",
    )
    db.session.add(person)
    db.session.flush()
    person.patient = Patient(state="MA", born=date(1990, 1, 1), clinician_id=stage.rivera.id)
    seat = Enrolment(patient_id=person.id, cohort_id=stage.cohort.id, first=date(2027, 3, 8))
    db.session.add(seat)
    return person


def group(stage: Cast, series: str, day: date, at: str, patients: list[Person]) -> Session:
    starts = datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=NEW_YORK).astimezone(UTC)
    row = Session(
        key=f"{series}.{day}",
        series=series,
        cohort_id=stage.cohort.id,
        kind=Kind.GROUP,
        seats=Seats.PATIENTS,
        title=f"The {series} group",
        week=2,
        starts_local=f"{day}T{at}",
        zone="America/New_York",
        minutes=80,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=80),
        zone_rules="2026f",
        changed_at=NOW - timedelta(days=30),
    )
    row.leads, row.patients = [stage.rivera], patients
    return row


@pytest.fixture
def rivera(browser: Any, stage: Cast, live_server: str) -> Iterator[Reader]:
    """Rivera's phone, without script."""
    reader = Reader(browser, live_server, stage.rivera, **PHONE, java_script_enabled=False)
    yield reader
    reader.context.close()


def words_about(series: str, day: date = TUESDAY) -> Counter[str]:
    db.session.rollback()
    row = session_by_key(f"{series}.{day}")
    patients = {patient.id for patient in row.patients}
    marks = attendance_of(row.id).items()
    return Counter(mark.state.value for person_id, mark in marks if person_id in patients)


def test_thirty_people_are_written_down_by_touch_in_few_taps(rivera: Reader) -> None:
    today = rivera.opens("/desk/")
    rivera.follows("button", "All came: The first group")
    rivera.follows("link", "Who came? The second group")
    rivera.says("Person 12", "Late")
    minutes = rivera.page.get_by_role("group", name="Person 12").get_by_label("Minutes there")
    rivera.taps += 1
    minutes.tap()
    minutes.fill("65")
    rivera.says("Person 14", "Did not come")
    rivera.follows("button", "All others were present")
    rivera.follows("link", "Who came? The third group")
    rivera.says("Person 23", "Excused")
    closed = rivera.follows("button", "All others were present")

    assert ("Miguel" in today, "10 expected" in today) == (False, True)
    assert words_about("first") == {"present": 10}
    assert words_about("second") == {"present": 8, "late": 1, "no_show": 1}
    assert words_about("third") == {"present": 9, "excused": 1}
    assert "The session is closed: it was held." in closed
    assert [session_by_key(f"{name}.{TUESDAY}").status for name in GROUPS] == [Status.HELD] * 3
    assert rivera.taps <= MOST_TAPS


def test_late_joiner_is_written_down_by_keys_alone(
    browser: Any, stage: Cast, live_server: str
) -> None:
    reader = Reader(browser, live_server, stage.rivera, **DESK)
    reader.opens(f"/desk/sessions/second.{TUESDAY}/attendance")
    late = reader.page.get_by_role("group", name="Person 12")
    hidden = late.get_by_label("Minutes there").is_hidden()
    late.get_by_role("radio", name="Present").focus()
    for key in ("Space", "ArrowRight", "Tab"):
        reader.page.keyboard.press(key)
    reader.page.keyboard.type("65")
    faults = findings(reader.page)
    with reader.page.expect_navigation():
        reader.page.keyboard.press("Enter")
    reader.context.close()

    db.session.rollback()
    marks = attendance_of(session_by_key(f"second.{TUESDAY}").id).values()
    assert [(mark.state.value, mark.minutes) for mark in marks] == [("late", 65)]
    assert (hidden, faults) == (True, [])


def test_excused_patient_makes_up_in_another_group_which_is_written_down(
    browser: Any, stage: Cast, live_server: str, watch: Watch
) -> None:
    phone = Reader(browser, live_server, stage.jordan, **PHONE, java_script_enabled=False)
    missed = session_by_key(f"first.{THURSDAY}").id
    phone.opens(f"/mine/sessions/{missed}/cannot-come")
    phone.follows("button", "I can’t come")
    shown = phone.follows("button", "Thu 11 March, 10:30")
    phone.follows("button", "Take this place")
    phone.context.close()
    db.session.rollback()
    seat = make_up_seat(session_by_key(f"first.{THURSDAY}"), stage.jordan)

    watch.moment = NOW + timedelta(days=2)
    mouse = Reader(browser, live_server, stage.rivera, **DESK)
    day = mouse.opens("/desk/")
    with mouse.page.expect_navigation():
        mouse.page.get_by_role("button", name="All came: The second group").click()
    mouse.context.close()

    assert "You sit in this group once, in place of" in shown
    assert seat is not None
    assert seat.session_id == session_by_key(f"second.{THURSDAY}").id
    assert "1 does not come: Jordan Quellandrix (excused)" in day
    assert words_about("second", THURSDAY) == {"present": 11}


def test_review_due_in_two_days_is_seen_and_opened_by_touch(rivera: Reader, stage: Cast) -> None:
    look_for_needs(now=NOW)
    db.session.commit()

    today = rivera.opens("/desk/")
    rivera.follows("link", "Open the patient’s page")
    patient = rivera.page.url
    rivera.opens("/desk/needs")
    rivera.follows("button", f"Done: {stage.jordan.name}")

    wanted = "The treatment plan of Jordan Quellandrix is to be reviewed by Thu 11 March 2027"
    assert wanted in today
    assert patient.endswith("/desk/patients/jordan")
    assert [
        task for task in tasks.open_tasks(kind="milestone") if task.about_id == stage.jordan.id
    ] == []
