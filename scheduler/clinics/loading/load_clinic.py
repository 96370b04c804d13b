"""Bringing the database up to a clinic file: each record is added or changed by its key, all or
nothing.

What the file does not name is left alone: persons, rooms, programs and cohorts are never removed by
a load. Where the file disagrees with what the desk or a person said since the last export, their
word stays, unless the file's is asked for. A program of the file is the newest version; a cohort
that stayed with an earlier one keeps it. The practice's closures have no keys and are compared as
one list. What the file says of a record of before, of who was entered twice, is left out. A consent
that a file brought goes when the file no longer lists it; one that was signed or recorded outside a
file stays whatever the file says, and so does a withdrawal.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from scheduler.clinics.exporting.standing_days import standing_days
from scheduler.clinics.loading.joined_people import without_joined
from scheduler.clinics.loading.load_consents import load_consents
from scheduler.clinics.loading.load_people import known_people, load_people
from scheduler.clinics.loading.load_report import Changes
from scheduler.clinics.loading.load_stays import load_stays, stand_in_line
from scheduler.clinics.loading.load_terms import load_terms
from scheduler.clinics.loading.load_unsafe_hours import load_unsafe_hours
from scheduler.clinics.loading.upsert_record import RecordWriter, Take
from scheduler.clinics.reading.checks.day_checks import far_days
from scheduler.clinics.values import ClinicFile
from scheduler.clinics.values import Cohort as Said
from scheduler.kernel.database import db
from scheduler.kernel.errors import InvalidFile, Problem
from scheduler.kernel.ids import new_id
from scheduler.people.models import Practice
from scheduler.programs import all_programs, keep_version, share_with_versions
from scheduler.programs.models import Closure, Cohort, Program, VideoRoom


def load(file: ClinicFile, *, by: str, now: datetime, take: Take = Take.DESK) -> Changes:
    """Make the database say what `file` says; the same file again changes nothing. `take` says
    whose word counts about what was said outside the file since the last export.

    Raises InvalidFile, before anything is written, when a key is somebody else's already, a cohort
    is full, or a day that does not stand yet lies too far ahead.
    """
    _refuse_far_days(file, now)
    file, kept = without_joined(file)
    people = known_people(file)
    line = stand_in_line(file)
    writer = RecordWriter(by, now, file.practice.zone, take)
    writer.changes.kept.extend(kept)
    _practice(file, writer)
    _closures(file, writer)
    _rooms(file, writer)
    _programs(file, writer)
    load_people(file, people, writer)
    writer.write_down()
    load_terms(file, people, writer)
    _cohorts(file, writer)
    load_stays(file, {key: person.id for key, person in people.items()}, line, writer)
    writer.write_down()
    load_consents(file, people, writer)
    load_unsafe_hours(file, people, writer)
    writer.write_down()
    return writer.changes


def _refuse_far_days(file: ClinicFile, now: datetime) -> None:
    """Raise InvalidFile for days farther ahead than a field may say, but for those that the clinic
    has: what it exported can be loaded again.
    """
    today = now.astimezone(ZoneInfo(file.practice.zone)).date()
    far = list(far_days(file, today))
    standing = standing_days() if far else frozenset()
    problems = []
    for said in far:
        if (said.owner, said.day) not in standing:
            words = f"{said.day} is too far ahead: write a day up to {said.last}"
            problems.append(Problem(said.place, words))
    if problems:
        raise InvalidFile(problems)


def _practice(file: ClinicFile, writer: RecordWriter) -> None:
    said = file.practice
    row = db.session.get(Practice, 1)
    values = {
        "name": said.name,
        "outward_name": said.outward_name,
        "outward_email": said.outward_email,
        "zone": said.zone,
        "state": said.state,
        "part2": said.part2,
        "holidays": "closed" if said.closed_on_holidays else "open",
        "help": said.help,
    }
    writer.settle(
        "practice",
        "",
        (row or Practice(id=1), values),
        new=row is None,
    )


def _closures(file: ClinicFile, writer: RecordWriter) -> None:
    rows = list(db.session.scalars(select(Closure).order_by(Closure.position)))
    said = [(closure.first, closure.last, closure.note) for closure in file.practice.closures]
    if said == [(row.first, row.last, row.note) for row in rows]:
        return
    if rows and writer.stays("closures", "", "closures"):
        return
    for row in rows:
        db.session.delete(row)
    for position, (first, last, note) in enumerate(said):
        db.session.add(Closure(first=first, last=last, note=note, position=position))
    writer.note("closures", "", "changed")


def _rooms(file: ClinicFile, writer: RecordWriter) -> None:
    """Write the rooms; one the file no longer names is lost: nothing is planned there any more."""
    rows = {row.key: row for row in db.session.scalars(select(VideoRoom))}
    for said in file.rooms:
        row = rows.get(said.key)
        values = {
            "url": said.url,
            "dial_in": said.dial_in,
            "service": said.service,
            "app_id": said.app_id,
            "secret_file": said.secret_file,
            "shared": said.shared,
            "in_use": True,
        }
        writer.settle(
            "video room",
            said.key,
            (row or VideoRoom(key=said.key), values),
            new=row is None,
        )
    for key in sorted(rows.keys() - {said.key for said in file.rooms}):
        if rows[key].in_use:
            rows[key].in_use = False
            writer.note("video room", key, "removed")


def _programs(file: ClinicFile, writer: RecordWriter) -> None:
    rows = {row.key: row for row in all_programs()}
    for said in file.programs:
        row = rows.get(said.key)
        values = {
            "name": said.name,
            "outward_title": said.outward_title,
            "template": said.template,
            "capacity": said.capacity,
            "waitlist": said.waitlist,
        }
        if row is None:
            new = Program(id=new_id(), key=said.key)
            writer.settle(
                "program",
                said.key,
                (new, values),
                new=True,
            )
            continue
        before = row.template
        writer.settle(
            "program",
            said.key,
            (row, values),
            new=False,
        )
        if row.template != before:
            keep_version(row, before, by=writer.by, now=writer.now)
            row.version += 1
        share_with_versions(row)
    db.session.flush()


def _cohorts(file: ClinicFile, writer: RecordWriter) -> None:
    programs = {row.key: row.id for row in all_programs()}
    rows = {row.key: row for row in db.session.scalars(select(Cohort))}
    for said in file.cohorts:
        row = rows.get(said.key)
        program = programs[said.program]
        if row is not None and row.program.root.key == said.program:
            program = row.program_id
        values = {
            "program_id": program,
            "starts": said.starts,
            "zone": said.zone,
            "leads": _leads(said, row),
        }
        writer.settle(
            "cohort",
            said.key,
            (row or Cohort(id=new_id(), key=said.key), values),
            new=row is None,
        )
    db.session.flush()


def _leads(said: Said, row: Cohort | None) -> dict[str, tuple[str, ...]]:
    """Return who leads; of slots that only an earlier version has, which the cohort stayed with, a
    file that names none of them says nothing.
    """
    leads = dict(said.leads)
    if row is None or row.program.of_id is None:
        return leads
    newest = {slot.key for slot in row.program.root.template.slots}
    if leads.keys() - newest:
        return leads
    for slot, leaders in row.leads.items():
        if slot not in newest:
            leads[slot] = leaders
    return leads
