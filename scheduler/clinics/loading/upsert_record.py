"""Writing one record so that it says what the file says, noting and auditing only what differs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from scheduler import audit
from scheduler.clinics.loading.load_report import Change, Changes
from scheduler.kernel.database import Base, db

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


@dataclass(slots=True)
class RecordWriter:
    """One load: who loads, when, and what it changed so far."""

    by: str
    now: datetime
    changes: Changes = field(default_factory=Changes)

    def settle(self, what: str, key: str, *parts: Part, new: bool) -> None:
        """Return each row its values; new ones are added, known ones that have them already are not
        touched.
        """
        different: list[str] = []
        for row, values in parts:
            for name, value in values.items():
                if new or getattr(row, name) != value:
                    setattr(row, name, value)
                    different.append(_FILE_WORDS.get(name, name))
            if new:
                db.session.add(row)
        if new:
            self.note(what, key, "added")
        elif different:
            self.note(what, key, "changed", *different)

    def note(self, what: str, key: str, deed: str, *details: str) -> None:
        """Note a change that was made, for the command's answer and for the audit record."""
        self.tell(what, key, deed, *details)
        about = f"{what} {key}".strip()
        audit.append(
            f"clinic.{deed}",
            about,
            {"fields": list(details)},
            by=self.by,
            now=self.now,
        )

    def tell(self, what: str, key: str, deed: str, *details: str) -> None:
        """Note a change whose own deed has written the audit record."""
        self.changes.made.append(Change(what, key, deed, details))

    def keep(self, what: str, key: str, why: str, *details: str) -> None:
        """Note what was left as it is although the file says otherwise."""
        self.changes.kept.append(Change(what, key, why, details))
