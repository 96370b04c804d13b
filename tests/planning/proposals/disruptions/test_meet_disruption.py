"""Somebody ill, as rows: noted, led by another, moved or cancelled, and put back as one. The father
has no consent and is in nothing.
"""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import person_by_key
from scheduler.people.availability import Absence
from scheduler.planning import (
    Choice,
    Disruption,
    Instead,
    Met,
    meet_disruption,
    read_choice,
    still_holds,
    undo_disruption,
)
from scheduler.programs.models import Closure
from scheduler.sessions import edit_sessions, session_by_key
from scheduler.sessions.models import Session
from tests.planning.proposals.test_holds import plan_and_publish
from tests.planning.proposals.test_let_lead import ONE, colleague
from tests.planning.rows import NOW, clinic

MONDAY, TUESDAY = date(2027, 3, 8), date(2027, 3, 9)
FRIDAY = date(2027, 3, 12)
ILL = Disruption(MONDAY, FRIDAY, "rivera")


@pytest.fixture
def evening(app: Flask) -> None:
    """The evening cohort is published; Chen came to the house afterwards."""
    clinic()
    plan_and_publish()
    colleague("chen")


def met(disruption: Disruption = ILL, **choices: str) -> Met:
    chosen = {key.replace("__", "."): read_choice(word) for key, word in choices.items()}
    done = meet_disruption(disruption, chosen, by="desk", now=NOW)
    db.session.commit()
    return done


def week() -> dict[str, tuple[str, str, tuple[str, ...]]]:
    """Return what stands from that Monday to Sunday: when, whether, and who leads it."""
    rows = db.session.scalars(select(Session)).unique()
    found = {}
    for row in rows:
        if "2027-03-08" <= row.starts_local < "2027-03-15":
            leads = tuple(lead.key for lead in row.leads)
            found[row.key] = (row.starts_local, row.status.value, leads)
    return found


def away() -> tuple[Absence, ...]:
    account = person_by_key("rivera").clinician
    assert account is not None
    return account.away


def test_ill_week_is_noted_and_nothing_is_broken_by_it(evening: None) -> None:
    before = week()
    done = met()
    after = week()
    assert away() == (Absence(MONDAY, FRIDAY),)
    assert set(done.chosen) == before.keys()
    assert {leads for _when, status, leads in after.values() if status == "scheduled"} == {
        ("chen",)
    }
    assert still_holds("evening", now=NOW) == ()


def test_all_of_it_is_put_back_as_one(evening: None) -> None:
    before = week()
    done = met(**{ONE.replace(".", "__"): "cancel"})
    undo_disruption(done.row, by="desk", now=NOW)
    db.session.commit()
    assert (week(), away()) == (before, ())
    with pytest.raises(Conflict, match="put back already"):
        undo_disruption(done.row, by="desk", now=NOW)


def test_what_was_changed_since_is_not_put_back(evening: None) -> None:
    done = met()
    key = next(key for key, choice in done.chosen.items() if choice.instead is Instead.LEAD)
    edit_sessions(session_by_key(key), minutes=40, by="desk", now=NOW)
    db.session.commit()
    with pytest.raises(Conflict, match=f"{key} was changed again since"):
        undo_disruption(done.row, by="desk", now=NOW)


@pytest.mark.parametrize(
    ("word", "refusal", "why"),
    [
        ("lead:rivera", InputError, "leads .* already"),
        ("lead:unlicensed", Conflict, "holds no MA licence"),
        ("move:2027-03-10T17:00", Conflict, "rivera is away"),
        ("move:2047-03-10T17:00", InputError, "cannot be moved as far"),
    ],
)
def test_what_cannot_be_is_refused_whole(
    evening: None, word: str, refusal: type[Exception], why: str
) -> None:
    colleague("unlicensed", licences=())
    before = week()
    with pytest.raises(refusal, match=why):
        met(**{ONE.replace(".", "__"): word})
    db.session.rollback()
    assert (week(), away()) == (before, ())


def test_snow_day_closes_the_house_and_opens_it_again(evening: None) -> None:
    before = week()
    done = met(Disruption(MONDAY, TUESDAY, why="snow"))
    closed = [(row.first, row.last, row.note) for row in db.session.scalars(select(Closure))]
    held = still_holds("evening", now=NOW)
    undo_disruption(done.row, by="desk", now=NOW)
    db.session.commit()
    assert (closed, held) == ([(MONDAY, TUESDAY, "snow")], ())
    assert (week(), db.session.scalars(select(Closure)).all()) == (before, [])


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [
        (FRIDAY, MONDAY, "before the first"),
        (date(2027, 2, 1), date(2027, 2, 2), "over"),
        (MONDAY, date(2027, 6, 30), "at most 62 days"),
        (MONDAY, date(2047, 1, 1), "does not lie between"),
    ],
)
def test_odd_days_are_refused(evening: None, first: date, last: date, why: str) -> None:
    with pytest.raises(InputError, match=why):
        meet_disruption(Disruption(first, last, "rivera"), {}, by="desk", now=NOW)


def test_line_that_is_kept_stays_and_is_known(evening: None) -> None:
    met(**{ONE.replace(".", "__"): "keep"})
    broken = {rule.finding.session for rule in still_holds("evening", now=NOW)}
    assert broken == {ONE}


def test_choice_is_read_as_it_was_written() -> None:
    assert read_choice("cancel") == Choice(Instead.CANCEL)
    zoned = "move:2027-03-04T17:00+05:00"
    for word in ("", "lead:", "move:soon", zoned, "publish", "lead"):
        with pytest.raises(InputError):
            read_choice(word)
