"""The parts of a program that are changed one at a time: a fixed time, an appointment, a phase, the
rules, the program itself; each put back into the whole as a clinic file has it. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.i18n import N_
from scheduler.web.desk.clinic import setup_fields
from scheduler.web.desk.clinic.setup_fields import Ask
from scheduler.web.desk.drawing.row_keys import with_keys

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A list in a program: its words, what a row of it asks, and what tells rows apart."""

    name: str
    change: str
    add: str
    asks: tuple[Ask, ...]
    told_by: str = "key"


def _but_key(asks: Sequence[Ask]) -> tuple[Ask, ...]:
    return tuple(ask for ask in asks if ask.name != "key")


LISTS = {
    part.name: part
    for part in (
        Part(
            "groups",
            N_("Change this fixed time"),
            N_("Add a fixed time"),
            _but_key(setup_fields.GROUP),
        ),
        Part(
            "appointments",
            N_("Change this appointment"),
            N_("Add an appointment"),
            _but_key(setup_fields.APPOINTMENT),
        ),
        Part(
            "phases",
            N_("Change this phase"),
            N_("Add a phase"),
            setup_fields.PHASE,
            "name",
        ),
    )
}
"""What a program lists, by its field."""
SINGLE = {"rules": setup_fields.RULES, "whole": ()}
OF_WHOLE = ("name", "outward_title", "weeks", "capacity", "waitlist")


def asks_of_whole() -> tuple[Ask, ...]:
    """Return what is asked of a program beside its lists and rules."""
    return tuple(ask for ask in setup_fields.PROGRAM if ask.name in OF_WHOLE)


def row_number(record: Mapping[str, Any], part: Part, told: str) -> int:
    """Return where a row stands in its list; of one that is not there, where it would be added."""
    rows = record.get(part.name, [])
    for number, row in enumerate(rows):
        if row.get(part.told_by) == told:
            return number
    return len(rows)


def row_of(record: Mapping[str, Any], part: Part, told: str) -> Record:
    """Return a row of a list, an empty one where it is not there."""
    rows = record.get(part.name, [])
    number = row_number(record, part, told)
    return dict(rows[number]) if number < len(rows) else {}


def with_row(record: Mapping[str, Any], part: Part, told: str, row: Record | None) -> Record:
    """Return a program with a row as it was typed, or without it where it is None."""
    rows = list(record.get(part.name, []))
    number = row_number(record, part, told)
    if row is None:
        del rows[number : number + 1]
    else:
        if part.told_by == "key" and told:
            row = {"key": told, **row}
        rows[number : number + 1] = [row]
    if part.told_by == "key":
        rows = with_keys(rows)
    return {**record, part.name: rows}


def with_earlier(
    record: Mapping[str, Any], earlier: Mapping[str, Any], parts: Sequence[str]
) -> Record:
    """Return a program with these parts as an earlier version had them."""
    others = {name: value for name, value in record.items() if name not in parts}
    kept = {name: value for name, value in earlier.items() if name in parts}
    return others | kept
