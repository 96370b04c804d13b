"""Under which words a relative's letters come, as the patient agreed with them."""

import pytest

from household import NOW, Household
from scheduler.kernel.errors import InputError
from scheduler.people import agree_sender, sender_name


def test_letters_come_under_the_practice_until_words_are_agreed(sqlite_home: Household) -> None:
    mother = sqlite_home.mother
    before = sender_name(mother)

    agree_sender(mother, "  Anna  from SP ", by="p-1", now=NOW)
    agreed = sender_name(mother)
    agree_sender(mother, "", by="p-1", now=NOW)

    assert (before, agreed, sender_name(mother)) == ("SP Calendar", "Anna from SP", "SP Calendar")


@pytest.mark.parametrize(
    "words",
    [
        "Anna from the clinic",
        "Terapia",
        "Jordan Lee",
        "Small Pines Practice",
        "a@b.example",
        "Anna <x>",
        "A" * 41,
        "www/x",
    ],
)
def test_words_that_tell_or_break_are_refused(sqlite_home: Household, words: str) -> None:
    with pytest.raises(InputError):
        agree_sender(sqlite_home.mother, words, by="p-1", now=NOW)

    assert sender_name(sqlite_home.mother) == "SP Calendar"


def test_patient_has_no_such_words(sqlite_home: Household) -> None:
    with pytest.raises(InputError):
        agree_sender(sqlite_home.jordan, "Anna", by="p-1", now=NOW)
