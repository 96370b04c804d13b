"""The return address of a letter: ours alone can be read back, and it fits where it must."""

from collections.abc import Iterator

import pytest

from scheduler.outbox import (
    ReturnPaths,
    letter_behind,
    return_address,
    use_return_paths,
    without_tag,
)

OURS = "calendar@sp-cal.example"
LETTER = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def tagged() -> Iterator[None]:
    use_return_paths(ReturnPaths("+", b"k" * 32))
    yield
    use_return_paths(None)


def test_letter_is_read_back_from_its_return_address() -> None:
    tagged = return_address(OURS, LETTER)

    assert (letter_behind(tagged), letter_behind(tagged.upper())) == (LETTER, LETTER)
    assert (without_tag(tagged), tagged.startswith("calendar+")) == (OURS, True)


@pytest.mark.parametrize("place", [12, 30, 40])
def test_tag_with_another_letter_is_none_of_ours(place: int) -> None:
    tagged = return_address(OURS, LETTER)
    other = "a" if tagged[place] != "a" else "b"
    forged = tagged[:place] + other + tagged[place + 1 :]

    assert (letter_behind(forged), without_tag(forged)) == (None, forged)


@pytest.mark.parametrize(
    "address", ["", "@", "calendar@x", "calendar+@x", "calendar+abc@x", "+" * 60 + "@x"]
)
def test_other_addresses_are_none_of_ours(address: str) -> None:
    assert letter_behind(address) is None


def test_name_that_leaves_no_room_stays_without_a_tag() -> None:
    long = f"{'n' * 40}@sp-cal.example"

    assert return_address(long, LETTER) == long


def test_without_a_sign_nothing_is_tagged() -> None:
    use_return_paths(None)

    assert return_address(OURS, LETTER) == OURS
