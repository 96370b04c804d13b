"""Stays changed at the desk: what is added, paused, moved on, taken back, undone; and what ends
with it. The father without consent stands by.
"""

from datetime import date, timedelta

import pytest

from household import MONDAY, NOW, TODAY, Household
from scheduler.admissions import (
    StayDays,
    StayOutcome,
    add_stay,
    change_stay,
    discharge,
    move_to_cohort,
    pause_stay,
    stays_before,
    stays_now,
    take_back_stay,
    undo_stays,
)
from scheduler.consents import audience
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InvalidFile
from scheduler.people import Licence
from scheduler.programs import Kind, Seats
from scheduler.programs.models import Cohort
from scheduler.provenance import words_about
from scheduler.sessions.models import Session, Status

BEGAN = TODAY - timedelta(days=1)
LATER = MONDAY + timedelta(days=84)
"""The first day of the cohort after."""
NEW = "b" * 32


def day(number: int) -> date:
    """A day counted from the Monday."""
    return MONDAY + timedelta(days=number)


@pytest.fixture
def home(home: Household) -> Household:
    """The household with a second cohort, a step down that begins with the fifth week."""
    april = Cohort(key="april", program_id=home.cohort.program_id, starts=day(14), leads={})
    db.session.add(april)
    account = home.rivera.clinician
    assert account is not None
    account.licences = (Licence("MA", date(2199, 1, 1)),)
    db.session.flush()
    return home


def shown(home: Household) -> list[tuple[str, date, date | None]]:
    return [(stay.cohort, stay.first, stay.last) for stay in stays_now(home.jordan)]


def moved(home: Household, first: date) -> StayOutcome:
    return move_to_cohort(home.jordan, "april", first, NEW, by="rivera", now=NOW)


def told(session: Session) -> set[str]:
    return {recipient.person.key for recipient in audience(session, now=NOW)}


def group(home: Household, number: int) -> Session:
    return home.slot(number, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="process")


def test_stay_is_added_once(home: Household) -> None:
    discharge(home.jordan, day(13), by="rivera", now=NOW)
    new = StayDays(NEW, "april", day(14), None)
    for _ in range(2):
        add_stay(home.jordan, new, by="rivera", now=NOW)

    assert shown(home) == [("march", BEGAN, day(13)), ("april", day(14), None)]
    words = words_about(["other stays of p-1"])
    assert list(words) == [("other stays of p-1", "stays")]


def test_step_down_ends_what_was_placed_and_leaves_the_groups(home: Household) -> None:
    kept = home.appointment(1)
    placed = home.appointment(15, week=3)
    before, after = group(home, 7), group(home, 21)

    done = moved(home, day(14))

    assert (done.cancelled, done.left) == ((placed,), (after,))
    assert (kept.status, placed.status) == (Status.SCHEDULED, Status.CANCELLED)
    assert shown(home) == [("march", BEGAN, day(13)), ("april", day(14), None)]
    assert "p-1" in told(before)
    assert "p-1" not in told(after)


def test_pause_takes_days_out_and_the_stay_goes_on(home: Household) -> None:
    home.consent()
    within, afterwards = home.appointment(8, week=2), home.appointment(15, week=3)

    done = pause_stay(home.jordan, day(7), day(13), NEW, by="rivera", now=NOW)

    assert (done.cancelled, afterwards.status) == ((within,), Status.SCHEDULED)
    assert shown(home) == [("march", BEGAN, day(6)), ("march", day(14), None)]
    assert "p-1-mother" in told(afterwards)
    assert "p-1-father" not in told(afterwards)


def test_stay_that_has_not_begun_is_taken_back(home: Household) -> None:
    moved(home, day(14))

    take_back_stay(home.jordan, NEW, by="rivera", now=NOW)

    assert shown(home) == [("march", BEGAN, day(13))]
    (current,) = stays_now(home.jordan)
    with pytest.raises(InvalidFile, match="it began on"):
        take_back_stay(home.jordan, current.id, by="rivera", now=NOW)


