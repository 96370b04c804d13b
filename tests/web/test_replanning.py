"""What the desk shows when a plan changes or leaves something out: by person, before anything is
published.
"""

import re
from datetime import date

from flask import Flask

from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.people.availability import Absence, Window
from scheduler.planning.problem.plan import from_document
from scheduler.planning.proposals.queries import cohort_by_key, open_proposal
from scheduler.programs.models import Closure
from tests.web.desk.test_publication import PLAN, PUBLISH, WEEKS, planned
from tests.web.house import post, sign_in_staff


def section(page: str, heading: str) -> str:
    """The words of the part of a page under a heading."""
    text = re.sub(r"<[^>]+>", " ", page.partition(heading)[2].partition("</section>")[0])
    return re.sub(r"\s+", " ", text.replace("\N{NO-BREAK SPACE}", " ")).strip()


def family_day(week: int) -> date:
    """The day of the proposed family session of a week."""
    proposal = open_proposal(cohort_by_key("evening"))
    assert proposal is not None
    sessions = from_document(proposal.plan).sessions
    db.session.rollback()
    return next(one.day for one in sessions if one.key == f"evening.fam.jordan.w{week}")


def test_a_first_plan_is_all_new_to_those_who_are_in_it(new_house: Flask) -> None:
    client = new_house.test_client()
    planned(client)
    shown = section(client.get(PUBLISH).text, "Whose weeks change")

    assert "Ana Rivera clinician : 4 new" in shown
    assert "Jordan Quellandrix patient : 4 new" in shown
    assert "Dana Lee relative : 2 new" in shown
    assert "Miguel" not in shown


def test_what_a_closure_moves_is_shown_by_person_before_it_is_published(new_house: Flask) -> None:
    client = new_house.test_client()
    shown = planned(client)
    closed = family_day(2)
    post(client, PUBLISH, PUBLISH, proposal=shown)
    db.session.add(Closure(first=closed, last=closed, note="storm"))
    db.session.commit()
    post(client, PLAN, WEEKS)
    changes = section(client.get(PUBLISH).text, "Whose weeks change")

    assert "Dana Lee relative : 1 moved" in changes
    assert (
        f"Moved: Family session with Jordan Quellandrix, from {closed:%a} {closed.day} March"
        in changes
    )
    assert "Miguel" not in changes


def test_the_tray_says_what_found_no_time_who_is_in_the_way_and_what_would_help(
    new_house: Flask,
) -> None:
    client = new_house.test_client()
    sign_in_staff(client)
    mother = person_by_key("jordan-mother")
    mother.free = (Window(("sat",), 600, 720),)
    rivera = person_by_key("rivera").clinician
    assert rivera is not None
    rivera.away = (Absence(date(2027, 3, 13), date(2027, 3, 13)),)
    db.session.commit()
    post(client, PLAN, WEEKS)
    tray = section(client.get(WEEKS).text, '<h2 id="tray">Needs you').partition("Patients")[0]

    assert "No time found for 2 appointments" in tray
    assert "Jordan Quellandrix : Family session, week 1" in tray
    assert "Ana Rivera works only Mon to Fri 9:00 AM to 9:00 PM" in tray
    assert "Dana Lee is free only Sat 10:00 AM to 12:00 PM (Chicago time)" in tray
    assert "A time would open if Ana Rivera could make Saturday 6 March at 11:00 AM" in tray
    assert "Miguel" not in tray
