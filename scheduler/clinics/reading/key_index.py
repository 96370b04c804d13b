"""The keys a clinic file gives to things, each once within its kind, and the references to them.
Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass

from scheduler.clinics.reading.entry_fields import Entry
from scheduler.clinics.reading.field_readers import Wrong, key
from scheduler.clinics.reading.places import shown
from scheduler.clinics.reading.yaml_tree import Tree


@dataclass(frozen=True, slots=True)
class Same:
    """That somebody is the same human being as `other` (a key), and where the file says so."""

    place: str
    other: str


class KeyIndex:
    """Every key met so far, with its place; patients, relatives and clinicians share one
    namespace.
    """

    def __init__(self) -> None:
        self._places: dict[tuple[str, str], str] = {}
        self._members: dict[str, set[str]] = {}
        self._unsure: set[str] = set()
        self.same: dict[str, Same] = {}
        """By key, who is said to be the same human being as somebody else."""

    def claim(self, entry: Entry, kind: str, namespace: str = "") -> str:
        """Read the entry's `key` and take it for a thing of `kind`; used before in the namespace,
        it is wrong.
        """
        found = entry.need("key", key)
        if not isinstance(found, str):
            self.doubt(kind)
            return ""
        earlier = self._places.setdefault((namespace or kind, found), entry.place)
        if earlier != entry.place:
            entry.wrong("key", f"{shown(found)} is the key of {earlier} already")
            self.doubt(kind)
        self._members.setdefault(kind, set()).add(found)
        return found

    def doubt(self, kind: str) -> None:
        """Say that not every key of `kind` could be read: references to it are not judged."""
        self._unsure.add(kind)

    def expect(self, owner: Entry, name: str, kind: str) -> None:
        """Doubt the keys of `kind` when the list they should stand in is not one."""
        if not owner.lists(name):
            self.doubt(kind)

    def knows(self, kind: str, name: str) -> bool:
        """True if a thing of `kind` has this key, or may have it for all that could be read."""
        return kind in self._unsure or name in self._members.get(kind, ())

    def same_as(self, entry: Entry) -> str | None:
        """Read whom the entry's person is the same human being as; judged when all are read."""
        other = entry.maybe("same_as", key, None)
        own = entry.fields.get("key")
        if isinstance(other, str) and isinstance(own, str):
            self.same[own] = Same(f"{entry.place}.same_as", other)
        return other

    def knows_person(self, name: str) -> bool:
        """True if anybody has this key, or may have it."""
        return any(self.knows(kind, name) for kind in ("clinician", "patient", "relative"))

    def reference(self, kind: str) -> Callable[[Tree], str]:
        """Make a reader of the key of a thing of `kind` that is in the file."""

        def read(value: Tree) -> str:
            found = key(value)
            if not self.knows(kind, found):
                raise Wrong(f"there is no {kind} with the key {shown(found)}")
            return found

        return read
