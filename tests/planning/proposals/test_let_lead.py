"""A colleague in a leader's place, by hand. The father has no consent: told nothing."""

from datetime import timedelta

import pytest
from flask import Flask

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import person_by_key
from scheduler.people.availability import Absence, Licence, Window
from scheduler.people.models import Clinician, Person, PersonKind, Role
from scheduler.planning import (
    colleagues_for,
    let_lead,
    let_lead_onward,
    propose,
    publish,
    still_holds,
)
from scheduler.sessions import session_by_key
from tests.planning.proposals.test_holds import a_new_patient, an_absence, plan_and_publish
from tests.planning.rows import NOW, clinic, person
from tests.planning.week_grid import LICENCES, WORKDAYS, at

ONE, GROUP = "evening.one.jordan.w2", "evening.process.2027-03-01"


def colleague(
    key: str, *, licences: tuple[Licence, ...] = LICENCES, days: tuple[str, ...] = WORKDAYS
) -> Person:
    row = person(key, PersonKind.CLINICIAN, (Window(days, at("12:00"), at("21:00")),))
    treats = Clinician(
        person_id=row.id, roles=(Role.CLINICIAN,), licences=licences, buffer=10, away=()
    )
    db.session.add(treats)
    db.session.commit()
    return row


@pytest.fixture
def evening(app: Flask) -> None:
    """The evening cohort is published; Chen came to the house afterwards."""
    clinic()
    plan_and_publish()
    colleague("chen")


def leads(key: str) -> list[str]:
    return [clinician.key for clinician in session_by_key(key).leads]


def lead(key: str, comes: str, leaves: str = "rivera") -> None:
    let_lead(
        session_by_key(key),
        leaves=person_by_key(leaves),
        comes=person_by_key(comes),
        by="desk",
        now=NOW,
    )
    db.session.commit()


@pytest.mark.parametrize("key", [ONE, GROUP])
def test_colleague_leads_in_every_later_plan(evening: None, key: str) -> None:
    lead(key, "chen")
    held = still_holds("evening", now=NOW)
    a_new_patient()
    propose("evening", seconds=2, seed=1, by="desk", now=NOW)
    publish("evening", by="desk", now=NOW)
    assert (held, leads(key), still_holds("evening", now=NOW)) == ((), ["chen"], ())


def test_proposal_that_waited_leaves_the_colleague_there(evening: None) -> None:
    a_new_patient()
    propose("evening", seconds=2, seed=1, by="desk", now=NOW)
    lead(GROUP, "chen")
    publish("evening", by="desk", now=NOW)
    assert leads(GROUP) == ["chen"]


def test_leader_who_is_put_back_is_planned_like_the_rest(evening: None) -> None:
    lead(ONE, "chen")
    lead(ONE, "rivera", leaves="chen")
    assert (leads(ONE), session_by_key(ONE).leads_before) == (["rivera"], None)


def test_colleague_mends_an_absence_and_the_finding_says_so(evening: None) -> None:
    an_absence()
    db.session.commit()
    broken = {rule.finding.session: rule.mend for rule in still_holds("evening", now=NOW)}
    lead(ONE, "chen")
    after = {rule.finding.session for rule in still_holds("evening", now=NOW)}
    said = f"or let a colleague lead it: sessions lead {ONE} CLINICIAN"
    assert broken[ONE].words.endswith(said)
    assert (broken[ONE].by_colleague, ONE in after) == (True, False)


def test_only_who_could_is_named_and_let_lead(evening: None) -> None:
    day = session_by_key(ONE).starts_at.date()
    colleague("unlicensed", licences=())
    colleague("saturdays", days=("sat",))
    away = colleague("travels").clinician
    assert away is not None
    away.away = (Absence(day, day + timedelta(days=1)),)
    busy = colleague("busy")
    lead(ONE, "busy")
    lead(ONE, "rivera", leaves="busy")
    assert colleagues_for(session_by_key(ONE), now=NOW) == ("busy", "chen")
    for key in ("unlicensed", "saturdays", "travels"):
        with pytest.raises(Conflict, match=f"^{key} "):
            lead(ONE, key)
        db.session.rollback()
    assert busy.key not in leads(ONE)


def test_who_leads_already_comes_for_nobody(evening: None) -> None:
    lead(GROUP, "chen")
    with pytest.raises(InputError, match=r"chen leads .* already"):
        lead(GROUP, "chen", leaves="chen")
    with pytest.raises(InputError, match="rivera does not lead"):
        lead(GROUP, "chen")


def test_series_is_led_onward_wherever_the_colleague_could(evening: None) -> None:
    weeks = [f"evening.one.jordan.w{number}" for number in (1, 2, 3, 4)]
    day = session_by_key(weeks[2]).starts_at.date()
    travels = colleague("travels")
    assert travels.clinician is not None
    travels.clinician.away = (Absence(day, day),)
    done = let_lead_onward(
        session_by_key(weeks[1]), leaves=person_by_key("rivera"), comes=travels, by="desk", now=NOW
    )
    led = [leads(key) for key in weeks]
    assert led == [["rivera"], ["travels"], ["rivera"], ["travels"]]
    assert [session.key for session in done.done] == [weeks[1], weeks[3]]
    assert [why.partition(" on ")[0] for why in done.left] == ["travels is away"]
