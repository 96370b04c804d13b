"""What each kind of session is called on pages, and a session by its own title. Pure."""

from markupsafe import Markup, escape

from scheduler.i18n import N_, catalog, title_in
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


def is_kind_said(kind: Kind, title: str) -> bool:
    """True if a title says no more than what kind of session it is."""
    said = title.casefold().replace("-", " ")
    own = KIND_WORDS[kind].casefold().replace("-", " ")
    return said in {kind.value.replace("_", " "), own}


def title_on_page(language: str | None, kind: Kind, title: str, topic: str | None = None) -> Markup:
    """Return what patients and families read a session called, in the language of a tag; what only
    its clinic calls so stays as it was typed, marked as English.
    """
    said = escape(kind_in(language, kind))
    if not is_kind_said(kind, title):
        said = marked_title(language, title)
    if not topic:
        return said
    return Markup("{}: {}").format(said, marked_title(language, topic))


def marked_title(language: str | None, title: str) -> Markup:
    """Return a title or topic in the language of a tag, or as it was typed, marked as English."""
    known = title_in(title, language)
    if known is None:
        return Markup('<span lang="en">{}</span>').format(title)
    return escape(known)
