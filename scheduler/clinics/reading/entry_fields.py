"""One entry of a clinic file read field by field: what is missing, unknown or wrong is noted at its
place. Pure.

A field with a problem gives nothing that may be used: the entry is no longer `sound`, and whoever
reads it builds no value from it. So one mistake gives one message, and every other mistake still
gives its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from scheduler.clinics.reading.field_readers import Wrong
from scheduler.clinics.reading.file_problems import Problems
from scheduler.clinics.reading.places import at_field, at_item, shown
from scheduler.clinics.reading.yaml_tree import Refused, Tree
from scheduler.kernel.errors import Problem

T = TypeVar("T")
D = TypeVar("D")
Read = Callable[[Tree], T]

_NOTHING: Any = None


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and the place in the file where it was written."""

    place: str
    value: T


@dataclass(slots=True)
class Entry:
    """A mapping at `place`; every problem goes to the file's one list."""

    place: str
    problems: Problems
    fields: dict[str, Tree] = field(default_factory=dict)
    sound: bool = True
    asked: dict[str, None] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        """True if the field is written, whatever it holds."""
        self.asked[name] = None
        return name in self.fields

    def lists(self, name: str) -> bool:
        """True if the field holds a list."""
        return isinstance(self.fields.get(name), list)

    def wrong(self, name: str, message: str) -> None:
        """Note a problem of the field `name`, or of the whole entry when `name` is empty."""
        place = at_field(self.place, name) if name else self.place
        self.problems.append(Problem(place, message))
        self.sound = False

    def need(self, name: str, read: Read[T]) -> T:
        """Read a field that must be there."""
        if not self.has(name):
            self.wrong(name, "is missing")
            return _NOTHING  # type: ignore[no-any-return]
        return self._value(
            at_field(self.place, name),
            self.fields[name],
            read,
        )

    def maybe(self, name: str, read: Read[T], otherwise: D) -> T | D:
        """Read a field that may be left out."""
        if self.has(name):
            return self.need(name, read)
        return otherwise

    def many(self, name: str, read: Read[T]) -> tuple[T, ...]:
        """Read a list of single values that must hold something and nothing twice."""
        found: dict[T, None] = {}
        items = self._items(name)
        for place, item in items:
            value = self._value(place, item, read)
            if value is not None and value in found:
                self._note(place, "is named twice")
            found[value] = None
        if self.sound and not items:
            self.wrong(name, "name at least one")
        return tuple(found)

    def list_of(self, name: str, read: Read[T]) -> tuple[T, ...]:
        """Read a list of single values that must be there; the same may come again."""
        return tuple(self._value(place, item, read) for place, item in self._items(name))

    def weeks(self, name: str, last: int) -> tuple[int, int]:
        """Read two week numbers `[first, last]`, both included, within a program of `last`
        weeks.
        """
        pair = self.list_of(name, _week)
        if None in pair or not self.lists(name):
            return 1, 1
        if len(pair) != 2 or pair[0] > pair[1]:
            self.wrong(name, "write the first and the last week, as [1, 8]")
            return 1, 1
        if last and pair[1] > last:
            self.wrong(name, f"the program has only {last} weeks")
        return pair[0], pair[1]

    def child(self, name: str) -> "Entry":
        """Open a mapping that must be there; when it is not, an entry that is not sound."""
        if not self.has(name):
            self.wrong(name, "is missing")
            return self._broken(at_field(self.place, name))
        return self._open(at_field(self.place, name), self.fields[name])

    def children(self, name: str, *, required: bool = True) -> Iterator["Entry"]:
        """Open each mapping of a list, one after another."""
        if required or self.has(name):
            for place, item in self._items(name):
                yield self._open(place, item)

    def done(self) -> bool:
        """Note every field that nobody asked for; say whether the entry is sound."""
        for name in self.fields:
            if name not in self.asked:
                self.problems.append(
                    Problem(
                        at_field(self.place, name),
                        f"no such field here; there are {', '.join(self.asked)}",
                    )
                )
        return self.sound

    def _items(self, name: str) -> list[tuple[str, Tree]]:
        if not self.has(name):
            self.wrong(name, "is missing (an empty list is [])")
            return []
        value = self.fields[name]
        if isinstance(value, Refused):
            self.sound = False
            return []
        if not isinstance(value, list):
            self.wrong(name, "write a list, as [...]")
            return []
        place = at_field(self.place, name)
        return [(at_item(place, number), item) for number, item in enumerate(value)]

    def _value(self, place: str, value: Tree, read: Read[T]) -> T:
        if isinstance(value, Refused):
            self.sound = False
            return _NOTHING  # type: ignore[no-any-return]
        try:
            return read(value)
        except Wrong as wrong:
            self._note(place, str(wrong))
            return _NOTHING  # type: ignore[no-any-return]

    def _note(self, place: str, message: str) -> None:
        self.problems.append(Problem(place, message))
        self.sound = False

    def _open(self, place: str, value: Tree) -> "Entry":
        if isinstance(value, dict):
            return Entry(place, self.problems, value)
        if not isinstance(value, Refused):
            said = f", not {shown(value)}" if isinstance(value, str) else ""
            self.problems.append(Problem(place, f"write fields here, as {{key: ...}}{said}"))
        return self._broken(place)

    def _broken(self, place: str) -> "Entry":
        return Entry(place, Problems(), sound=False)


def _week(value: Tree) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Wrong("write a week's number, from 1")
    return value
