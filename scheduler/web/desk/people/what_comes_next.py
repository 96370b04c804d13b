"""What comes next in a new practice: a short list that leads, until somebody is admitted."""

from collections.abc import Mapping
from dataclasses import dataclass

from scheduler.i18n import N_, catalog
from scheduler.people import all_clinicians, practice
from scheduler.programs import all_cohorts, all_programs, has_cohort, rooms_in_use
from scheduler.web.auth.reader_language import reader_language


@dataclass(frozen=True, slots=True)
class Step:
    """One step, where it is taken, and whether it is."""

    words: str
    leads_to: str
    is_done: bool


def first_steps() -> list[Step]:
    """Return the same steps for the page of the day, none once there is a cohort."""
    return [] if has_cohort() else next_steps({})


def next_steps(patients: Mapping[str, int]) -> list[Step]:
    """Return the steps up to the first patient, none once there is one; `patients` counts them by
    cohort.
    """
    if patients:
        return []
    # Who set the practice up is the first of its colleagues.
    steps = (
        (N_("Bring in your colleagues"), "/desk/staff", len(all_clinicians()) > 1),
        (N_("Name the video rooms"), "/desk/rooms", bool(rooms_in_use())),
        (N_("Say whom patients and families ask"), "/desk/practice", bool(practice().help)),
        (N_("Write a program"), "/desk/programs", bool(all_programs())),
        (N_("Open a cohort"), "/desk/cohorts/new", bool(all_cohorts())),
        (N_("Admit the first patient"), "/desk/people/admit", False),
    )
    _ = catalog(reader_language())
    return [Step(_(words), leads_to, is_done) for words, leads_to, is_done in steps]
