"""The kinds of session and who sits in each. Pure; the one table of these words."""

from enum import StrEnum


class Kind(StrEnum):
    """A kind of session, in the clinic file's words."""

    ASSESSMENT = "assessment"
    INDIVIDUAL = "individual"
    GROUP = "group"
    PSYCHOEDUCATION = "psychoeducation"
    MEDICATION = "medication"
    TREATMENT_PLAN_REVIEW = "treatment_plan_review"
    AFTERCARE = "aftercare"
    FAMILY_THERAPY = "family_therapy"
    MULTI_FAMILY_GROUP = "multi_family_group"
    PROGRESS_UPDATE = "progress_update"
    DISCHARGE_PLANNING = "discharge_planning"
    FAMILY_WORKSHOP = "family_workshop"
    CAREGIVER_GROUP = "caregiver_group"
    CASE_CONSULT = "case_consult"
    """Patient, clinicians, and professionals from elsewhere, who are entered as relatives are."""


class Seats(StrEnum):
    """Who sits in a fixed slot."""

    PATIENTS = "patients"
    FAMILIES = "families"
    BOTH = "both"


FAMILY_KINDS = frozenset(
    {
        Kind.FAMILY_THERAPY,
        Kind.MULTI_FAMILY_GROUP,
        Kind.PROGRESS_UPDATE,
        Kind.DISCHARGE_PLANNING,
        Kind.FAMILY_WORKSHOP,
        Kind.CAREGIVER_GROUP,
        Kind.CASE_CONSULT,
    }
)
"""Kinds a relative can be invited to; a consent's purposes are these."""

RECORDED_KINDS = frozenset({Kind.PSYCHOEDUCATION, Kind.FAMILY_WORKSHOP})
"""Kinds that teach: of these a recording may be shown, of what is therapy never."""


OTHERWISE_SAID = {Kind.FAMILY_THERAPY: "family session"}
"""What is called otherwise than the clinic file calls it: one term on pages and in reasons."""


def said_kind(kind: Kind | str) -> str:
    """Return what a kind is called in the sentences of staff: "progress update"."""
    return OTHERWISE_SAID.get(Kind(kind)) or kind.replace("_", " ")


def said_title(kind: Kind, title: str) -> str:
    """Return a session's title in the sentences of staff: its kind's one term where the title says
    no more than its kind.
    """
    is_kind = title.casefold().replace("-", " ") == kind.replace("_", " ")
    return said_kind(kind).capitalize() if is_kind else title


def usual_seats(kind: Kind) -> Seats:
    """Return who sits in a fixed slot of `kind` when the clinic file does not say it."""
    if kind in {Kind.FAMILY_WORKSHOP, Kind.CAREGIVER_GROUP}:
        return Seats.FAMILIES
    if kind is Kind.MULTI_FAMILY_GROUP:
        return Seats.BOTH
    return Seats.PATIENTS
