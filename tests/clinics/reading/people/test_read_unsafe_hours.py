"""Hours in which nothing may arrive, in a clinic file: what is read, and what is refused."""

import pytest

from tests.clinics.small_pines import changed, problems

PLACE = "patients[0].family[0].unsafe_hours[0]"


def marked(hours: str) -> bytes:
    """Return the file in which the mother has such hours."""
    return changed("ready: true", f"ready: true\n        unsafe_hours: [{hours}]")


@pytest.mark.parametrize(
    "hours",
    [
        '{days: [mon], from: "17:00", to: "06:30", means: mail}',
        '{days: [mon, sun], from: "00:00", to: "24:00"}',
    ],
)
def test_hours_may_end_on_the_next_day(hours: str) -> None:
    assert problems(marked(hours)) == []


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ('{days: [mon], from: "17:00", to: "17:00"}', "to: must not be the same as from"),
        ('{days: [], from: "17:00", to: "18:00"}', "days"),
        ('{days: [mon], from: "17:00", to: "18:00", means: pigeon}', "means"),
        ('{days: [mon], from: "17:00"}', "to"),
    ],
)
def test_hours_that_are_none_are_refused_with_their_place(hours: str, said: str) -> None:
    (problem,) = problems(marked(hours))

    assert problem.startswith(f"{PLACE}.{said}")
