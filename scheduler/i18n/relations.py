"""Words that stand in the records in English and are read in every language: what a relative is
to a patient, and the neutral title. Pure.
"""

from scheduler.i18n.catalogs import N_, catalog

NEUTRAL_TITLE = N_("Appointment")
"""What a letter calls everything, unless a clinic chose another title."""

RELATIONS = (
    N_("mother"),
    N_("father"),
    N_("parent"),
    N_("stepmother"),
    N_("stepfather"),
    N_("husband"),
    N_("wife"),
    N_("spouse"),
    N_("partner"),
    N_("son"),
    N_("daughter"),
    N_("sister"),
    N_("brother"),
    N_("grandmother"),
    N_("grandfather"),
    N_("aunt"),
    N_("uncle"),
    N_("cousin"),
    N_("niece"),
    N_("nephew"),
    N_("mother-in-law"),
    N_("father-in-law"),
    N_("guardian"),
    N_("relative"),
    N_("foster mother"),
    N_("foster father"),
    N_("friend"),
)


def relation(word: str, language: str | None) -> str:
    """Return what a relative is to a patient; a word we do not know stays as the clinic wrote
    it.
    """
    known = word.strip().lower()
    if known not in RELATIONS:
        return word
    _ = catalog(language)
    return _(known)


def neutral_title(title: str, language: str | None) -> str:
    """Return the neutral title in a language; a title of the clinic's own stays."""
    if title != NEUTRAL_TITLE:
        return title
    _ = catalog(language)
    return _(title)
