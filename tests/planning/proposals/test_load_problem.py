"""Rows become a problem, with the other cohorts around it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.busy import Seen, claim, follow, settle, upload
from scheduler.consents import Information, Signature, give
from scheduler.kernel.database import db
from scheduler.kernel.untrusted.safe_http import Fetched
from scheduler.people import person_by_key
from scheduler.planning import make_plan, propose, publish
from scheduler.planning.problem.plan import PlannedSession, Rule
from scheduler.planning.proposals.load_problem import load_problem
from scheduler.programs.kinds import Kind
from scheduler.programs.models import Cohort, VideoRoom
from scheduler.programs.room_service import RoomService
from tests.planning.rows import NOW, clinic, grant, patient, relative
from tests.planning.week_grid import STARTS


def second_cohort(first: Cohort, starts: date = STARTS) -> Cohort:
    """Add a cohort of the same program."""
    row = Cohort(
        key="second", program_id=first.program_id, starts=starts, leads={"process": ("rivera",)}
    )
    db.session.add(row)
    db.session.flush()
    return row


def by_file(calendar: bytes) -> None:
    """Rivera uploads a calendar."""
    upload(person_by_key("rivera"), calendar, by="rivera", now=NOW)


def by_address(calendar: bytes) -> None:
    """Rivera's calendar is followed, and its server answers with this."""
    follow(person_by_key("rivera"), "https://calendar.example/rivera.ics", by="rivera", now=NOW)
    due = claim(now=NOW)
    assert due is not None
    settle(due, Seen(Fetched(calendar, None, None), due.read(calendar)), now=NOW)


def test_people_and_their_consents_are_there_and_nobody_elses(app: Flask) -> None:
    clinic()
    problem = load_problem("evening", now=NOW)
    assert [one.key for one in problem.patients] == ["jordan", "noemie"]
    father, mother = problem.patient_by_key["jordan"].relatives
    assert (father.key, father.consents) == ("jordan-father", ())
    assert [one.kind for one in mother.consents] == [Kind.FAMILY_THERAPY]
    assert problem.rooms == ("a", "b")
    assert problem.fixed_rooms == {"a", "b"}


def test_room_of_a_service_is_not_fixed(app: Flask) -> None:
    clinic()
    db.session.scalars(
        select(VideoRoom).where(VideoRoom.key == "a")
    ).one().service = RoomService.TEMPLATE
    db.session.flush()

    assert load_problem("evening", now=NOW).fixed_rooms == {"b"}


def test_families_and_patients_of_a_cohort_get_rooms_of_their_own(app: Flask) -> None:
    clinic()

    plan = make_plan(load_problem("evening", now=NOW))

    held = {(session.room, session.has_families) for session in plan.sessions}
    assert len(held) == len({room for room, _ in held}) == 2
    assert [one for one in plan.findings if one.rule is Rule.ROOMS_APART] == []


def test_a_withdrawn_consent_is_none(app: Flask) -> None:
    cohort = clinic()
    child = patient("casey", cohort, person_by_key("rivera"))
    uncle = relative("casey-uncle", child, None)
    grant(uncle, child).revoked_at = NOW
    db.session.flush()
    problem = load_problem("evening", now=NOW)
    assert problem.relative_by_key["casey-uncle"].consents == ()


def test_a_consent_that_does_not_let_times_be_told_is_none(app: Flask) -> None:
    cohort = clinic()
    child = patient("casey", cohort, person_by_key("rivera"))
    uncle = relative("casey-uncle", child, None)
    papers = (frozenset({Information.CLINICIAN}), frozenset({Information.TIMES}))
    for kind, information in zip((Kind.FAMILY_THERAPY, Kind.PROGRESS_UPDATE), papers, strict=True):
        give(
            person=uncle,
            patient=child,
            purposes=[kind],
            signed=date(2026, 1, 5),
            expires=date(2030, 1, 1),
            signature=Signature(information=information),
            by="sam",
            now=NOW,
        )
    problem = load_problem("evening", now=NOW)
    assert [one.kind for one in problem.relative_by_key["casey-uncle"].consents] == [
        Kind.PROGRESS_UPDATE
    ]


def test_a_cohort_without_a_plan_is_planned_alongside(app: Flask) -> None:
    second_cohort(clinic())
    problem = load_problem("evening", now=NOW)
    assert ([one.cohort for one in problem.alongside], problem.busy) == (["second"], ())


def test_a_proposed_and_a_published_cohort_bind_its_leaders_and_rooms(app: Flask) -> None:
    second_cohort(clinic())
    proposal = propose("evening", seconds=5, seed=1, by="command", now=NOW)
    proposed = load_problem("second", now=NOW)
    assert len(proposed.busy) == len(proposal.plan["sessions"])
    publish("evening", by="command", now=NOW)
    published = load_problem("second", now=NOW)
    assert {(one.start, one.people, one.room) for one in published.busy} == {
        (one.start, one.people, one.room) for one in proposed.busy
    }


def test_a_cohort_of_another_season_does_not_matter(app: Flask) -> None:
    second_cohort(clinic(), date(2027, 9, 6))
    problem = load_problem("evening", now=NOW)
    assert (problem.alongside, problem.busy) == ((), ())


def test_a_cohort_of_another_zone_binds_only_its_leaders_groups(app: Flask) -> None:
    second_cohort(clinic()).zone = "America/Chicago"
    db.session.flush()
    problem = load_problem("evening", now=NOW)
    assert problem.alongside == ()
    assert {one.people for one in problem.busy} == {("rivera",)}
    assert len(problem.busy) == 12


@pytest.mark.parametrize("bring", [by_file, by_address])
def test_plan_keeps_clear_of_what_a_clinician_is_busy_with(
    app: Flask, bring: Callable[[bytes], None]
) -> None:
    clinic()
    before = [placed(one) for one in sessions()]
    busy = {begin for begin, _, fixed in before if not fixed}
    lines = [
        f"BEGIN:VEVENT\r\nDTSTART:{at:%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
        for at in busy
    ]
    calendar = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(lines)}END:VCALENDAR\r\n"
    bring(calendar.encode())
    db.session.commit()

    after = [placed(one) for one in sessions()]
    taken = [(begin, begin + timedelta(hours=1)) for begin in busy]
    assert [
        each
        for each in after
        if not each[2] and any(each[0] < end and begin < each[1] for begin, end in taken)
    ] == []


def sessions() -> list[PlannedSession]:
    """The sessions of a plan made now."""
    return list(make_plan(load_problem("evening", now=NOW), seconds=5, seed=0).sessions)


def placed(session: PlannedSession) -> tuple[datetime, datetime, bool]:
    """When it is, and whether it is a slot that nobody places."""
    return session.start, session.end, session.fixed
