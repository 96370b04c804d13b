"""What each kind of session is called on pages. Pure."""

from scheduler.i18n import N_, catalog
from scheduler.programs import Kind

KIND_WORDS = {
    Kind.ASSESSMENT: N_("Assessment"),
    Kind.INDIVIDUAL: N_("Individual session"),
    Kind.GROUP: N_("Group"),
    Kind.PSYCHOEDUCATION: N_("Learning group"),
    Kind.MEDICATION: N_("Medication visit"),
    Kind.TREATMENT_PLAN_REVIEW: N_("Plan review"),
    Kind.AFTERCARE: N_("Aftercare session"),
    Kind.FAMILY_THERAPY: N_("Family session"),
    Kind.MULTI_FAMILY_GROUP: N_("Multi-family group"),
    Kind.PROGRESS_UPDATE: N_("Progress update"),
    Kind.DISCHARGE_PLANNING: N_("Discharge planning"),
    Kind.FAMILY_WORKSHOP: N_("Family workshop"),
    Kind.CAREGIVER_GROUP: N_("Caregiver group"),
    Kind.CASE_CONSULT: N_("Meeting with professionals"),
}


def kind_in(language: str | None, kind: Kind) -> str:
    """Return what a kind is called in the language of a tag."""
    return catalog(language)(KIND_WORDS[kind])
