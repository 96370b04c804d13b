"""The rules each patient is planned by, week by week: a phase of a program asks other hours than
the rest, and a patient may go from one cohort to another.
"""

from scheduler.planning.problem.minute_sets import WeekNumber, week_number
from scheduler.planning.problem.problem import Patient, Problem
from scheduler.programs import Rules, monday_of


class RulesByWeek:
    """The rules of a patient's week; those of the cohort to be planned come before those of the
    cohorts alongside.
    """

    def __init__(self, problem: Problem) -> None:
        self._usual: dict[str, Rules] = {}
        self._weeks: dict[tuple[str, WeekNumber], Rules] = {}
        in_several = _in_several(problem)
        for cohort in problem.all:
            phased = bool(cohort.template.phases)
            for patient in cohort.patients:
                self._usual.setdefault(patient.key, cohort.template.rules)
                if phased or patient.key in in_several:
                    self._add_weeks(cohort, patient)

    def _add_weeks(self, cohort: Problem, patient: Patient) -> None:
        for week in range(1, cohort.template.weeks + 1):
            monday = monday_of(cohort.starts, week)
            if any(patient.days_in(monday)):
                name = (patient.key, week_number(monday))
                self._weeks.setdefault(name, cohort.template.rules_in(week))

    def of(self, patient: str, week: WeekNumber) -> Rules:
        """Return the rules of one week of a patient."""
        return self._weeks.get((patient, week)) or self._usual[patient]


def _in_several(problem: Problem) -> set[str]:
    """Return the patients of more than one of the cohorts."""
    met: set[str] = set()
    found: set[str] = set()
    for cohort in problem.all:
        keys = cohort.patient_by_key.keys()
        found |= met & keys
        met |= keys
    return found
