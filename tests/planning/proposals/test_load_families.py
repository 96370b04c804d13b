"""Relatives as a plan sees them: readiness that ends lets nobody come after its last day."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from household import MONDAY, NOW, ZONE, Household
from scheduler.consents import add_barrier
from scheduler.consents.model.models import BarrierKind
from scheduler.people import decide_readiness
from scheduler.planning.proposals.load_families import load_families
from scheduler.programs import Kind


def ends_of(day_number: int) -> datetime:
    day = MONDAY + timedelta(days=day_number)
    return datetime.combine(day, time(20), ZoneInfo(ZONE)).astimezone(UTC)


def may_come(home: Household, person_key: str) -> list[bool]:
    family = load_families([home.jordan.id], ZONE)[home.jordan.id]
    (found,) = [relative for relative in family if relative.key == person_key]
    return [found.may_come(Kind.FAMILY_THERAPY, ends_of(day)) for day in (0, 1)]


def test_relative_may_come_through_the_last_day_of_readiness(home: Household) -> None:
    home.consent()
    before = may_come(home, "p-1-mother")
    decide_readiness(home.mother, ready=True, until=MONDAY, reason="a trial", by="rivera", now=NOW)

    assert (before, may_come(home, "p-1-mother")) == ([True, True], [True, False])


def test_father_without_consent_may_not_come_however_ready(home: Household) -> None:
    decide_readiness(home.father, ready=True, until=MONDAY, reason="asked", by="rivera", now=NOW)

    assert may_come(home, "p-1-father") == [False, False]


@pytest.mark.parametrize(("by", "comes"), [("p-1-mother", [True, True]), ("desk", [False, False])])
def test_plan_counts_on_who_asked_for_silence_and_on_nobody_kept_out(
    home: Household, by: str, comes: list[bool]
) -> None:
    """A cancelled family session would tell the family what only staff may know."""
    home.consent()
    kind = BarrierKind.DO_NOT_CONTACT
    add_barrier(patient=home.jordan, person=home.mother, kind=kind, by=by, now=NOW)

    assert may_come(home, "p-1-mother") == comes
