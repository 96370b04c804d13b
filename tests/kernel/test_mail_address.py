"""One form of an address for servers and programs, and one for comparing, by IDNA 2008."""

import pytest

from scheduler.kernel.mail_address import compared_form, is_local_too_long, spellings, wire_form


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("dana@family.example", "dana@family.example"),
        ("Dana@Family.Example", "Dana@family.example"),
        ("dana@bücher.example", "dana@xn--bcher-kva.example"),
        ("dana@BÜCHER.example", "dana@xn--bcher-kva.example"),
        ("dana@straße.example", "dana@xn--strae-oqa.example"),
        ("dana@strasse.example", "dana@strasse.example"),
        ("dana@xn--strae-oqa.example", "dana@xn--strae-oqa.example"),
        ("ñandú@familia.example", "ñandú@familia.example"),
        ("ñandú@família.example", "ñandú@xn--famlia-5va.example"),
        ("dana@例え.テスト", "dana@xn--r8jz45g.xn--zckzah"),
    ],
)
def test_domain_goes_out_in_ascii_by_idna_2008(address: str, wire: str) -> None:
    assert wire_form(address) == wire


@pytest.mark.parametrize("address", ["dana@-ü.example", "dana@ü..example", f"dana@{'ü' * 70}.x"])
def test_domain_that_is_none_goes_nowhere(address: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        wire_form(address)
    assert compared_form(address) == address


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("dana@bücher.example", "Dana@XN--BCHER-KVA.example", True),
        ("dana@straße.example", "dana@xn--strae-oqa.example", True),
        ("dana@straße.example", "dana@strasse.example", False),
        ("dana@bücher.example", "dana@bucher.example", False),
        ("dana@family.example", " dana@family.example ", True),
    ],
)
def test_spellings_of_one_address_compare_as_one(one: str, other: str, alike: bool) -> None:
    assert (compared_form(one) == compared_form(other)) is alike


@pytest.mark.parametrize(
    ("local", "too_long"),
    [("d" * 64, False), ("d" * 65, True), ("ñ" * 32, False), ("ñ" * 33, True)],
)
def test_local_part_is_counted_in_octets(local: str, too_long: bool) -> None:
    assert is_local_too_long(f"{local}@family.example") is too_long


def test_spellings_are_those_under_which_a_row_may_stand() -> None:
    assert spellings(" Dana@xn--Bcher-kva.example") == {
        "dana@xn--bcher-kva.example",
        "dana@bücher.example",
    }
    assert spellings("Dana@Family.example") == {"dana@family.example"}
