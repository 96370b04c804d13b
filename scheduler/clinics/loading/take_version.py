"""A cohort that stayed with an earlier version of its program takes the newest one."""

import json
from datetime import datetime

from scheduler import consents
from scheduler.clinics.exporting.export_house import export_house
from scheduler.clinics.loading.refuse_stranding import concerned, data_problems, named
from scheduler.kernel.errors import InvalidFile, Problem
from scheduler.programs import take_newest
from scheduler.programs.models import Cohort


def take_version(cohort: Cohort, *, by: str, now: datetime) -> None:
    """Let a cohort have the newest version of its program. Raises InvalidFile with the names of the
    patients whose own data would not hold any more.
    """
    patients = concerned("cohorts", cohort.key)
    known = data_problems(_house(), patients)
    take_newest(
        cohort,
        by=by,
        now=now,
    )
    found = data_problems(_house(), patients)
    new = [problem for problem in found if problem not in known]
    if new:
        said = named(new, patients)
        raise InvalidFile([Problem("", said)])
    consents.recompute_validity(by=by, now=now)


def _house() -> dict[str, object]:
    written = json.dumps(
        export_house(),
        default=str,
    )
    house: dict[str, object] = json.loads(written)
    return house