def test_discharge_takes_back_what_would_have_come(home: Household) -> None:
    moved(home, day(14))

    discharge(home.jordan, day(3), by="rivera", now=NOW)

    assert shown(home) == [("march", BEGAN, day(3))]


def test_discharge_within_a_pause_ends_with_the_stay_before_it(home: Household) -> None:
    pause_stay(home.jordan, day(7), day(13), NEW, by="rivera", now=NOW)

    discharge(home.jordan, day(10), by="rivera", now=NOW)

    assert shown(home) == [("march", BEGAN, day(6))]


def test_change_that_touched_nothing_is_undone(home: Household) -> None:
    before = stays_now(home.jordan)
    moved(home, day(14))

    undo_stays(home.jordan, by="rivera", now=NOW)

    assert stays_now(home.jordan) == before
    assert stays_before(home.jordan) is None


def test_change_of_which_somebody_was_told_is_not_undone(home: Household) -> None:
    home.appointment(15, week=3)
    moved(home, day(14))

    assert stays_before(home.jordan) is None
    with pytest.raises(Conflict):
        undo_stays(home.jordan, by="rivera", now=NOW)


def test_longer_stay_takes_a_patient_into_groups_again(home: Household) -> None:
    late = group(home, 21)
    discharge(home.jordan, day(13), by="rivera", now=NOW)
    (stay,) = stays_now(home.jordan)

    done = change_stay(home.jordan, stay.id, stay.first, None, by="rivera", now=NOW)

    assert done.again == (late,)
    assert "p-1" in told(late)


@pytest.mark.parametrize(
    ("cohort", "first", "last", "place"),
    [
        ("nowhere", day(14), None, "cohort"),
        ("april", day(13), None, "from"),
        ("april", LATER + timedelta(days=90), None, "from"),
        ("april", day(20), day(19), "to"),
        ("april", day(20), None, "from"),
    ],
)
def test_stay_a_clinic_file_would_be_refused_for_is_refused(
    home: Household, cohort: str, first: date, last: date | None, place: str
) -> None:
    new = StayDays(NEW, cohort, first, last)

    with pytest.raises(InvalidFile) as refusal:
        add_stay(home.jordan, new, by="rivera", now=NOW)

    assert [problem.place for problem in refusal.value.problems] == [place]
    assert shown(home) == [("march", BEGAN, None)]


def test_cohort_where_the_clinician_has_no_licence_is_refused(home: Household) -> None:
    assert home.rivera.clinician is not None
    home.rivera.clinician.licences = (Licence("MA", day(1)),)

    with pytest.raises(InvalidFile, match="has no licence for MA"):
        moved(home, day(14))


def test_full_cohort_has_a_line_or_is_refused(home: Household) -> None:
    program = home.cohort.program
    program.capacity = 1
    new = StayDays(NEW, "april", day(14), None)
    discharge(home.jordan, day(13), by="rivera", now=NOW)
    move_to_cohort(home.tess, "april", day(14), "c" * 32, by="rivera", now=NOW)

    with pytest.raises(InvalidFile, match="april is full"):
        add_stay(home.jordan, new, by="rivera", now=NOW)
    program.waitlist = True
    done = add_stay(home.jordan, new, by="rivera", now=NOW)

    assert [stay.waits for stay in done.stays] == [None, 1]


@pytest.mark.parametrize(
    ("first", "until", "place"),
    [(day(7), day(6), "until"), (day(7), day(400), "until"), (day(-400), day(-390), "from")],
)
def test_pause_that_is_none_is_refused(
    home: Household, first: date, until: date, place: str
) -> None:
    with pytest.raises(InvalidFile) as refusal:
        pause_stay(home.jordan, first, until, NEW, by="rivera", now=NOW)

    assert [problem.place for problem in refusal.value.problems] == [place]
