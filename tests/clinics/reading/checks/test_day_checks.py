"""How far ahead the days of a clinic file may lie."""

from datetime import date

import pytest

from scheduler.clinics import read
from scheduler.clinics.reading.checks.day_checks import far_days
from tests.clinics.small_pines import SMALL_PINES, changed

TODAY = date(2027, 2, 1)
LAST = date(2029, 2, 2)
PATIENT = "patients[0]"
PAPER = f"{PATIENT}.family[0].consents[0]"


@pytest.mark.parametrize(
    ("before", "after", "place", "owner"),
    [
        ("on: 2027-03-15", "on: 2029-02-03", "practice.closures[0].on", ""),
        ("to: 2027-03-19", "to: 2029-02-03", "clinicians[0].away[0].to", "rivera"),
        ("expires: 2027-06-30", "expires: 2029-02-03", f"{PAPER}.expires", "p-1-mother"),
    ],
)
def test_day_too_far_ahead_is_named(before: str, after: str, place: str, owner: str) -> None:
    (far,) = far_days(read(changed(before, after)), TODAY)

    assert (far.place, far.owner, far.last) == (place, owner, LAST)


def test_licence_is_good_for_longer() -> None:
    file = read(changed("until: 2028-06-30", "until: 2036-12-31"))

    assert list(far_days(file, TODAY)) == []
    (far,) = far_days(read(changed("until: 2028-06-30", "until: 2099-06-30")), TODAY)
    assert far.place == "clinicians[0].licences[0].until"


def test_day_within_a_stay_is_taken() -> None:
    """The stay ends on 28 March 2027, two years and more after this today."""
    file = read(changed("expires: 2027-06-30", "expires: 2027-03-25"))
    far = far_days(file, date(2025, 3, 1))

    assert [said.place for said in far if said.place.startswith("patients")] == []


def test_file_of_the_past_and_the_near_is_taken() -> None:
    assert list(far_days(read(SMALL_PINES.encode()), TODAY)) == []
    assert list(far_days(read(SMALL_PINES.encode()), date(2050, 1, 1))) == []
