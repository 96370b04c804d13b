"""What somebody is found by."""

import pytest

from scheduler.kernel.sought import MOST, folded, sought_line


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("  Zoë   ÅNGSTRÖM ", "zoe angstrom"),
        ("José", "jose"),
        ("Straße", "strasse"),
        ("李小龍", "李小龍"),
        ("Ἀθηνᾶ", "αθηνα"),
        ("", ""),
    ],
)
def test_words_are_compared_without_accents_case_and_doubled_spaces(said: str, found: str) -> None:
    assert folded(said) == found


def test_line_begins_with_the_name_and_leaves_out_what_is_not_known() -> None:
    assert sought_line("Dana Lee", ("p-1", None)) == "dana lee p-1"


def test_line_of_the_widest_name_fits_an_index() -> None:
    assert len(sought_line("\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 250, ())) == MOST
