"""Rows are kept for a fixture that is named, and for no other."""

import pytest
from flask import Flask

from warm import World


def test_rows_for_no_named_fixture_are_neither_made_nor_kept() -> None:
    made: list[str] = []
    world = World(None, keep=lambda: made.append("kept"))

    with pytest.raises(LookupError, match="WORLDS"):
        world.begin(lambda: made.append("rows"))
    assert made == []


def test_rows_for_a_named_fixture_are_made_and_kept_once(sqlite_app: Flask) -> None:
    made: list[str] = []
    world = World("house", keep=lambda: made.append("kept"))

    world.begin(lambda: made.append("rows"))
    world.is_there = True
    world.begin(lambda: made.append("rows"))
    assert made == ["rows", "kept"]


@pytest.fixture
def new_house() -> None:
    """Rows that this module makes itself, under a name of WORLDS."""


def test_fixture_that_has_but_the_name_of_kept_rows_begins_with_none(
    world: World, new_house: None
) -> None:
    assert world.name is None
