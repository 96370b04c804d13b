"""An admission: a place, or a place in line; refused for the reasons a clinic file is."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from household import MONDAY, NOW, Household
from scheduler.admissions import Admission, admit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import Contact, Licence
from scheduler.programs.models import Enrolment

NEW = Admission(
    contact=Contact("Zoë", "zoe@patient.example", None, None, None),
    state=None,
    born=None,
    clinician="rivera",
    cohort="march",
    first=MONDAY,
    key="p-9",
)


@pytest.fixture
def home(home: Household) -> Household:
    """Two patients in a cohort of two places; Rivera may treat in the practice's state."""
    assert home.rivera.clinician is not None
    home.rivera.clinician.licences = (Licence("MA", date(2199, 1, 1)),)
    home.cohort.program.capacity = 2
    db.session.flush()
    return home


def admitted(said: Admission, number: int = 1) -> int | None:
    """Return the place in line of who is admitted."""
    person = admit(said, f"{number:032x}", by="rivera", now=NOW)
    stays = select(Enrolment).where(Enrolment.patient_id == person.id)
    return db.session.scalars(stays).one().waits


def test_full_cohort_refuses_where_nobody_may_wait(home: Household) -> None:
    with pytest.raises(InputError, match="march is full"):
        admitted(NEW)


def test_who_finds_a_full_cohort_waits_behind_the_others(home: Household) -> None:
    home.cohort.program.waitlist = True
    db.session.flush()

    assert [admitted(NEW), admitted(replace(NEW, key="p-10"), 2)] == [1, 2]


def test_place_that_is_left_is_taken(home: Household) -> None:
    home.cohort.program.capacity = 3
    db.session.flush()

    assert admitted(NEW) is None


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"key": "p-1"}, "somebody has the key p-1 already"),
        ({"state": "CA"}, "rivera has no licence for CA"),
        ({"clinician": "p-1"}, "p-1 is no clinician"),
        ({"first": MONDAY + timedelta(days=400)}, "the first day lies between"),
        ({"cohort": "april"}, "there is no cohort april"),
    ],
)
def test_what_a_file_is_refused_for_is_refused_here(
    home: Household, changed: dict[str, object], why: str
) -> None:
    home.cohort.program.capacity = None

    with pytest.raises(InputError, match=why):
        admitted(replace(NEW, **changed))  # type: ignore[arg-type]
