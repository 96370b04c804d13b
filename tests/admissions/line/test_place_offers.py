"""A place that is offered: held until a day, then free again by itself; who let it go by is asked
after all the others.
"""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from household import MONDAY, NOW, TODAY, Household
from scheduler.admissions import (
    Admission,
    Answer,
    accept_place,
    admit,
    discharge,
    let_place_go,
    line_of,
    offer_place,
)
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people import Contact, Licence, person_by_key
from scheduler.people.models import Person
from scheduler.programs.models import Enrolment

BY = {"by": "rivera", "now": NOW}
UNTIL = TODAY + timedelta(days=2)
LAPSED = NOW + timedelta(days=4)


def admitted(key: str, number: int, *, first: date = MONDAY) -> Person:
    contact = Contact(key, f"{key}@patient.example", None, None, None)
    said = Admission(contact, None, None, "rivera", "march", first, key=key)
    return admit(said, f"{number:032x}", by="rivera", now=NOW)


@pytest.fixture
def home(home: Household) -> Household:
    """Two places, both taken; Zoe waits before Yan."""
    assert home.rivera.clinician is not None
    home.rivera.clinician.licences = (Licence("MA", date(2199, 1, 1)),)
    home.cohort.program.capacity = 2
    home.cohort.program.waitlist = True
    db.session.flush()
    admitted("zoe", 1)
    admitted("yan", 2)
    return home


def leaves(person: Person) -> None:
    discharge(person, MONDAY - timedelta(days=1), **BY)


def next_key(home: Household, now: object = NOW) -> str | None:
    someone = line_of(home.cohort, today=TODAY).next(now)  # type: ignore[arg-type]
    return someone.person.key if someone else None


def waits(key: str) -> int | None:
    stay = select(Enrolment).where(Enrolment.patient_id == person_by_key(key).id)
    return db.session.scalars(stay).one().waits


def test_full_cohort_has_nobody_to_ask(home: Household) -> None:
    assert next_key(home) is None


def test_first_in_line_is_asked_once_somebody_leaves(home: Household) -> None:
    leaves(home.tess)

    assert next_key(home) == "zoe"


def test_held_place_is_offered_to_nobody_else(home: Household) -> None:
    leaves(home.tess)
    offer_place(home.cohort, "zoe", UNTIL, **BY)

    assert next_key(home) is None
    with pytest.raises(Conflict, match="there is no place in march for yan now"):
        offer_place(home.cohort, "yan", UNTIL, **BY)


def test_offer_lapses_by_itself_and_the_next_is_named(home: Household) -> None:
    leaves(home.tess)
    offer_place(home.cohort, "zoe", UNTIL, **BY)

    assert next_key(home, LAPSED) == "yan"
    with pytest.raises(Conflict, match="no place is held for zoe any more"):
        accept_place(home.cohort, "zoe", by="rivera", now=LAPSED)


def test_accepted_offer_gives_the_seat(home: Household) -> None:
    leaves(home.tess)
    offer_place(home.cohort, "zoe", UNTIL, **BY)

    accept_place(home.cohort, "zoe", **BY)

    assert (waits("zoe"), waits("yan"), next_key(home)) == (None, 2, None)


def test_who_declines_is_asked_after_the_others(home: Household) -> None:
    leaves(home.tess)
    offer_place(home.cohort, "zoe", UNTIL, **BY)

    let_place_go(home.cohort, "zoe", Answer.DECLINED, **BY)

    assert (waits("zoe"), next_key(home)) == (1, "yan")


def test_newcomer_takes_no_place_that_somebody_waits_for(home: Household) -> None:
    leaves(home.tess)

    admitted("new", 3)

    assert (waits("new"), next_key(home)) == (3, "zoe")


@pytest.mark.parametrize("days", [-1, 31])
def test_day_to_answer_is_near(home: Household, days: int) -> None:
    leaves(home.tess)

    with pytest.raises(InputError, match="the last day to answer lies between"):
        offer_place(home.cohort, "zoe", TODAY + timedelta(days=days), **BY)
