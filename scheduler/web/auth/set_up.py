"""The first page: makes the practice and its first administrator, behind a one-time address."""

from zoneinfo import available_timezones

from flask import Blueprint, abort, current_app, render_template, request

from scheduler.clinics import FirstPractice, found_practice, has_practice
from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError, InvalidFile
from scheduler.kernel.signed_term import is_in_term, set_up_key
from scheduler.programs import state_names
from scheduler.web.auth.access import Who, allow
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.auth.sign_in import let_in
from scheduler.web.parts.page import Page, sentence

bp = Blueprint("set_up", __name__)
BY = "set-up"
TEXTS = ("name", "outward_name", "outward_email", "zone", "state", "admin_name", "admin_email")
COUNTRY = ("America/", "Pacific/", "US/")
USUAL_ZONE = "America/New_York"


@bp.get("/set-up/<token>")
@allow(Who.TOKEN)
def page(token: str) -> Page:
    """Ask for the practice and who looks after it."""
    _refuse_dead(token)
    return _form({})


@bp.post("/set-up/<token>")
@allow(Who.TOKEN)
def make(token: str) -> Page:
    """Make both and sign the administrator in; with something wrong, nothing is made."""
    _refuse_dead(token)
    errors: dict[str, str] = {}
    if request.form.get("password") != request.form.get("again"):
        errors["again"] = catalog(reader_language())(N_("The two passwords are not the same."))
        return _form(errors), 422
    try:
        person = found_practice(_typed(), by=BY, now=now())
    except InvalidFile as error:
        errors = {problem.place: _upper(problem.message) for problem in error.problems}
        return _form(errors), 422
    except InputError as error:
        return _form({"password": sentence(error)}), 422
    return let_in(person, "/desk/")


def _refuse_dead(token: str) -> None:
    """Answer 404 to what is no living address, and once there is a practice."""
    key = set_up_key(current_app.config["KINFOLD"].secret_key)
    if not is_in_term(token, key, now=now()) or has_practice():
        abort(404)


def _typed() -> FirstPractice:
    texts = {name: request.form.get(name, "").strip() for name in TEXTS}
    return FirstPractice(
        name=texts["name"],
        outward_name=texts["outward_name"],
        outward_email=texts["outward_email"],
        zone=texts["zone"],
        state=texts["state"],
        part2=request.form.get("part2") == "yes",
        closed_on_holidays=request.form.get("holidays") == "closed",
        admin_name=texts["admin_name"],
        admin_email=texts["admin_email"],
        password=request.form.get("password", ""),
    )


def _form(errors: dict[str, str]) -> str:
    is_new = request.method != "POST"
    fields = {name: request.form.get(name, "") for name in TEXTS}
    if is_new:
        fields["zone"] = USUAL_ZONE
    states = sorted(state_names().items(), key=lambda state: state[1])
    return render_template(
        "auth/set_up.html",
        fields=fields,
        errors=errors,
        part2=is_new or request.form.get("part2") == "yes",
        holidays=is_new or request.form.get("holidays") == "closed",
        zones=_zones(),
        states=states,
    )


def _zones() -> list[tuple[str, str]]:
    """Return the zones of the country, as pairs for a list."""
    names = sorted(name for name in available_timezones() if name.startswith(COUNTRY))
    return [(name, name) for name in names]


def _upper(message: str) -> str:
    return f"{message[:1].upper()}{message[1:]}."
