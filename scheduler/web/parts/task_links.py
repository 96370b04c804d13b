"""Where the deed is that a task asks for: its address and the words of the link."""

from flask import url_for

from scheduler.i18n import N_, catalog

SESSION = N_("Open the session")
REPLY = N_("Look at the answer")
ADDRESS = N_("Mend the address")


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
    return None
