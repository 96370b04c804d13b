"""A discharge: what ends with the last day, and what goes on."""

from datetime import timedelta

import pytest

from household import MONDAY, NOW, TODAY, Household
from scheduler.admissions import discharge, leaders_ahead
from scheduler.consents.model.models import Ending
from scheduler.kernel.errors import InputError
from scheduler.programs import Kind, Seats
from scheduler.provenance import Source, words_about
from scheduler.sessions.models import Status

SUNDAY = MONDAY + timedelta(days=6)


def test_only_what_is_placed_after_the_last_day_is_cancelled(home: Household) -> None:
    before = home.appointment(6)
    after = home.appointment(7, week=2)
    group = home.slot(8, kind=Kind.GROUP, seats=Seats.PATIENTS, slot="process")

    done = discharge(home.jordan, SUNDAY, by="rivera", now=NOW)

    assert (done.cancelled, done.left) == ((after,), (group,))
    assert [row.status for row in (before, after, group)] == [
        Status.SCHEDULED,
        Status.CANCELLED,
        Status.SCHEDULED,
    ]


def test_consents_that_last_until_discharge_end_and_others_do_not(home: Household) -> None:
    (with_stay,) = home.consent(expires_on=Ending.DISCHARGE)
    (dated,) = home.consent(home.mother, Kind.FAMILY_WORKSHOP)
    until = dated.valid_until

    done = discharge(home.jordan, SUNDAY, by="rivera", now=NOW)

    assert done.consents == 1
    assert with_stay.valid_until.date() == SUNDAY + timedelta(days=1)
    assert dated.valid_until == until


def test_last_day_is_the_desks_word(home: Household) -> None:
    discharge(home.jordan, SUNDAY, by="rivera", now=NOW)

    words = words_about(["stay of p-1"])
    assert [(key, word.source) for key, word in words.items()] == [
        (("stay of p-1", "to"), Source.DESK)
    ]


@pytest.mark.parametrize("days", [-2, 400])
def test_day_outside_the_stay_is_refused(home: Household, days: int) -> None:
    with pytest.raises(InputError, match="the last day lies between"):
        discharge(home.jordan, TODAY + timedelta(days=days), by="rivera", now=NOW)


def test_leaders_are_those_of_sessions_ahead(home: Household) -> None:
    none = leaders_ahead(home.jordan, now=NOW)
    home.appointment(1)

    assert (none, leaders_ahead(home.jordan, now=NOW)) == (set(), {home.rivera.id})
