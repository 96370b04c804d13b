"""A record of the clinic set as it was typed: who has to be asked first is asked, and what is wrong
is named by its place.
"""

from dataclasses import dataclass
from datetime import datetime

from scheduler.clinics import Changes, Record, set_record
from scheduler.kernel.errors import InvalidFile
from scheduler.web.desk.clinic.outward_words import reads_otherwise, shown_first
from scheduler.web.desk.clinic.program_choice import ask_cohorts, settle_cohorts
from scheduler.web.desk.clinic.setup_kinds import KINDS
from scheduler.web.desk.clinic.telling_names import refuse_telling_names
from scheduler.web.parts.page import Page, sentence


@dataclass
class Setting:
    """A record that is set as it was typed, with the choices that go with it."""

    kind: str
    said: Record
    seen: Record | None
    by: str
    now: datetime
    changes: Changes | None = None

    def asked_first(self) -> Page | None:
        """Return the page that has to be answered first; None once the record is set. Raises
        InvalidFile, Conflict.
        """
        if self.kind == "programs":
            asked = ask_cohorts(self.said["key"], self.set, by=self.by, now=self.now)
            if asked is not None:
                return asked
        if reads_otherwise(self.kind, self.seen, self.said):
            return shown_first(self.set_all, by=self.by, now=self.now)
        self.set_all()
        return None

    def set_all(self) -> None:
        """Let the cohorts of a program stay or take it, and set the record."""
        if self.kind == "programs":
            settle_cohorts(self.said["key"], by=self.by, now=self.now)
        self.set()

    def set(self) -> None:
        """Set the record."""
        self.changes = set_record(
            KINDS[self.kind].section,
            self.said,
            seen=self.seen,
            by=self.by,
            now=self.now,
        )
        refuse_telling_names()


def errors_by_place(error: InvalidFile) -> dict[str, str]:
    """Return what is wrong by its place in a record, "form" for what has none."""
    errors = {}
    for problem in error.problems:
        errors[problem.place or "form"] = sentence(problem.message)
    return errors
