"""Readers of single values: text, keys, days, wall times, addresses; each gives the value or raises
Wrong. Pure.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from math import isfinite
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from scheduler.clinics.reading.places import shown
from scheduler.clinics.reading.yaml_scalars import as_day
from scheduler.clinics.reading.yaml_tree import Tree
from scheduler.ical import without_direction
from scheduler.kernel.mail_address import MOST, checked_form
from scheduler.sms import to_e164

MAX_TEXT = 200
MAX_NOTE = 2000
MAX_NAME = 250
"""People's names only: full names of more than 200 characters do occur."""

_JOINERS = {"\u200c", "\u200d"}
_NOT_TEXT = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_KEY = re.compile(r"[a-z0-9-]{1,64}")
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_PHONE = re.compile(r"(tel:)?\+?[(]?[0-9][0-9 ().\xa0\u202f\u2010-\u2015-]{4,30}")
_ROOM = re.compile(
    r"https://([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+(:[0-9]{1,5})?([/?#][!#-;=?-\[\]_a-z~]*)?"
)
# The states, the District and the inhabited territories of the United States (ISO 3166-2:US).
_STATE = re.compile(
    "A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]"
    "|W[AIVY]|AS|GU|MP|PR|VI"
)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")

E = TypeVar("E", bound=StrEnum)


class Wrong(Exception):
    """What is wrong with a value, in one short sentence that says what is allowed."""


def text(value: Tree, limit: int = MAX_TEXT) -> str:
    """Read one line of text; bidirectional controls are dropped, other controls and line breaks are
    wrong.
    """
    if not isinstance(value, str):
        raise Wrong("write text (in quotes when it looks like a number or a date)")
    if len(value) > 2 * limit:
        raise Wrong(f"too long: {len(value)} characters, at most {limit}")
    if not value.isprintable():
        value = without_direction(value)
        for sign in value:
            if (
                unicodedata.category(sign) in _NOT_TEXT or _nobodys(ord(sign))
            ) and sign not in _JOINERS:
                raise Wrong(
                    f"one line of plain text, please; U+{ord(sign):04X} is not allowed in it"
                )
    if len(value) > limit:
        raise Wrong(f"too long: {len(value)} characters, at most {limit}")
    if not value.strip():
        raise Wrong("must not be empty")
    return value


def name(value: Tree) -> str:
    """Read a person's name: text of at most 250 characters."""
    return text(value, MAX_NAME)


def note(value: Tree) -> str:
    """Read a note: text of at most 2,000 characters."""
    return text(value, MAX_NOTE)


def key(value: Tree) -> str:
    """Read a key, the clinic's own short name for a thing."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise Wrong("a key is 1 to 64 of the letters a-z, digits and hyphens" + _as_said(value))
    return value


def truth(value: Tree) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise Wrong("write true or false")
    return value


def whole(low: int, high: int) -> Callable[[Tree], int]:
    """Make a reader of whole numbers from `low` to `high`."""

    def read(value: Tree) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Wrong(f"write a whole number from {low} to {high}")
        return value

    return read


def hours(high: int) -> Callable[[Tree], float]:
    """Make a reader of hours, fractions allowed, from 0 to `high`."""

    def read(value: Tree) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise Wrong(f"write a number of hours from 0 to {high}")
        if not 0 <= value <= high:
            raise Wrong(f"write a number of hours from 0 to {high}")
        return float(value)

    return read


def day(value: Tree) -> date:
    """Read a date, `YYYY-MM-DD`, bare or in quotes (JSON has no other)."""
    found = as_day(value) if isinstance(value, str) else value
    if not isinstance(found, date):
        raise Wrong("write a date that exists, as 2027-03-01" + _as_said(value))
    if not 1900 <= found.year <= 2199:
        raise Wrong("write a date from 1900 to 2199" + _as_said(str(found)))
    return found


def clock(value: Tree) -> int:
    """Read a wall time, in minutes after midnight."""
    match = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise Wrong('write a time from "00:00" to "23:59", with two digits each' + _as_said(value))
    return int(match[1]) * 60 + int(match[2])


def closing(value: Tree) -> int:
    """Read the wall time that ends a window, in minutes after midnight; "24:00" is 1440."""
    return 1440 if value == "24:00" else clock(value)


def choice(words: Sequence[str]) -> Callable[[Tree], str]:
    """Make a reader of one of a few words."""

    def read(value: Tree) -> str:
        if not isinstance(value, str) or value not in words:
            raise Wrong(f"write one of {', '.join(words)}" + _as_said(value))
        return value

    return read


def member(words: type[E], allowed: Sequence[E] | None = None) -> Callable[[Tree], E]:
    """Make a reader of one of a few words that have a type of their own."""
    read = choice([str(word) for word in (list(words) if allowed is None else allowed)])
    return lambda value: words(read(value))


def zone(value: Tree) -> str:
    """Read the name of a zone of the IANA database."""
    if not isinstance(value, str) or value not in _zones():
        raise Wrong("write a time zone as America/New_York" + _as_said(value))
    return value


def state(value: Tree) -> str:
    """Read the two letters of a state or territory of the United States."""
    if not isinstance(value, str) or not _STATE.fullmatch(value):
        raise Wrong("write a state's two letters, as MA" + _as_said(value))
    return value


def language(value: Tree) -> str:
    """Read a language tag (BCP 47)."""
    if not isinstance(value, str) or not _LANGUAGE.fullmatch(value):
        raise Wrong("write a language as en, es or pt-BR")
    return value


def mail(value: Tree) -> str:
    """Read a mail address (RFC 5321, as `email-validator` has it); its domain comes out in lower
    case.
    """
    written = text(value, MOST)
    try:
        return checked_form(written)
    except ValueError as error:
        raise Wrong(str(error)) from None


def phone(value: Tree) -> str:
    """Read a telephone number, written as it is dialled in the practice's country or with its own;
    it comes out in E.164.
    """
    wrong = Wrong('write a telephone number with its country, as "+16175550123"')
    if not isinstance(value, str) or not _PHONE.fullmatch(value):
        raise wrong
    number = to_e164(value)
    if number is None:
        raise Wrong("this telephone number has too many or too few digits for its country")
    return number


def room_address(value: Tree) -> str:
    """Read the address of a video room: https only, no name or password in it."""
    if not isinstance(value, str) or len(value) > MAX_NOTE or not _ROOM.fullmatch(value):
        raise Wrong(
            "write a room's address as https://video.example/a (https only, no sign-in in it)"
        )
    host, _, port = urlsplit(value).netloc.partition(":")
    if not all(map(_is_host_label, host.split("."))):
        raise Wrong("the host in this address is not one")
    if port and not 0 < int(port) < 65536:
        raise Wrong("the port in this address is not one")
    return value


def _is_host_label(label: str) -> bool:
    return 0 < len(label) <= 63 and "-" not in (label[0], label[-1])


def _nobodys(code: int) -> bool:
    """True if a code point is a noncharacter (Unicode 23.7), which no file may hold."""
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"Factory", "localtime"})


def _as_said(value: Tree) -> str:
    if isinstance(value, str):
        return f"; this says {shown(value)}"
    return ""
