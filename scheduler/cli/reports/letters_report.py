"""The letters that something would let leave, a line each: to whom (by key), the subject, and
when.
"""

from collections.abc import Collection
from datetime import datetime

from scheduler.cli.acting_as import actor
from scheduler.invitations import announce
from scheduler.outbox import letter_subject, letters_written_since
from scheduler.people import people_by_id


def write_letters(moment: datetime) -> set[str]:
    """Write the letters that are due now; return the ids of all written since `moment`. Whoever
    calls it undoes them.
    """
    announce(by=actor(), now=moment)
    return {letter.id for letter in letters_written_since(moment)}


def letter_lines(moment: datetime, *, but: Collection[str]) -> list[str]:
    """Return the letters written since `moment` but these (ids), a line each."""
    rows = []
    for letter in letters_written_since(moment):
        if letter.id not in but:
            rows.append(letter)
    ids = {letter.recipient_id for letter in rows}
    readers = people_by_id(ids)
    lines = []
    for letter in rows:
        reader = readers[letter.recipient_id].key
        subject = letter_subject(letter) or "text message"
        due = max(letter.due_at, moment)
        when = f"{due:%Y-%m-%dT%H:%MZ}"
        lines.append(f"letter: {reader}: {subject}: {when}")
    return sorted(lines)
