"""What families' engagement is in figures: by kind for everybody, split up for the page, and
attendance and completion of patients beside it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from scheduler.attendance import counts_by_patient
from scheduler.engagement.counting_rules import (
    EngagementCounts,
    Pair,
    PatientCounts,
    grouped,
)
from scheduler.engagement.pairs_from_rows import family_dates, past_pairs
from scheduler.people import practice
from scheduler.programs import Kind, all_cohorts, last_day, stays_in

FIELDS = ("invited", "told", "answered", "accepted", "declined", "attended")


@dataclass(frozen=True, slots=True)
class EngagementReport:
    """Everything that is counted; `pairs` are what tables of the page are made from."""

    kinds: dict[Kind, EngagementCounts]
    with_family: PatientCounts
    without_family: PatientCounts
    pairs: tuple[Pair, ...]

    def document(self) -> dict[str, Any]:
        """Return the report as other programs read it."""
        kinds = []
        for kind, counts in self.kinds.items():
            row: dict[str, Any] = {"kind": kind.value}
            for name in FIELDS:
                row[name] = getattr(counts, name)
            row["rate"] = _rounded(counts.rate)
            kinds.append(row)
        patients = {
            "with_family_sessions": _patients_document(self.with_family),
            "without_family_sessions": _patients_document(self.without_family),
        }
        return {"kinds": kinds, "patients": patients}


def _patients_document(counts: PatientCounts) -> dict[str, Any]:
    return {
        "patients": counts.patients,
        "sessions": counts.written,
        "attended": counts.attended,
        "attendance_rate": _rounded(counts.attendance_rate),
        "ended": counts.ended,
        "completed": counts.completed,
        "completion_rate": _rounded(counts.completion_rate),
    }


def _rounded(rate: float | None) -> float | None:
    return None if rate is None else round(rate, 4)


def engagement_report(*, now: datetime, cohort_id: str | None = None) -> EngagementReport:
    """Count engagement of the past at `now`, of one cohort (id) or all."""
    dates = family_dates(now=now, cohort_id=cohort_id)
    pairs = past_pairs(dates)
    by_kind = grouped(pairs, lambda pair: pair.kind)
    today = practice().day_at(now)
    with_family = {date.patient_id for date in dates}
    groups = _patients(cohort_id, today, with_family)
    return EngagementReport(
        kinds={kind: by_kind[kind] for kind in Kind if kind in by_kind},
        with_family=groups[True],
        without_family=groups[False],
        pairs=tuple(pairs),
    )


@dataclass(slots=True)
class _Tally:
    patients: set[str]
    ended: int = 0
    completed: int = 0


def _patients(
    cohort_id: str | None, today: date, with_family: set[str]
) -> dict[bool, PatientCounts]:
    """Return the figures of patients with family sessions (True) and without (False)."""
    tallies = _stayed(cohort_id, today, with_family)
    said = counts_by_patient(cohort_id)
    found = {}
    for is_with, tally in tallies.items():
        words = [said.get(patient_id, (0, 0)) for patient_id in tally.patients]
        found[is_with] = PatientCounts(
            patients=len(tally.patients),
            written=sum(written for written, _ in words),
            attended=sum(attended for _, attended in words),
            ended=tally.ended,
            completed=tally.completed,
        )
    return found


def _stayed(cohort_id: str | None, today: date, with_family: set[str]) -> dict[bool, _Tally]:
    """Count stays that have begun, are over, and were whole."""
    ends = _ends(cohort_id)
    tallies = {True: _Tally(set()), False: _Tally(set())}
    for stay in stays_in(list(ends)):
        if stay.waits is not None or stay.first > today:
            continue
        tally = tallies[stay.patient_id in with_family]
        tally.patients.add(stay.patient_id)
        end = ends[stay.cohort_id]
        last = stay.last or end
        if last < today:
            tally.ended += 1
            tally.completed += last >= end
    return tallies


def _ends(cohort_id: str | None) -> dict[str, date]:
    """Return the last day of each cohort by its id, of one or all."""
    ends = {}
    for cohort in all_cohorts():
        if cohort_id in {None, cohort.id}:
            ends[cohort.id] = last_day(cohort.starts, cohort.program.template.weeks)
    return ends
