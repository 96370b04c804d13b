"""A name typed as a signature: accents, capitals and white space do not count, letters do."""

import pytest

from scheduler.consents import is_name_of


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Inés Carvajal", "Inés Carvajal"),
        ("ines carvajal", "Inés Carvajal"),
        ("Inés Carvajal", "Ines Carvajal"),
        ("Ine\u0301s  CARVAJAL ", "In\u00e9s Carvajal"),
        ("Ines\N{NO-BREAK SPACE}Carvajal\t", "Inés Carvajal"),
        ("Nguyen Thi Hue", "Nguyễn Thị Huế"),
        ("Ozgur Guler", "Özgür Güler"),
        ("JURGEN STRASSE", "Jürgen Straße"),
        ("istanbul i̇nci", "İstanbul İnci"),
    ],
)
def test_name_is_known_without_its_accents_capitals_and_spaces(typed: str, name: str) -> None:
    assert is_name_of(typed, name) is True


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("", "Inés Carvajal"),
        (" \u0301 ", "\u0301"),
        ("Ines", "Inés Carvajal"),
        ("InesCarvajal", "Inés Carvajal"),
        ("Ines Carvajol", "Inés Carvajal"),
        ("Carvajal Ines", "Inés Carvajal"),
    ],
)
def test_other_letters_are_another_name(typed: str, name: str) -> None:
    assert is_name_of(typed, name) is False
