"""Versions of a program: each change of its template leaves the earlier one, and a cohort may stay
with what it has.
"""

from datetime import datetime

from sqlalchemy import func, or_, select, update

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.programs.models import Cohort, Program
from scheduler.programs.template import Kept, Template
from scheduler.provenance import Source, note_word

newest_id = func.coalesce(Program.of_id, Program.id)
"""The id of the program of which a row is a version."""


def keep_version(program: Program, template: Template, *, by: str, now: datetime) -> Program:
    """Write down a program's version as an earlier one with this template, once; return it."""
    wanted = select(Program).where(
        Program.of_id == program.id,
        Program.version == program.version,
    )
    known = db.session.scalars(wanted).one_or_none()
    if known is not None:
        return known
    row_id = new_id()
    row = Program(
        id=row_id,
        key=f"@{row_id}",
        name=program.name,
        outward_title=program.outward_title,
        template=template,
        version=program.version,
        capacity=program.capacity,
        waitlist=program.waitlist,
        of_id=program.id,
        replaced_at=now,
        replaced_by=by,
    )
    db.session.add(row)
    db.session.flush()
    return row


def share_with_versions(program: Program) -> None:
    """Let earlier versions have what is no part of a template: names, places, whether others
    wait.
    """
    earlier = update(Program).where(Program.of_id == program.id)
    shared = earlier.values(
        name=program.name,
        outward_title=program.outward_title,
        capacity=program.capacity,
        waitlist=program.waitlist,
    )
    db.session.execute(shared)


def versions_of(program: Program) -> list[Program]:
    """Return every version of a program, the first one first and the newest last."""
    is_newest = Program.id == program.id
    is_earlier = Program.of_id == program.id
    wanted = select(Program).where(or_(is_newest, is_earlier))
    ordered = wanted.order_by(Program.version)
    return list(db.session.scalars(ordered))


def cohorts_of(program: Program) -> list[Cohort]:
    """Return the cohorts of a program, whatever version they have, by their first day."""
    ids = select(Program.id).where(newest_id == program.id)
    wanted = select(Cohort).where(Cohort.program_id.in_(ids))
    ordered = wanted.order_by(Cohort.starts, Cohort.key)
    return list(db.session.scalars(ordered))


def kept_versions() -> dict[str, Kept]:
    """Return what each cohort has that stayed with an earlier version, by the cohort's key."""
    wanted = select(Cohort).join(Program, Program.id == Cohort.program_id)
    earlier = wanted.where(Program.of_id.is_not(None))
    found = {}
    for cohort in db.session.scalars(earlier):
        program = cohort.program
        found[cohort.key] = Kept(program.root.key, program.template)
    return found


def stay_with_version(cohort: Cohort, *, by: str, now: datetime) -> None:
    """Let a cohort that has the newest version of its program keep it when that changes."""
    newest = cohort.program
    if newest.of_id is not None:
        return
    cohort.program = keep_version(
        newest,
        newest.template,
        by=by,
        now=now,
    )
    db.session.flush()
    _note("program.kept", cohort, by, now)


def take_newest(cohort: Cohort, *, by: str, now: datetime) -> None:
    """Let a cohort have the newest version of its program."""
    if cohort.program.of_id is None:
        return
    cohort.program = cohort.program.root
    slots = {slot.key for slot in cohort.program.template.slots}
    leads = {}
    for slot, keys in cohort.leads.items():
        if slot in slots:
            leads[slot] = keys
    if leads != cohort.leads:
        cohort.leads = leads
        note_word(f"cohorts {cohort.key}", ["leads"], source=Source.DESK, by=by, now=now)
    db.session.flush()
    _note("program.taken", cohort, by, now)


def _note(deed: str, cohort: Cohort, by: str, now: datetime) -> None:
    version = {"version": cohort.program.version}
    audit.append(
        deed,
        f"cohort {cohort.key}",
        version,
        by=by,
        now=now,
    )
