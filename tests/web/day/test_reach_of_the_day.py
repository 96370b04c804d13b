"""A clinician's day holds what is within their reach: sessions of their cohorts, links that open,
and a count of their own.
"""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from scheduler import tasks
from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.people.models import Clinician, Person, PersonKind, Role
from scheduler.programs.models import Cohort
from scheduler.sessions.models import Session
from tests.web.day.test_today import BEGUN, DAY, KEY, fill
from tests.web.house import NOW
from visitor import browser, sign_in, words
from watch import Watch


@pytest.fixture
def moss(house: Flask, clock: Watch) -> FlaskClient:
    """A clinician who neither leads nor treats anybody of the house."""
    clock.moment = DAY
    person = Person(
        key="moss",
        kind=PersonKind.CLINICIAN,
        name="Moss",
        email="moss@hl.example",
        free=(),
    )
    person.clinician = Clinician(roles=(Role.CLINICIAN,), licences=(), buffer=10, away=())
    db.session.add(person)
    db.session.commit()
    client = browser(house)
    sign_in(client, person)
    return client


def treat_noemie() -> None:
    """Bring Moss into the cohort of everybody."""
    patient = person_by_key("noemie").patient
    assert patient is not None
    patient.clinician_id = person_by_key("moss").id
    db.session.commit()


def refused(client: FlaskClient, url: str) -> list[str]:
    """Return the addresses a page leads to at the desk that are shut to its reader."""
    found = []
    for address in sorted(set(re.findall(r'href="(/desk[^"#]*)', client.get(url).text))):
        if client.get(address.replace("&amp;", "&")).status_code == 403:
            found.append(address)
    return found


def test_session_of_a_cohort_out_of_reach_is_not_in_the_day(moss: FlaskClient) -> None:
    page = words(moss.get("/desk/"))

    assert "Family session" not in page
    assert "Dana Lee" not in page


def test_session_of_an_own_cohort_is_in_the_day_without_deeds_that_are_refused(
    moss: FlaskClient, clock: Watch
) -> None:
    treat_noemie()
    clock.moment = BEGUN
    sign_in(moss, person_by_key("moss"))

    page = moss.get("/desk/").text

    assert f"/desk/sessions/{KEY}" in page
    assert f"/desk/sessions/{KEY}/attendance" not in page


def test_what_is_out_of_reach_does_not_crowd_out_what_is_in(
    moss: FlaskClient, clock: Watch
) -> None:
    clock.moment = DAY - timedelta(hours=5)
    treat_noemie()
    fill(40)
    evening = db.session.scalars(select(Cohort)).one()
    other = Cohort(key="other", program_id=evening.program_id, starts=evening.starts, leads={})
    db.session.add(other)
    db.session.flush()
    filled = update(Session).where(Session.series == "evening.one.jordan")
    db.session.execute(filled.values(cohort_id=other.id))
    db.session.commit()
    sign_in(moss, person_by_key("moss"))

    page = words(moss.get("/desk/"))

    assert "Family session" in page
    assert "Individual" not in page


@pytest.mark.parametrize(
    "url", ["/desk/", "/desk/cohorts", "/desk/cohorts/evening", f"/desk/sessions/{KEY}"]
)
def test_no_page_leads_a_clinician_to_what_is_shut(moss: FlaskClient, url: str) -> None:
    treat_noemie()

    assert refused(moss, url) == []


def test_count_in_the_navigation_is_the_readers_own(house: Flask, moss: FlaskClient) -> None:
    mother = person_by_key("jordan-mother")
    tasks.raise_task("x", "x:1", "Call.", about_id=mother.id, now=NOW)
    db.session.commit()
    rivera = browser(house)
    sign_in(rivera, person_by_key("rivera"))

    assert '<b class="count">1</b>' in rivera.get("/desk/").text
    assert 'class="count"' not in moss.get("/desk/").text
