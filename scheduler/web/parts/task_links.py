"""Where the deed is that a task asks for: its address and the words of the link."""

from flask import url_for

from scheduler.i18n import N_, catalog

REPLY = N_("Look at the answer")
ADDRESS = N_("Mend the address")
WEEK = N_("Book a make-up")
CODES = N_("Let codes work again")
PAGES = {
    "session": ("session_edit.page", N_("Open the session")),
    "patient": ("patients.patient", N_("Open the patient’s page")),
    "places": ("waiting_places.page", N_("Offer the place")),
    "attendance": ("attendance.page", N_("Write down who came")),
}
"""Pages of one thing, by its key."""
OVERVIEWS = {
    "letters": ("letters.overview", N_("Look at the letters")),
    "accounts": ("staff_accounts.overview", N_("Look at the accounts")),
    "caseload": ("caseload.page", N_("Look at the caseloads")),
}


def link_of(leads_to: str | None, language: str | None) -> dict[str, str] | None:
    """Return address and words for what a task names as `what:name`; None where it names nothing
    that has a page.
    """
    what, _, name = (leads_to or "").partition(":")
    said = catalog(language)
    if what in PAGES:
        endpoint, words = PAGES[what]
        return {"url": url_for(endpoint, key=name), "words": said(words)}
    if what == "reply":
        address = url_for("replies.overview", _anchor=f"reply-{name}")
        return {"url": address, "words": said(REPLY)}
    if what == "address":
        address = url_for("letters.overview", _anchor=f"address-{name}")
        return {"url": address, "words": said(ADDRESS)}
    if what == "week":
        cohort, _, number = name.rpartition(":")
        address = url_for("cohorts.cohort", key=cohort, week=number)
        return {"url": address, "words": said(WEEK)}
    if what == "codes":
        key, _, person_key = name.partition("/")
        address = url_for("stopped_codes.page", key=key, person_key=person_key)
        return {"url": address, "words": said(CODES)}
    if what in OVERVIEWS:
        endpoint, words = OVERVIEWS[what]
        return {"url": url_for(endpoint), "words": said(words)}
    return None
