"""Where the deed is that a task asks for: its address and the words of the link."""

from flask import url_for

from scheduler.i18n import N_, catalog

SESSION = N_("Open the session")
REPLY = N_("Look at the answer")
ADDRESS = N_("Mend the address")
PATIENT = N_("Open the patient’s page")
ATTENDANCE = N_("Write down who came")
WEEK = N_("Book a make-up")
OVERVIEWS = {
    "letters": ("letters.overview", N_("Look at the letters")),
    "caseload": ("caseload.page", N_("Look at the caseloads")),
}


def link_of(leads_to: str | None, language: str | None) -> dict[str, str] | None:
    """Return address and words for what a task names as `what:name`; None where it names nothing
    that has a page.
    """
    what, _, name = (leads_to or "").partition(":")
    said = catalog(language)
    if what == "session":
        return {"url": url_for("session_edit.page", key=name), "words": said(SESSION)}
    if what == "reply":
        address = url_for("replies.overview", _anchor=f"reply-{name}")
        return {"url": address, "words": said(REPLY)}
    if what == "address":
        address = url_for("letters.overview", _anchor=f"address-{name}")
        return {"url": address, "words": said(ADDRESS)}
    if what == "patient":
        return {"url": url_for("patients.patient", key=name), "words": said(PATIENT)}
    if what == "attendance":
        return {"url": url_for("attendance.page", key=name), "words": said(ATTENDANCE)}
    if what == "week":
        cohort, _, number = name.rpartition(":")
        address = url_for("cohorts.cohort", key=cohort, week=number)
        return {"url": address, "words": said(WEEK)}
    if what in OVERVIEWS:
        endpoint, words = OVERVIEWS[what]
        return {"url": url_for(endpoint), "words": said(words)}
    return None
