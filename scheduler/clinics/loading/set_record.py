"""Setting one record of the house from its page: read, checked and written as a clinic file is."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from scheduler.clinics.exporting.export_house import export_house
from scheduler.clinics.exporting.program_fields import program_fields
from scheduler.clinics.loading.load_clinic import load
from scheduler.clinics.loading.load_report import Changes
from scheduler.clinics.loading.refuse_stranding import refuse_stranding
from scheduler.clinics.loading.upsert_record import Take
from scheduler.clinics.reading.read_clinic import read
from scheduler.kernel.errors import Conflict, InvalidFile, NotFound, Problem
from scheduler.programs import kept_versions
from scheduler.programs.models import Program
from scheduler.provenance import Source, note_word

Record = dict[str, Any]
PRACTICE = "practice"
SECTIONS = ("video_rooms", "clinicians", "programs", "cohorts")
"""Where a clinic file lists the records that have a page; the practice stands alone."""


def house_records(section: str) -> list[Record]:
    """Return the records of a section as a clinic file has them, days as text."""
    found: list[Record] = _plain(export_house())[section]
    return found


def house_record(section: str, key: str) -> Record:
    """Return one record, days as text. Raises NotFound."""
    house = _plain(export_house())
    if section == PRACTICE:
        practice: Record = house[PRACTICE]
        return practice
    found = _of_key(house[section], key)
    if found is None:
        raise NotFound("there is no such record")
    return found


def program_record(program: Program) -> Record:
    """Return a version of a program as a clinic file would have it, days as text."""
    return _plain(program_fields(program))


def set_record(
    section: str,
    said: Record,
    *,
    seen: Record | None,
    by: str,
    now: datetime,
) -> Changes:
    """Make the house say `said` of one record; what stands so already changes nothing.

    `seen` is the record as its page showed it, None for a new one. Raises Conflict when it is
    another by now, InvalidFile with places inside the record, or with the names of the patients
    whose own data would not hold any more.
    """
    before = _plain(export_house())
    house = dict(before)
    index, current = _place(house, section, said)
    if _stands(current, said, seen):
        return Changes()
    place = section if section == PRACTICE else f"{section}[{index}]"
    _put(house, section, index, said)
    try:
        file = read(json.dumps(house).encode(), kept_versions())
        if current is not None:
            refuse_stranding(section, current, before, house)
        changes = load(file, by=by, now=now, take=Take.FILE)
        refused = [Problem(change.what, change.deed) for change in changes.void]
        if refused:
            raise InvalidFile(refused)
    except InvalidFile as error:
        problems = [_inside(problem, place) for problem in error.problems]
        raise InvalidFile(problems) from error
    _note_words(changes, by=by, now=now)
    return changes


def free_key(section: str, name: str) -> str:
    """Return a key made of a name's last word that nobody has yet in the section."""
    words = re.findall("[a-z0-9]+", name.lower())
    stem = words[-1][:50] if words else section.rstrip("s").replace("_", "-")
    taken = {record["key"] for record in house_records(section)}
    number = 1
    key = stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def same_but_key(section: str, said: Mapping[str, Any]) -> str | None:
    """Return the key of a record that says all of this already, None without one."""
    for record in house_records(section):
        if _says_all(record, {**said, "key": record["key"]}):
            key: str = record["key"]
            return key
    return None


def same_record(one: Any, other: Any) -> bool:
    """True if two records say the same, whatever they leave out or say empty."""
    return bool(_essence(one) == _essence(other))


def _stands(current: Record | None, said: Record, seen: Record | None) -> bool:
    """True if nothing is to be set. Raises Conflict, or InvalidFile for a key that is taken."""
    if current is not None and same_record(current, said):
        return True
    if seen is None:
        if current is not None and not _says_all(current, said):
            raise InvalidFile([Problem("key", "is taken already: choose another one")])
        return current is not None
    if not same_record(seen, current or {}):
        raise Conflict("somebody else changed this meanwhile")
    return False


def _says_all(record: Record, said: Mapping[str, Any]) -> bool:
    """True if a record says whatever `said` says; what a form leaves out has its usual value."""
    essence = _essence(dict(said))
    whole = _essence(record)
    return all(whole.get(name) == value for name, value in essence.items())


def _essence(tree: Any) -> Any:
    """Return a tree without what is empty, a single day as from and to."""
    if isinstance(tree, list):
        return [_essence(item) for item in tree]
    if not isinstance(tree, dict):
        return tree
    essence = {}
    for name, value in as_days(tree).items():
        inner = _essence(value)
        if inner is not None and inner != [] and inner != {}:
            essence[name] = inner
    return essence


def as_days(record: Record) -> Record:
    """Return a record with `on` said as `from` and `to`."""
    if "on" not in record:
        return record
    others = {name: value for name, value in record.items() if name != "on"}
    return {**others, "from": record["on"], "to": record["on"]}


def _place(house: Record, section: str, said: Record) -> tuple[int, Record | None]:
    if section == PRACTICE:
        return 0, house[PRACTICE]
    records = house[section]
    current = _of_key(records, said.get("key"))
    return (len(records) if current is None else records.index(current)), current


def _put(house: Record, section: str, index: int, said: Record) -> None:
    if section == PRACTICE:
        house[PRACTICE] = said
    else:
        records = list(house[section])
        records[index : index + 1] = [said]
        house[section] = records
    if section == "programs":
        _drop_leads(house, said)


def _drop_leads(house: Record, program: Record) -> None:
    """Let nobody lead a slot that a program has no more, but in cohorts that stay as they are."""
    kept = kept_versions()
    slots = _slots(program.get("groups"))
    cohorts = []
    for cohort in house["cohorts"]:
        if cohort["program"] == program["key"] and cohort["key"] not in kept:
            cohort = {**cohort, "leads": _of_slots(cohort["leads"], slots)}
        cohorts.append(cohort)
    house["cohorts"] = cohorts


def _slots(groups: object) -> set[str]:
    """Return the keys of a program's groups; what is none is refused where the whole is judged."""
    keys = set()
    for group in groups if isinstance(groups, list) else []:
        key = group.get("key") if isinstance(group, dict) else None
        if isinstance(key, str):
            keys.add(key)
    return keys


def _of_slots(leads: Record, slots: set[str]) -> Record:
    found = {}
    for slot, leaders in leads.items():
        if slot in slots:
            found[slot] = leaders
    return found


def _of_key(records: Sequence[Record], key: object) -> Record | None:
    for record in records:
        if record["key"] == key:
            return record
    return None


def _inside(problem: Problem, place: str) -> Problem:
    inner = problem.place.removeprefix(place).removeprefix(".")
    return Problem(inner, problem.message)


def _note_words(changes: Changes, *, by: str, now: datetime) -> None:
    """Note whose word each changed field is from now on."""
    for change in changes.made:
        record = f"{change.what} {change.key}".strip()
        fields = ("closures",) if record == "closures" else change.details
        note_word(record, fields, source=Source.DESK, by=by, now=now)


def _plain(tree: Record) -> Record:
    plain: Record = json.loads(json.dumps(tree, default=str))
    return plain
