"""Titles of groups and topics that clinics commonly give, in English, and what they are called in
every language. Pure.
"""

from scheduler.i18n.catalogs import N_, catalog
from scheduler.i18n.languages import SOURCE, language_for

TITLES = (
    N_("Process group"),
    N_("Skills"),
    N_("Skills group"),
    N_("Family evening"),
    N_("Family workshop"),
    N_("Families together"),
    N_("Caregivers"),
    N_("Opening circle"),
    N_("Closing circle"),
    N_("Tools for the week"),
    N_("Orientation"),
    N_("Triggers"),
    N_("Cravings"),
    N_("Rest"),
    N_("Sleep"),
    N_("Repair"),
    N_("Boundaries"),
    N_("Check-in"),
)
_KNOWN = {title.casefold(): title for title in TITLES}


def title_in(title: str, language: str | None) -> str | None:
    """Return what a common title is called in a language, the title as it is in English; None for
    a title of the clinic's own, which nobody translates.
    """
    if language_for(language) == SOURCE:
        return title
    known = _KNOWN.get(" ".join(title.split()).casefold())
    if known is None:
        return None
    return catalog(language)(known)
