"""Reading record and anchor against each other: what was changed, cut off, or put in another's
place.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from scheduler.audit.append_entry import BEGINNING
from scheduler.audit.head_anchor import (
    ANCHORED,
    Line,
    anchor_path,
    is_sealed,
    read_line,
    read_name,
)
from scheduler.audit.models import AuditEntry
from scheduler.audit.verify_chain import verify
from scheduler.kernel.database import db


@dataclass(frozen=True, slots=True)
class Examination:
    """How many entries there are, how many of them the anchor vouches for, and in words all that is
    wrong.
    """

    entries: int
    anchored: int
    faults: tuple[str, ...]


def examine() -> Examination:
    """Look at the whole record and at its anchor."""
    entries = db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    lines, faults = _anchor(anchor_path())
    bad = verify()
    if bad is not None:
        faults = [_why(bad), *faults]
    return Examination(
        entries,
        lines[-1].number if lines else 0,
        tuple(faults),
    )


def _why(bad: int) -> str:
    if db.session.get(AuditEntry, bad) is None:
        return f"entry {bad} is missing"
    return f"entry {bad} was changed, put in, or stands out of order"


def _anchor(path: Path | None) -> tuple[list[Line], list[str]]:
    if path is None:
        return [], []
    if not path.exists():
        noted = db.session.scalar(select(func.count()).where(AuditEntry.deed == ANCHORED)) or 0
        return [], [
            f"there is no anchor at {path}, though the record was anchored {noted} times"
        ] if noted else []
    name, lines, fault = _read(path)
    faults = (
        [fault]
        if fault
        else [found for found in (_compared(lines), _replaced(name, lines)) if found]
    )
    return lines, faults


def _read(path: Path) -> tuple[str, list[Line], str | None]:
    """Return the anchor's name and its lines as far as their seals hold, and what is wrong with the
    next one.
    """
    # Half a line at the end was never sealed: a crash leaves one, and the record did not note it.
    text = path.read_text(encoding="utf-8", errors="replace")
    whole = text.split("\n")[:-1]
    first, *rest = whole or [""]
    name = read_name(first) or ""
    before = BEGINNING
    lines: list[Line] = []
    for number, said in enumerate(rest, start=2):
        line = read_line(said)
        if line is None or not is_sealed(line, name, before):
            return name, lines, f"line {number} of the anchor {path} was changed or is another's"
        lines.append(line)
        before = line.seal
    if not name:
        return name, lines, f"{path} is no anchor of this record"
    return name, lines, None


def _compared(lines: list[Line]) -> str | None:
    """Say which entry the anchor saw is gone or other than it was."""
    newest = db.session.scalar(select(func.max(AuditEntry.number))) or 0
    for line in lines:
        if line.number > newest:
            went_on = f"the record went on to entry {line.number} on {line.at}"
            return f"entry {newest + 1} is missing: {went_on}, its end is cut"
        if (
            db.session.scalar(select(AuditEntry.chain).where(AuditEntry.number == line.number))
            != line.chain
        ):
            return f"entry {line.number} is other than it was on {line.at}"
    return None


def _replaced(name: str, lines: list[Line]) -> str | None:
    """Say that the record notes lines which this anchor does not have."""
    noted = list(
        db.session.scalars(
            select(AuditEntry).where(AuditEntry.deed == ANCHORED).order_by(AuditEntry.number)
        )
    )
    ours = [entry for entry in noted if entry.details.get("anchor") == name]
    if noted and not ours:
        return (
            f"the anchor was replaced: the record notes {len(noted)} lines, none of them in "
            "this file"
        )
    there = {f"entry {line.number}" for line in lines}
    gone = next((entry for entry in ours if entry.about not in there), None)
    return (
        f"the anchor was cut: it lacks {gone.about}, noted on {gone.at:%Y-%m-%d}" if gone else None
    )
