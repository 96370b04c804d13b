"""The clinic file's schema takes every file that loads, and what it refuses does not load."""

import copy
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskCliRunner
from jsonschema import Draft202012Validator

from scheduler.cli.demo.demo_clinic import clinic_file
from scheduler.clinics import clinic_schema, read
from scheduler.clinics.reading.yaml_tree import read_tree
from scheduler.kernel.errors import InvalidFile
from tests.clinics.small_pines import SMALL_PINES, changed

SCHEMA = Draft202012Validator(clinic_schema())
JUNK: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1.5,
    10**6,
    "",
    " ",
    "x",
    "\u202eDana",
    [],
    {},
    ["x"],
    ["mon", "mon"],
    {"x": 1},
)
EVERY = 11
"""One in so many of all single changes is tried."""


def plain(data: bytes) -> Any:
    """Return a file as JSON has it: days are words."""
    tree, _ = read_tree(data)
    return json.loads(json.dumps(tree, default=str))


def loads(document: Any) -> bool:
    try:
        read(json.dumps(document).encode())
    except InvalidFile:
        return False
    return True


def changes(document: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Return the place of every value below, and each thing it is changed to; JUNK's length is "it
    is left out".
    """
    pairs = document.items() if isinstance(document, dict) else enumerate(document)
    for name, value in pairs:
        for number in range(len(JUNK) + 1):
            yield (*place, name), number
        if isinstance(value, dict | list):
            yield from changes(value, (*place, name))


def with_change(document: Any, place: tuple[Any, ...], number: int) -> Any:
    whole = copy.deepcopy(document)
    owner = whole
    for name in place[:-1]:
        owner = owner[name]
    if number == len(JUNK):
        del owner[place[-1]]
    else:
        owner[place[-1]] = JUNK[number]
    return whole


def test_schema_is_one_of_its_dialect() -> None:
    Draft202012Validator.check_schema(clinic_schema())


@pytest.mark.parametrize(
    "document",
    [plain(SMALL_PINES.encode()), json.loads(clinic_file(date(2026, 11, 30)))],
    ids=["small pines", "demo"],
)
def test_file_that_loads_is_taken(document: Any) -> None:
    assert [error.message for error in SCHEMA.iter_errors(document)] == []
    assert loads(document)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("starts: 2027-03-01", "starts: 1 March"),
        ("key: p-2", "key: P_2"),
        ('at: "18:00"', 'at: "6:00"'),
        ("kind: group", "kind: yoga"),
        ("weeks: [1, 4]}", "weeks: [1]}"),
        ("in_weeks: [2, 3]", "in_weeks: [2], every_weeks: 1"),
        ("group_cap: 10", "once_a_day: [individual, individual]"),
        ("    state: MA\n    cohort", "    state: MA\n    nickname: JJ\n    cohort"),
    ],
)
def test_defect_is_seen_by_the_schema_alone(old: str, new: str) -> None:
    document = plain(changed(old, new))

    assert not SCHEMA.is_valid(document)
    assert not loads(document)


def test_whatever_the_schema_refuses_does_not_load() -> None:
    document = plain(SMALL_PINES.encode())
    tried = [with_change(document, *change) for change in list(changes(document))[::EVERY]]
    refused = [changed_file for changed_file in tried if not SCHEMA.is_valid(changed_file)]

    assert [changed_file for changed_file in refused if loads(changed_file)] == []
    assert len(refused) > len(tried) / 2


def test_command_prints_the_schema(runner: FlaskCliRunner) -> None:
    printed = runner.invoke(args=["clinic", "schema"])

    assert (printed.exit_code, json.loads(printed.output)) == (0, clinic_schema())
