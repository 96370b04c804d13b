"""Writing one record so that it says what the file says, noting and auditing only what differs.

What the desk or the person said since the last export stays, unless the file's word is asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from scheduler import audit
from scheduler.clinics.loading.load_report import Change, Changes
from scheduler.kernel.database import Base, db
from scheduler.provenance import DeskWord, Source, all_words, drop_word

Part = tuple[Base, Mapping[str, Any]]
"""A row and the values it should have, by attribute."""


_FILE_WORDS = {
    "clinician_id": "clinician",
    "patient_id": "patient",
    "program_id": "program",
    "cohort_id": "cohort",
    "relationship_word": "relationship",
    "first": "from",
    "last": "to",
}
"""What the clinic file calls an attribute, where that differs."""


class Take(StrEnum):
    """Whose word counts where file and desk disagree about what was said since the last export."""

    DESK = "desk"
    FILE = "file"


@dataclass(slots=True)
class RecordWriter:
    """One load: who loads, when, whose word counts, and what it changed so far."""

    by: str
    now: datetime
    zone: str
    take: Take = Take.DESK
    changes: Changes = field(default_factory=Changes)
    words: dict[tuple[str, str], DeskWord] = field(default_factory=all_words)
    noted: list[audit.Line] = field(default_factory=list)
    """What the audit record will say of changes made since `write_down`."""
    held: list[Base] = field(default_factory=list)
    """Rows that every paper asks for: as long as somebody holds them they are read once."""

    def settle(self, what: str, key: str, *parts: Part, new: bool) -> None:
        """Return each row its values; new ones are added, known ones that have them already are not
        touched.
        """
        different: list[str] = []
        for row, values in parts:
            for name, value in values.items():
                if not new and getattr(row, name) == value:
                    continue
                said = _FILE_WORDS.get(name, name)
                if not new and self.stays(what, key, said):
                    continue
                setattr(row, name, value)
                different.append(said)
            if new:
                db.session.add(row)
        if new:
            self.note(what, key, "added")
        elif different:
            self.note(what, key, "changed", *different)

    def stays(self, what: str, key: str, field: str) -> bool:
        """True if a field the file says otherwise is the desk's or the person's word and stays; the
        line that says so is written.
        """
        record = f"{what} {key}".strip()
        word = self.words.pop((record, field), None)
        if word is None:
            return False
        if word.is_exported or self.take is Take.FILE:
            drop_word(record, field)
            return False
        self.keep(what, key, field, self._whose(word))
        return True

    def note(self, what: str, key: str, deed: str, *details: str) -> None:
        """Note a change that was made, for the command's answer and for the audit record."""
        self.tell(what, key, deed, *details)
        about = f"{what} {key}".strip()
        line = audit.Line(f"clinic.{deed}", about, {"fields": list(details)})
        self.noted.append(line)

    def write_down(self) -> None:
        """Write rows and what was noted of them: many records at the cost of a few."""
        db.session.flush()
        audit.append_all(self.noted, by=self.by, now=self.now)
        self.noted.clear()

    def hold(self, rows: Iterable[Base]) -> None:
        """Keep these rows in memory until the load is over."""
        self.held.extend(rows)

    def tell(self, what: str, key: str, deed: str, *details: str) -> None:
        """Note a change whose own deed has written the audit record."""
        self.changes.made.append(Change(what, key, deed, details))

    def keep(self, what: str, key: str, why: str, *details: str) -> None:
        """Note what was left as it is although the file says otherwise."""
        self.changes.kept.append(Change(what, key, why, details))

    def refuse(self, what: str, key: str, why: str, *details: str) -> None:
        """Note what the file says and nobody may act on."""
        self.changes.void.append(Change(what, key, why, details))

    def day_of(self, moment: datetime) -> str:
        """Return the day of a moment where the practice is, as the clinic file writes days."""
        return moment.astimezone(ZoneInfo(self.zone)).date().isoformat()

    def _whose(self, word: DeskWord) -> str:
        day = self.day_of(word.at)
        if word.source is Source.PERSON:
            return f"their own word of {day}"
        return f"set at the desk by {word.by} on {day}"
