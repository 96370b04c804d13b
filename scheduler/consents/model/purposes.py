"""What each purpose opens, and what may be said under it: the one table (42 CFR 2.31(a)(3) and
(5)). Pure.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from scheduler.programs import Kind


class Information(StrEnum):
    """A kind of information, specific and meaningful; there is no word for all."""

    TIMES = "times"
    CLINICIAN = "clinician"
    PARTICIPATION = "participation"
    """That the patient takes part."""
    TOPIC = "topic"
    ATTENDANCE = "attendance"
    GOALS = "goals"
    AFTERCARE = "aftercare"


@dataclass(frozen=True, slots=True)
class Purpose:
    """One purpose: the kinds of session it opens, what may be said, and whether other families see
    who comes.
    """

    opens: frozenset[Kind]
    carries: frozenset[Information]
    among_others: bool = False


_SAYS = Information

PURPOSES: dict[Kind, Purpose] = {
    Kind.FAMILY_THERAPY: Purpose(
        frozenset({Kind.FAMILY_THERAPY}),
        frozenset({_SAYS.TIMES, _SAYS.CLINICIAN, _SAYS.PARTICIPATION}),
    ),
    Kind.MULTI_FAMILY_GROUP: Purpose(
        frozenset({Kind.MULTI_FAMILY_GROUP}),
        frozenset({_SAYS.TIMES, _SAYS.PARTICIPATION}),
        among_others=True,
    ),
    Kind.FAMILY_WORKSHOP: Purpose(
        frozenset({Kind.FAMILY_WORKSHOP}), frozenset({_SAYS.TIMES, _SAYS.TOPIC})
    ),
    Kind.PROGRESS_UPDATE: Purpose(
        frozenset({Kind.PROGRESS_UPDATE}),
        frozenset(
            {_SAYS.TIMES, _SAYS.CLINICIAN, _SAYS.PARTICIPATION, _SAYS.ATTENDANCE, _SAYS.GOALS}
        ),
    ),
    Kind.CAREGIVER_GROUP: Purpose(frozenset({Kind.CAREGIVER_GROUP}), frozenset({_SAYS.TIMES})),
    Kind.DISCHARGE_PLANNING: Purpose(
        frozenset({Kind.DISCHARGE_PLANNING}),
        frozenset({_SAYS.TIMES, _SAYS.PARTICIPATION, _SAYS.AFTERCARE}),
    ),
    Kind.CASE_CONSULT: Purpose(
        frozenset({Kind.CASE_CONSULT}),
        frozenset({_SAYS.TIMES, _SAYS.CLINICIAN, _SAYS.PARTICIPATION}),
    ),
}
"""Notes, other sessions, other families' names and what was said in a group stand in no row:
nothing carries them.
"""


def opens(purpose: Kind, kind: Kind) -> bool:
    """True if a grant for `purpose` lets somebody know of a session of `kind`."""
    return purpose in PURPOSES and kind in PURPOSES[purpose].opens


def carries(purpose: Kind, signed: Collection[Information]) -> frozenset[Information]:
    """Return what may be said for `purpose` under a paper that names `signed`: only what both
    allow.
    """
    if purpose in PURPOSES:
        return PURPOSES[purpose].carries & frozenset(signed)
    return frozenset()


def usual_information(purposes: Collection[Kind]) -> frozenset[Information]:
    """Return what a paper for `purposes` names when it says no less."""
    return frozenset[Information]().union(
        *(PURPOSES[purpose].carries for purpose in purposes if purpose in PURPOSES)
    )
