"""What a child that read hostile bytes may say: plain data of the shape asked for, no more."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest

from scheduler.kernel.errors import InputError, NotFound
from scheduler.kernel.untrusted.plain import Misshapen, from_plain, to_plain
from scheduler.kernel.untrusted.sandbox import Overrun, apart, at_most


class Colour(StrEnum):
    """A word of a few."""

    RED = "red"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A part of the value."""

    at: datetime | None
    colour: Colour


@dataclass(frozen=True, slots=True)
class Tree:
    """A value of every shape there is."""

    name: str
    data: bytes | None
    height: int
    leaves: tuple[Leaf, ...] = ()
    place: tuple[int, str] = (0, "")


TREE = Tree("oak", b"\x00\xff", 3, (Leaf(datetime(2027, 3, 1, tzinfo=UTC), Colour.RED),), (1, "a"))


def grow(data: bytes) -> Tree:
    """Give a value."""
    return TREE


def lie(data: bytes) -> tuple[str, ...]:
    """Give a value of another shape than was asked for."""
    return ("not", "a", "tree")


def boast(data: bytes) -> str:
    """Give more than anybody asked for."""
    return "x" * 2000


def decline(data: bytes) -> None:
    """Refuse."""
    raise NotFound("there is nothing here")


def burst(data: bytes) -> None:
    """Break, with a name in the words."""
    raise ZeroDivisionError("Jordan Rivera")


def loop(data: bytes) -> str:
    """Go on for ever, and be stopped from within."""
    try:
        with at_most(0.05):
            while True:
                pass
    except Overrun:
        return "stopped"


def backtrack(data: bytes) -> str:
    """Go on for ever inside one call, where no handler runs."""
    return str(re.match(r"(a+)+$", "a" * 60 + "b"))


def test_child_is_ended_inside_one_endless_call() -> None:
    with pytest.raises(Overrun, match="within the limits"):
        apart(backtrack, b"", str, seconds=0.1)


def test_value_comes_back_as_it_was() -> None:
    assert apart(grow, b"", Tree) == TREE


def test_refusal_comes_back_in_its_words() -> None:
    with pytest.raises(InputError, match="there is nothing here") as caught:
        apart(decline, b"", str)

    assert type(caught.value) is InputError


def test_crash_tells_its_kind_alone() -> None:
    with pytest.raises(Overrun) as caught:
        apart(burst, b"", str)

    assert str(caught.value) == "it cannot be read (ZeroDivisionError)"


def test_answer_of_another_shape_is_refused() -> None:
    with pytest.raises(Overrun, match="makes no sense"):
        apart(lie, b"", Tree)


def test_answer_longer_than_asked_for_is_refused() -> None:
    with pytest.raises(Overrun):
        apart(boast, b"", str, longest=1000)


def test_block_ends_when_its_time_is_used_up() -> None:
    assert apart(loop, b"", str) == "stopped"


@pytest.mark.parametrize(
    ("shape", "plain"),
    [
        (int, True),
        (int, "1"),
        (str, 1),
        (str | None, 1),
        (bytes, "*"),
        (datetime, "soon"),
        (Colour, "blue"),
        (Leaf, {"at": None}),
        (Leaf, {"at": None, "colour": "red", "more": 1}),
        (Leaf, ["at", "colour"]),
        (tuple[int, ...], {"0": 1}),
        (tuple[int, str], [1]),
        (object, "x"),
    ],
)
def test_plain_data_of_another_shape_is_no_value(shape: Any, plain: Any) -> None:
    with pytest.raises(Misshapen):
        from_plain(shape, plain)


def test_value_of_no_known_shape_is_not_written() -> None:
    with pytest.raises(Misshapen):
        to_plain({"a": 1})
