"""Who is the same human being as whom in a clinic file: what is refused, and where."""

import pytest

from tests.clinics.small_pines import SMALL_PINES, changed, problems

TESS = """\
    cohort: march
    from: 2027-03-01
    clinician: rivera
"""
AUNT = """\
    family:
      - {key: p-2-aunt, name: Ada Ray, relationship: aunt, email: ada@family.example, same_as: SAME}
"""


def with_aunt(same_as: str, file: str = SMALL_PINES) -> str:
    """Return the file with an aunt of Tess who is said to be the same as somebody."""
    return file.replace(TESS, TESS + AUNT.replace("SAME", same_as))


def with_mother(same_as: str, file: str) -> str:
    return changed("ready: true", f"ready: true\n        same_as: {same_as}", file).decode()


@pytest.mark.parametrize("other", ["p-1-mother", "p-1", "rivera"])
def test_relative_may_be_anybody_else_of_the_file(other: str) -> None:
    assert problems(with_aunt(other).encode()) == []


def test_patient_may_be_a_relative_of_another() -> None:
    file = changed("    state: MA\n    cohort", "    same_as: p-1-mother\n    cohort")

    assert problems(file) == []


@pytest.mark.parametrize(
    ("same_as", "said"),
    [
        ("p-9", "there is nobody with the key 'p-9'"),
        ("p-2-aunt", "names this very person; name another, or leave it out"),
        ("march", "there is nobody with the key 'march'"),
        ("3", "a key is 1 to 64 of the letters a-z, digits and hyphens"),
        ("[p-1]", "a key is 1 to 64 of the letters a-z, digits and hyphens"),
        ("p-2", "'p-2-aunt' is a relative of 'p-2': two people"),
    ],
)
def test_same_as_that_names_nobody_else_is_refused_at_its_place(same_as: str, said: str) -> None:
    assert problems(with_aunt(same_as).encode()) == [f"patients[1].family[0].same_as: {said}"]


def test_same_as_of_somebody_who_has_one_too_names_the_first() -> None:
    file = with_mother("rivera", with_aunt("p-1-mother"))

    assert problems(file.encode()) == [
        "patients[1].family[0].same_as: 'p-1-mother' has a same_as of its own; "
        "name 'rivera' here as well"
    ]


def test_same_as_in_a_circle_is_refused_at_both_ends() -> None:
    file = with_mother("p-2-aunt", with_aunt("p-1-mother"))

    assert problems(file.encode()) == [
        "patients[0].family[0].same_as: goes round in a circle (p-1-mother, p-2-aunt); "
        "leave one of them out",
        "patients[1].family[0].same_as: goes round in a circle (p-2-aunt, p-1-mother); "
        "leave one of them out",
    ]


def test_patient_and_relative_who_are_one_by_a_third_are_refused() -> None:
    file = with_mother("rivera", SMALL_PINES).replace("born:", "same_as: rivera\n    born:")

    assert problems(file.encode()) == [
        "patients[0].family[0].same_as: 'p-1-mother' is a relative of 'p-1': two people"
    ]
