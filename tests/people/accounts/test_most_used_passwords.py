"""The filter of passwords that everybody tries first."""

import secrets
import tomllib

import pytest

from scheduler.people.accounts.most_used_passwords import FILE, is_most_used, make_filter


@pytest.mark.parametrize(
    "password",
    [
        "unitedstates",
        "UnitedStates",
        "q1w2e3r4t5y6u7i8",
        "123456789987654321",
        "password2027!!",
        "qwertyqwerty",
        "letmeinletmein2027",
        " unitedstates ",
    ],
)
def test_what_everybody_tries_is_known(password: str) -> None:
    assert is_most_used(password)


@pytest.mark.parametrize(
    "password",
    ["nineteen quiet herons", "plain words do well here", "Zaunkönig im Schilf 7", "\ud800" * 12],
)
def test_several_words_are_not(password: str) -> None:
    assert not is_most_used(password)


def test_hardly_anything_else_is_refused() -> None:
    assert sum(is_most_used(secrets.token_hex(8)) for _ in range(3000)) <= 2


def test_filter_is_small_enough_to_ship() -> None:
    assert FILE.stat().st_size < 512 * 1024


def test_filter_is_made_of_the_words_given() -> None:
    assert len(make_filter(["One", "two", "one"])) == 6


def test_origin_and_licence_ship_with_the_filter() -> None:
    licence = FILE.with_suffix(".licence.txt").read_text()
    project = tomllib.loads((FILE.parents[3] / "pyproject.toml").read_text())["project"]
    shipped = f"scheduler/people/accounts/{FILE.stem}.licence.txt"

    assert shipped in project["license-files"]
    assert [name for name in ("Mark Burnett", "SecLists", "MIT License") if name in licence] == [
        "Mark Burnett",
        "SecLists",
        "MIT License",
    ]
