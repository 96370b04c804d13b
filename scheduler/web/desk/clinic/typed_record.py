"""A record of a clinic file out of a form, field names being places in the file. Pure."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict

from scheduler.web.desk.clinic.setup_fields import Ask, Shape

Form = MultiDict[str, str]
MOST_ROWS = 400


def typed_record(asks: Sequence[Ask], form: Form, at: str = "") -> dict[str, Any]:
    """Return what was typed, as a clinic file says it; what is empty and not needed is left out.

    Numbers that are none stay text: whoever reads the record names them.
    """
    record = {}
    for ask in asks:
        value = READ[ask.shape](ask, form, f"{at}{ask.name}")
        if value in (None, [], {}, "") and not ask.needed:
            continue
        if value is not None:
            record[ask.name] = value
    return record


def _text(_: Ask, form: Form, place: str) -> str | None:
    return form.get(place, "").strip() or None


def _number(_: Ask, form: Form, place: str) -> Any:
    return _as_number(form.get(place, ""))


def _truth(_: Ask, form: Form, place: str) -> bool | None:
    word = form.get(place)
    if word:
        return {"yes": True, "no": False}.get(word)
    return None


def _many(_: Ask, form: Form, place: str) -> list[str]:
    return form.getlist(place)


def _lines(_: Ask, form: Form, place: str) -> list[str]:
    lines = [line.strip() for line in form.get(place, "").splitlines()]
    return [line for line in lines if line]


def _pair(_: Ask, form: Form, place: str) -> list[Any] | None:
    typed = [_as_number(form.get(f"{place}{end}", "")) for end in ("", "[1]")]
    given = [number for number in typed if number is not None]
    return given or None


def _numbers(_: Ask, form: Form, place: str) -> list[Any]:
    found = []
    for word in re.split(r"[\s,;]+", form.get(place, "")):
        if word:
            found.append(_as_number(word))
    return found


def _rows(ask: Ask, form: Form, place: str) -> list[dict[str, Any]]:
    beginning = re.compile(re.escape(place) + r"\[(\d{1,3})\]\.")
    numbers = set()
    for name in form:
        found = beginning.match(name)
        if found:
            numbers.add(int(found[1]))
    rows = []
    for number in sorted(numbers)[:MOST_ROWS]:
        row = typed_record(ask.inner, form, f"{place}[{number}].")
        if any(value not in (None, [], {}, "") for value in row.values()):
            rows.append(row)
    return rows


def _group(ask: Ask, form: Form, place: str) -> dict[str, Any]:
    return typed_record(ask.inner, form, f"{place}.")


def _as_number(words: str) -> Any:
    words = words.strip()
    if re.fullmatch(r"\d{1,9}", words):
        return int(words)
    if re.fullmatch(r"\d{1,6}\.\d{1,4}", words):
        return float(words)
    return words or None


READ: dict[Shape, Callable[[Ask, Form, str], Any]] = {
    Shape.TEXT: _text,
    Shape.DAY: _text,
    Shape.CHOICE: _text,
    Shape.NUMBER: _number,
    Shape.TRUTH: _truth,
    Shape.MANY: _many,
    Shape.LINES: _lines,
    Shape.PAIR: _pair,
    Shape.NUMBERS: _numbers,
    Shape.ROWS: _rows,
    Shape.GROUP: _group,
}
