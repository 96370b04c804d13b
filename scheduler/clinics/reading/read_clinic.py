"""Reading a clinic file: bytes in, checked values out, or every problem with its place. Pure."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace

from scheduler.clinics.reading import field_readers
from scheduler.clinics.reading.checks import cross_checks, stay_checks
from scheduler.clinics.reading.entry_fields import Entry, Found
from scheduler.clinics.reading.file_problems import Problems, TooMany
from scheduler.clinics.reading.key_index import KeyIndex
from scheduler.clinics.reading.people.same_language import one_language
from scheduler.clinics.reading.read_families import read_patients
from scheduler.clinics.reading.read_practice import read_clinicians, read_practice, read_rooms
from scheduler.clinics.reading.read_programs import read_cohorts, read_programs
from scheduler.clinics.reading.yaml_tree import Refused, Tree, read_tree
from scheduler.clinics.values import ClinicFile, Clinician, Cohort, Patient, Practice, Program
from scheduler.kernel.errors import InvalidFile, Problem
from scheduler.programs import FixedSlot, Kept

VERSION = 1

Programs = list[tuple[Found[Program], tuple[Found[FixedSlot], ...]]]


NONE_KEPT: Mapping[str, Kept] = {}


def read(data: bytes, kept: Mapping[str, Kept] = NONE_KEPT) -> ClinicFile:
    """Read a clinic file, YAML or JSON (interfaces.md 2). Cohorts (keys) that stayed with an
    earlier version of their program are judged by what they have `kept`. Raises InvalidFile with
    every problem and its place.
    """
    tree, problems = read_tree(data)
    file = None
    with suppress(TooMany):
        if isinstance(tree, Refused):
            file = None
        else:
            file = _read_root(tree, problems, kept)
    if problems or file is None:
        raise InvalidFile(list(dict.fromkeys(problems)))
    return file


def _read_root(tree: Tree, problems: Problems, kept: Mapping[str, Kept]) -> ClinicFile | None:
    if not isinstance(tree, dict):
        problems.append(Problem("", "a clinic file begins with version: 1"))
        return None
    root = Entry("", problems, tree)
    version = root.need("version", field_readers.whole(0, 10**9))
    if version is not None and version != VERSION:
        root.wrong("version", f"this program reads version {VERSION} only")
    if version == VERSION:
        return _read_version_1(root, problems, kept)
    return None


def _read_version_1(root: Entry, problems: Problems, kept: Mapping[str, Kept]) -> ClinicFile | None:
    keys = KeyIndex()
    practice = read_practice(root)
    rooms = list(read_rooms(root, keys))
    clinicians = list(read_clinicians(root, keys))
    programs = list(read_programs(root, keys))
    cohorts = list(read_cohorts(root, keys, kept))
    runs = _runs(practice, programs, cohorts, kept)
    patients = list(read_patients(root, keys, _lengths(runs)))
    root.done()
    staff = {found.value.key: found.value for found in clinicians}
    problems.extend(_clashes(practice, programs, runs, patients, staff))
    problems.extend(cross_checks.people_named(keys, clinicians, patients))
    if practice is None:
        return None
    return ClinicFile(
        practice=practice,
        rooms=tuple(found.value for found in rooms),
        clinicians=tuple(found.value for found in clinicians),
        programs=tuple(found.value for found, _ in programs),
        cohorts=tuple(found.value for found in cohorts),
        patients=one_language([found.value for found in patients]),
    )


def _lengths(runs: dict[str, cross_checks.Run]) -> dict[str, int]:
    """Return how many weeks each cohort runs, by its key."""
    lengths = {}
    for key, run in runs.items():
        lengths[key] = run.program.template.weeks
    return lengths


def _clashes(
    practice: Practice | None,
    programs: Programs,
    runs: dict[str, cross_checks.Run],
    patients: list[Found[Patient]],
    staff: dict[str, Clinician],
) -> Iterator[Problem]:
    large = list(
        cross_checks.too_much([(found.place, slots) for found, slots in programs], runs.values())
    )
    if large:
        yield from large
        return
    for _, slots in programs:
        yield from cross_checks.slot_overlaps(slots)
    yield from cross_checks.unreal_starts(runs.values())
    yield from cross_checks.leader_overlaps(runs.values())
    yield from stay_checks.stays(patients, runs)
    yield from stay_checks.own_appointments(patients, runs)
    yield from stay_checks.licences(patients, runs, staff, practice)


def _runs(
    practice: Practice | None,
    programs: Programs,
    cohorts: list[Found[Cohort]],
    kept: Mapping[str, Kept],
) -> dict[str, cross_checks.Run]:
    """Return each cohort, by key, whose program and zone are known."""
    known = {found.value.key: (found.place, found.value, slots) for found, slots in programs}
    runs = {}
    for found in cohorts:
        zone = found.value.zone or (practice.zone if practice else None)
        if found.value.program in known and zone is not None:
            run = cross_checks.Run(
                found.place,
                found.value,
                *known[found.value.program],
                zone,
            )
            runs[found.value.key] = _as_kept(run, kept.get(found.value.key))
    return runs


def _as_kept(run: cross_checks.Run, kept: Kept | None) -> cross_checks.Run:
    """Return a cohort with what it has, where it stayed with an earlier version of its program."""
    if kept is None or kept.program != run.program.key:
        return run
    slots = []
    for slot in kept.template.slots:
        slots.append(Found(run.place, slot))
    program = replace(run.program, template=kept.template)
    return replace(run, program=program, slots=tuple(slots))
