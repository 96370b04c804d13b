"""A coordinator bends a rule with a reason: kept with the place, accepted from then on. The father
has no consent and is in nothing.
"""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler import consents
from scheduler.audit.models import AuditEntry
from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import person_by_key
from scheduler.people.availability import Window
from scheduler.planning import (
    bend_rules,
    judge_trial,
    open_proposal,
    places_instead,
    propose,
    publish,
    what_holds,
)
from scheduler.planning.proposals.queries import cohort_by_key
from scheduler.sessions import edit_sessions, overrides_by_session, session_by_key
from scheduler.sessions.models import Session
from tests.planning.rows import NOW, clinic
from tests.planning.week_grid import WORKDAYS, at

ONE = "evening.one.jordan.w2"
FAMILY = "evening.fam.jordan.w1"
REASON = "Jordan changed shifts for it"


@pytest.fixture
def published(app: Flask) -> None:
    """Jordan is free from one to five, and all that is due is published."""
    clinic()
    person_by_key("jordan").free = (Window(WORKDAYS, at("13:00"), at("17:00")),)
    db.session.commit()
    plan_and_publish()


def plan_and_publish() -> None:
    propose("evening", seconds=2, seed=1, by="command", now=NOW)
    if open_proposal(cohort_by_key("evening")) is not None:
        publish("evening", by="command", now=NOW)
    db.session.commit()


def moved(key: str, hour: str, reason: str | None = REASON, day: int = 0) -> Session:
    """Move a session to an hour of its day, bending what may be bent."""
    session = session_by_key(key)
    date = datetime.fromisoformat(session.starts_local[:10]) + timedelta(days=day)
    to = datetime.fromisoformat(f"{date:%Y-%m-%d}T{hour}")
    done, news = judge_trial(
        "evening", lambda: edit_sessions(session, to=to, by="desk", now=NOW), now=NOW
    )
    if reason is not None:
        bend_rules(news, done, reason=reason, by="desk", now=NOW)
    return session


def accepted() -> list[tuple[str, str | None]]:
    held = what_holds("evening", now=NOW)
    assert held.broken == ()
    return [(finding.rule.value, finding.session) for finding in held.accepted]


def test_reason_is_kept_with_the_place_and_on_record(published: None) -> None:
    session = moved(ONE, "12:00")
    (override,) = overrides_by_session([session.id])[session.id]
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.deed == "sessions.override")
    ).one()

    assert (override.rule, override.reason, override.given_by) == ("patient-free", REASON, "desk")
    assert "jordan is not free" in override.sentence
    assert (entry.about, entry.details) == (ONE, {"rules": ["patient-free"], "reason": REASON})


def test_accepted_place_holds_and_is_told(published: None) -> None:
    moved(ONE, "12:00")

    assert accepted() == [("patient-free", ONE)]
    assert REASON in what_holds("evening", now=NOW).accepted[0].sentence


def test_later_plans_leave_it_where_it_is(published: None) -> None:
    session = moved(ONE, "12:00")
    there = session.starts_local
    db.session.commit()
    person_by_key("noemie").free = (Window(("fri",), at("12:00"), at("20:00")),)
    person_by_key("jordan").free = (Window(WORKDAYS, at("13:00"), at("16:30")),)
    db.session.commit()
    plan_and_publish()
    plan_and_publish()

    assert session_by_key(ONE).starts_local == there
    assert accepted() == [("patient-free", ONE)]


def test_move_elsewhere_is_judged_anew(published: None) -> None:
    session = moved(ONE, "12:00")
    to = datetime.fromisoformat(f"{session.starts_local[:10]}T20:00")
    _, news = judge_trial(
        "evening", lambda: edit_sessions(session, to=to, by="desk", now=NOW), now=NOW
    )

    assert [finding.rule.value for finding in news.broken] == ["patient-free"]
    assert overrides_by_session([session.id]) == {}


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
def test_reason_without_words_is_refused(published: None, reason: str) -> None:
    with pytest.raises(InputError, match="say why in words"):
        moved(ONE, "12:00", reason)


def test_consent_is_never_bent(published: None) -> None:
    grant = db.session.scalars(select(Grant)).one()
    family = session_by_key(FAMILY)
    grant.valid_until = family.ends_at + timedelta(hours=1)
    db.session.flush()
    with pytest.raises(Conflict, match="No reason bends this rule: no consent lets jordan-mother"):
        moved(FAMILY, "16:00", day=2)


def test_relative_who_makes_time_is_told(published: None) -> None:
    session = moved(FAMILY, "14:00")
    told = consents.audience(session, now=NOW)

    assert accepted() == [("relative-free", FAMILY)]
    assert [one.person.key for one in told if one.patient_id] == ["jordan-mother"]


def test_refused_move_offers_three_places_that_work(published: None) -> None:
    session = session_by_key(ONE)
    to = datetime.fromisoformat(f"{session.starts_local[:10]}T20:00")
    places = places_instead([session], to=to, minutes=None, now=NOW)

    assert len(places) == 3
    assert sorted(places, key=lambda place: abs(place - to)) == list(places)
    for place in places:
        with db.session.begin_nested() as tried:
            _, news = judge_trial(
                "evening",
                lambda place=place: edit_sessions(session, to=place, by="desk", now=NOW),
                now=NOW,
            )
            assert news.refusal is None
            tried.rollback()
