"""Days as people write them: 2027-03-04, 4.3.2027, 3/4/2027, March 4, 2027. Whether a slash puts
the month or the day first is asked where nothing tells. Pure.
"""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from scheduler.kernel.errors import InputError

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DOTS = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
SLASHES = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
MONTH_NAME = re.compile(r"([a-z]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")
DAY_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)? ([a-z]+)\.?,? (\d{4})")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


class Order(StrEnum):
    """What stands first where a day is written with slashes."""

    MONTH = "month"
    DAY = "day"


def order_of(cells: Iterable[str]) -> Order | None:
    """Return which order these days are written in; None where none or both can be."""
    found = set()
    for cell in cells:
        match = SLASHES.fullmatch(cell)
        if match is None:
            continue
        if int(match[1]) > len(MONTHS):
            found.add(Order.DAY)
        elif int(match[2]) > len(MONTHS):
            found.add(Order.MONTH)
    if len(found) == 1:
        return found.pop()
    return None


def is_either(cell: str) -> bool:
    """True if a day can be read in both orders, as two days."""
    match = SLASHES.fullmatch(cell)
    if match is None or match[1] == match[2]:
        return False
    return int(match[1]) <= len(MONTHS) and int(match[2]) <= len(MONTHS)


def day_of(cell: str, order: Order | None) -> date:
    """Return a day. Raises InputError for what is none, or may be two."""
    year, month, day = _parts(cell.strip(), order)
    try:
        return date(year, month, day)
    except ValueError as error:
        raise InputError(f"there is no day {cell}") from error


def _parts(cell: str, order: Order | None) -> tuple[int, int, int]:
    """Return year, month and day as they are written."""
    if match := ISO.fullmatch(cell):
        return int(match[1]), int(match[2]), int(match[3])
    if match := DOTS.fullmatch(cell):
        return int(match[3]), int(match[2]), int(match[1])
    if match := SLASHES.fullmatch(cell):
        if is_either(cell) and order is None:
            raise InputError(f"{cell} may be two days: say whether month or day comes first")
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if order is Order.DAY:
            return (year, second, first)
        return (year, first, second)
    return _named(cell)


def _named(cell: str) -> tuple[int, int, int]:
    """Return the same of a day whose month is a word."""
    words = cell.casefold()
    if match := MONTH_NAME.fullmatch(words):
        return int(match[3]), _month(match[1]), int(match[2])
    if match := DAY_NAME.fullmatch(words):
        return int(match[3]), _month(match[2]), int(match[1])
    raise InputError(f"{cell} is no day: write it as 2027-03-04, the year with four digits")


def _month(word: str) -> int:
    start = word[:3]
    if start not in MONTHS:
        raise InputError(f"there is no month {word}")
    return MONTHS.index(start) + 1
