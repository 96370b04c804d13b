"""The difference between two records of a clinic file, field by field, in the words of their page.
Pure.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scheduler.web.desk.clinic.setup_fields import Ask, Shape

Say = Callable[[str], str]
"""Words of a page in the reader's language."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two records say differently; what one of them does not say is empty."""

    place: str
    before: str
    after: str


def differences(
    asks: Sequence[Ask], before: Mapping[str, Any], after: Mapping[str, Any], say: Say
) -> list[Difference]:
    """Return what differs of the fields that are asked, in their order; rows are compared by their
    short name or name, and only their content counts, not where they stand.
    """
    found = []
    for ask in asks:
        found += _of_field(
            ask,
            before.get(ask.name),
            after.get(ask.name),
            say,
        )
    return found


def _of_field(ask: Ask, old: Any, new: Any, say: Say) -> list[Difference]:
    label = say(ask.label)
    if ask.shape is Shape.GROUP:
        return _below(label, differences(ask.inner, old or {}, new or {}, say))
    if ask.shape is Shape.ROWS:
        return _rows(
            ask,
            old or [],
            new or [],
            say,
        )
    if (old or None) == (new or None):
        return []
    return [
        Difference(
            label,
            plain(ask, old, say),
            plain(ask, new, say),
        )
    ]


def plain(ask: Ask, value: Any, say: Say) -> str:
    """Return a value of a field in words; nothing is empty."""
    if value is None:
        return ""
    words = {pick: say(label) for pick, label in ask.choices}
    if isinstance(value, bool):
        return words.get("yes" if value else "no", "")
    if isinstance(value, list):
        between = " – " if ask.shape is Shape.PAIR else ", "
        return between.join(words.get(str(item), str(item)) for item in value)
    return words.get(str(value), str(value))


def _rows(
    ask: Ask, before: Iterable[Mapping[str, Any]], after: Iterable[Mapping[str, Any]], say: Say
) -> list[Difference]:
    old = _by_name(before)
    new = _by_name(after)
    found = []
    for name in old | new:
        gone = old.get(name)
        come = new.get(name)
        label = f"{say(ask.label)} › {_title(gone or come or {}, name)}"
        if gone is not None and come is not None:
            found += _below(label, differences(ask.inner, gone, come, say))
            continue
        before_words = _whole(
            ask,
            gone or {},
            say,
        )
        after_words = _whole(
            ask,
            come or {},
            say,
        )
        found.append(Difference(label, before_words, after_words))
    return found


def _by_name(rows: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Return rows by what they are told apart by: short name, name, first day, or their place."""
    found: dict[str, Mapping[str, Any]] = {}
    for number, row in enumerate(rows, start=1):
        name = row.get("key") or row.get("name") or row.get("from") or number
        known = str(name)
        found[known] = row
    return found


def _title(row: Mapping[str, Any], name: str) -> str:
    title: str = row.get("title") or name
    return title


def _whole(ask: Ask, row: Mapping[str, Any], say: Say) -> str:
    """Return a row in words: what it says, field by field."""
    said = []
    for inner in ask.inner:
        words = plain(
            inner,
            row.get(inner.name),
            say,
        )
        if words:
            said.append(words)
    return ", ".join(said)


def _below(label: str, inner: Iterable[Difference]) -> list[Difference]:
    found = []
    for line in inner:
        place = f"{label} › {line.place}"
        below = replace(line, place=place)
        found.append(below)
    return found
