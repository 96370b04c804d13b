"""The rows of a list as patients to come, each with what is wrong beside its cell. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.admissions.admit_patient import Admission
from scheduler.admissions.roster.roster_columns import DAYS
from scheduler.admissions.roster.roster_days import Order, day_of, is_either, order_of
from scheduler.admissions.roster.roster_text import Table
from scheduler.kernel.errors import InputError
from scheduler.people import Contact

NEEDED = ("name", "email", "cohort", "clinician", "first")
CHECKED = ("name", "email", "phone", "state", "zone", "language", "key")

Check = Callable[[str, str], str | None]
"""Reads a field of a clinic file from words. Raises InputError."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: what it says by field, and what is wrong by field; `said` only where
    nothing is.
    """

    line: int
    cells: Mapping[str, str]
    errors: Mapping[str, str]
    said: Admission | None


def asks_order(table: Table, fields: Sequence[str]) -> bool:
    """True if the list has days that may be two, and nothing tells which is meant."""
    cells = _days(table, fields)
    return any(map(is_either, cells)) and order_of(cells) is None


def rows_of(
    table: Table,
    fields: Sequence[str],
    usual: Mapping[str, str],
    order: Order | None,
    check: Check,
) -> list[Row]:
    """Return every row; `usual` is what holds where the list says nothing (cohort, clinician, first
    day), `order` what was said of days with slashes.
    """
    order = order or order_of(_days(table, fields))
    keys: set[str] = set()
    found = []
    for line, cells in table.rows:
        values = _values(fields, cells, usual)
        row = _row(line, values, order, check)
        key = values.get("key", "")
        if key and key in keys:
            errors = {**row.errors, "key": f"{key} stands twice in this list"}
            row = Row(line, values, errors, None)
        keys.add(key)
        found.append(row)
    return found


def _days(table: Table, fields: Sequence[str]) -> list[str]:
    found = []
    for _, cells in table.rows:
        for field, cell in zip(fields, cells, strict=False):
            if field in DAYS:
                found.append(cell)
    return found


def _values(
    fields: Sequence[str], cells: Sequence[str], usual: Mapping[str, str]
) -> dict[str, str]:
    values = dict(usual)
    for field, cell in zip(fields, cells, strict=False):
        if field and cell:
            values[field] = cell
    parts = [values.pop("given", ""), values.pop("surname", "")]
    whole = " ".join(part for part in parts if part)
    if whole and not values.get("name"):
        values["name"] = whole
    return values


def _row(line: int, values: Mapping[str, str], order: Order | None, check: Check) -> Row:
    errors: dict[str, str] = {}
    days: dict[str, date] = {}
    read: dict[str, str | None] = {}
    for field in NEEDED:
        if not values.get(field):
            errors[field] = "this is missing"
    for field, cell in values.items():
        try:
            if field in DAYS and cell:
                days[field] = day_of(cell, order)
            elif field in CHECKED and cell:
                read[field] = check(field, cell)
        except InputError as error:
            errors[field] = str(error)
    said = None if errors else _admission(values, read, days)
    return Row(line, values, errors, said)


def _admission(
    values: Mapping[str, str], read: Mapping[str, str | None], days: Mapping[str, date]
) -> Admission:
    contact = Contact(
        name=read["name"] or "",
        email=read["email"] or "",
        phone=read.get("phone"),
        zone=read.get("zone"),
        language=read.get("language"),
    )
    return Admission(
        contact=contact,
        state=read.get("state"),
        born=days.get("born"),
        clinician=values["clinician"],
        cohort=values["cohort"],
        first=days["first"],
        key=read.get("key"),
    )
