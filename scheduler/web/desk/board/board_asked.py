"""What a board is asked to show, as it stands in the address. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from werkzeug.datastructures import MultiDict

from scheduler.programs import Kind
from scheduler.web.parts.board import Item

ALL = "all"
"""Every week, one below the other."""
LAYOUTS = ("board", "list")
MOST_TYPED = 80
"""Letters of a search."""
GROUPS = {
    "published": frozenset({"published"}),
    "proposed": frozenset({"proposed", "moved", "moving", "going"}),
    "cancelled": frozenset({"struck"}),
}
"""The ticks of states, and which states of blocks each is."""


class By(StrEnum):
    """What a column is."""

    DAY = "day"
    CLINICIAN = "clinician"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class Asked:
    """Week (None: the current one, or every), day, columns, layout, and what is picked out: no
    tick means all.
    """

    week: int | None = None
    every_week: bool = False
    day: date | None = None
    by: By = By.DAY
    layout: str | None = None
    people: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    words: str = ""

    @property
    def picks(self) -> bool:
        """True if something is left out."""
        return bool(self.people or self.kinds or self.states or self.words)

    def suits(self, item: Item) -> bool:
        """True if a block is among what is picked out."""
        if self.people and item.people.isdisjoint(self.people):
            return False
        if self.kinds and item.kind.value not in self.kinds:
            return False
        if self.states and not any(item.state in GROUPS[state] for state in self.states):
            return False
        return self._is_named(item)

    def _is_named(self, item: Item) -> bool:
        """True if every word of the search stands in the block."""
        said = " ".join((item.title, *item.who, *item.patients, item.room, item.hours)).casefold()
        return all(word in said for word in self.words.casefold().split())

    def address(self, **changed: object) -> dict[str, object]:
        """Return the arguments of the address that asks the same but for what is `changed`."""
        week: object = ALL if self.every_week else self.week
        arguments: dict[str, object] = {
            "week": week,
            "day": self.day.isoformat() if self.day else None,
            "by": None if self.by is By.DAY else self.by.value,
            "view": self.layout,
            "person": list(self.people),
            "kind": list(self.kinds),
            "state": list(self.states),
            "q": self.words or None,
        }
        arguments.update(changed)
        return {name: value for name, value in arguments.items() if value not in (None, [])}

    def fields(self) -> list[tuple[str, str]]:
        """Return the same as fields of a form."""
        found = []
        for name, value in self.address().items():
            values = value if isinstance(value, list) else [value]
            found += [(name, str(each)) for each in values]
        return found


def asked_of(values: MultiDict[str, str]) -> Asked:
    """Read an address; what nobody knows there is left out."""
    layout = values.get("view", "")
    week = values.get("week", "")
    kinds = {kind.value for kind in Kind}
    asked = Asked(
        week=int(week) if week.isdecimal() and len(week) < 4 else None,
        every_week=week == ALL,
        day=_day(values.get("day", "")),
        layout=layout if layout in LAYOUTS else None,
        people=tuple(dict.fromkeys(values.getlist("person"))),
        kinds=_known(values.getlist("kind"), kinds),
        states=_known(values.getlist("state"), GROUPS),
        words=" ".join(values.get("q", "").split())[:MOST_TYPED],
    )
    by = values.get("by", "")
    if by in {each.value for each in By}:
        return replace(asked, by=By(by))
    return asked


def _known(said: Iterable[str], known: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in said if value in known))


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
