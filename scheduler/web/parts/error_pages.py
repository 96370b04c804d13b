"""Pages for what went wrong: what happened, what was kept, what to do next; the same look, no
details.
"""

from typing import cast

from flask import Flask, current_app, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException

from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError, NotFound
from scheduler.kernel.logs import Log
from scheduler.people import Busy, TooMany, names_by_key
from scheduler.sessions import is_double_booking
from scheduler.web.parts.page import sentence
from scheduler.web.parts.time_words import named

log = Log(__name__)

SAID = {
    400: (
        N_("That did not arrive whole"),
        N_("Nothing was changed. Go back, load the page again and try once more."),
    ),
    403: (
        N_("This page is not for you"),
        N_("You are signed in, but this page belongs to somebody else's work."),
    ),
    404: (
        N_("There is nothing here"),
        N_("The address may be old or incomplete. Nothing is wrong with your account."),
    ),
    405: (
        N_("That cannot be done here"),
        N_("Nothing was changed. Go back and use the buttons of the page."),
    ),
    409: (
        N_("Somebody was faster"),
        N_("Nothing was changed. Go back, look at what is new, and decide again."),
    ),
    413: (N_("That was too much at once"), N_("Nothing was changed. Send less.")),
    429: (
        N_("Please wait a moment"),
        N_("There were too many tries. Wait a minute, then try again. Nothing is locked."),
    ),
    500: (
        N_("Something broke on our side"),
        N_("Nothing was changed. Try again in a minute; if it stays, tell your clinic."),
    ),
    503: (N_("We are away for a moment"), N_("Nothing was changed. Try again in a minute.")),
}
Answer = tuple[str, int, dict[str, str]]
OTHERWISE = "kinfold.refusals"
"""Under which the application keeps who answers instead of a page, by how addresses begin."""


def add_error_pages(app: Flask) -> None:
    """Turn every error into a page."""
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(NotFound, lambda error: wrong(404))
    app.register_error_handler(InputError, lambda error: wrong(400, str(error)))
    app.register_error_handler(Conflict, _somebody_was_faster)
    app.register_error_handler(TooMany, lambda error: wrong(429, retry=60))
    app.register_error_handler(Busy, lambda error: wrong(429, retry=2))
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(DBAPIError, _refused)
    app.register_error_handler(Exception, _broken)


def wrong(code: int, said: str | None = None, retry: int | None = None) -> Answer:
    """Return the page for a status, everything begun undone; `retry` in seconds."""
    db.session.rollback()
    for address, answer in current_app.extensions.get(OTHERWISE, {}).items():
        if request.path.startswith(address):
            return cast("Answer", answer(code, said, retry))
    if code not in SAID:
        code = 400 if code < 500 else 500
    title, usual = SAID[code]
    headers = {"Retry-After": str(retry)} if retry else {}
    return render_template("parts/error.html", title=title, said=said or usual), code, headers


def _of_http(error: HTTPException) -> Answer | HTTPException:
    if error.code is None or error.code < 400:
        return error
    page, code, headers = wrong(error.code)
    allowed = error.get_response().headers.get("Allow")
    if error.code == 405 and allowed:
        headers["Allow"] = allowed
    return page, code, headers


def _old_form(_error: CSRFError) -> Answer:
    return wrong(
        400,
        N_(
            "This page was open for too long, or your browser refuses cookies. Nothing was "
            "changed. Go back, load the page again and try once more."
        ),
    )


def _somebody_was_faster(error: Conflict) -> Answer:
    db.session.rollback()
    return wrong(409, named(sentence(error), names_by_key()))


def _no_database(error: OperationalError) -> Answer:
    if is_double_booking(error):
        return wrong(409)
    log.error("no_database", error=error)
    return wrong(503, retry=30)


def _refused(error: DBAPIError) -> Answer:
    return wrong(409) if is_double_booking(error) else _broken(error)


def _broken(error: Exception) -> Answer:
    log.error("page_broke", error=error)
    return wrong(500)
