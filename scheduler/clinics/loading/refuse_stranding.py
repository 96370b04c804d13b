"""Refusing a change of the house after which its own clinic file would no longer load."""

import json
import re
from collections.abc import Mapping
from typing import Any

from scheduler.clinics.exporting.patients_concerned import patients_concerned
from scheduler.clinics.reading.read_clinic import read
from scheduler.kernel.errors import InvalidFile, Problem
from scheduler.programs import kept_versions

Record = Mapping[str, Any]
MOST = 5
"""How many patients are named; the others are counted."""


def refuse_stranding(section: str, current: Record, before: Record, after: Record) -> None:
    """Raise InvalidFile naming the patients whose own data held with the house `before` and do not
    with the house `after`; `current` is the record that changes.
    """
    if section == "video_rooms" or not _matters(section, before, after):
        return
    patients = concerned(section, _key(current))
    problems = data_problems(after, patients)
    if not problems:
        return
    known = data_problems(before, patients)
    new = [problem for problem in problems if problem not in known]
    if new:
        raise InvalidFile([Problem("", named(new, patients))])


def _matters(section: str, before: Record, after: Record) -> bool:
    """True unless the practice keeps its state and zone: nothing else of it touches a patient."""
    if section != "practice":
        return True
    old = before["practice"]
    new = after["practice"]
    return any(old.get(name) != new.get(name) for name in ("state", "zone"))


def _key(record: Record) -> str:
    return str(record.get("key", ""))


def concerned(section: str, key: str) -> list[Record]:
    """Return the patients whose data lean on a record, days as text."""
    patients: list[Record] = json.loads(json.dumps(patients_concerned(section, key), default=str))
    return patients


def data_problems(house: Record, patients: list[Record]) -> list[Problem]:
    """Return what is wrong with the patients' own data in a house."""
    whole = dict(house, patients=patients)
    try:
        read(json.dumps(whole).encode(), kept_versions())
    except InvalidFile as error:
        return [problem for problem in error.problems if problem.place.startswith("patients[")]
    return []


def named(problems: list[Problem], patients: list[Record]) -> str:
    """Return the problems in words, each with its patient's name."""
    told: dict[str, str] = {}
    for problem in problems:
        number = re.match(r"patients\[(\d+)\]", problem.place)
        if number:
            patient = patients[int(number[1])]
            told.setdefault(patient["key"], f"{patient['name']}: {problem.message}")
    said = list(told.values())
    if len(said) > MOST:
        others = len(said) - MOST
        said = [*said[:MOST], f"and {others} more"]
    return "patients need what this takes away: " + "; ".join(said)
