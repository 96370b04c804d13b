"""What helps a relative in a meeting, and how ready they feel, told by themselves."""

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import homes
from scheduler.homes import Needs
from scheduler.i18n import LANGUAGES, N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.web.auth.access import Who, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page

bp = Blueprint("own_needs", __name__, url_prefix="/family")
TOLD = N_("Thank you. Your clinic will read this.")
NOTHING = N_("Nothing is chosen yet. Choose or write what helps you.")
SAME = N_("Nothing is different from what you told us before.")
CHOOSE = N_("Choose a language from the list.")
TOO_LONG = N_("Your words are too long. Use less than {most} letters.")
EACH = N_("Answer each question with yes or not yet.")
QUESTIONS = {
    "room": N_("Do you have a room where nobody hears you?"),
    "device": N_("Do your phone or computer, camera and sound work?"),
    "time": N_("Can you stay to the end?"),
    "calm": N_("Can you listen, even when it gets hard?"),
}
ANSWERS = {"yes": N_("Yes"), "no": N_("Not yet")}


@bp.get("/helps")
@allow(Who.RELATIVE)
def page() -> Page:
    """Show what was told of what helps."""
    return _needs_page(homes.needs_of(me()), {})


@bp.post("/helps")
@allow(Who.RELATIVE)
def tell() -> Page:
    """Keep what helps, and let staff know."""
    _ = catalog(reader_language())
    interpreter = request.form.get("interpreter", "")
    other = " ".join(request.form.get("other", "").split())
    needs = Needs(
        interpreter,
        bool(request.form.get("captions")),
        other,
    )
    errors = {}
    if interpreter and interpreter not in LANGUAGES:
        errors["interpreter"] = _(CHOOSE)
    if needs == Needs() == homes.needs_of(me()):
        errors["other"] = _(NOTHING)
    if len(other) > homes.LONGEST_NEED:
        errors["other"] = _(TOO_LONG).format(most=homes.LONGEST_NEED)
    if errors:
        return _needs_page(needs, errors), 422
    is_new = homes.tell_needs(
        me(),
        needs,
        now=now(),
    )
    db.session.commit()
    flash(_(TOLD if is_new else SAME))
    return redirect(url_for("own_needs.page"), 303)


@bp.get("/ready")
@allow(Who.RELATIVE)
def check_page() -> Page:
    """Ask how ready they feel for a first meeting."""
    known = homes.check_of(me()) or {}
    said = {point: "yes" if is_so else "no" for point, is_so in known.items()}
    return _check_page(said, {})


@bp.post("/ready")
@allow(Who.RELATIVE)
def tell_check() -> Page:
    """Keep the self-check, and let staff see it."""
    _ = catalog(reader_language())
    said = {point: request.form.get(point, "") for point in QUESTIONS}
    errors = {point: _(EACH) for point, word in said.items() if word not in ANSWERS}
    if errors:
        return _check_page(said, errors), 422
    answers = {point: word == "yes" for point, word in said.items()}
    is_new = homes.tell_check(
        me(),
        answers,
        now=now(),
    )
    db.session.commit()
    flash(_(TOLD if is_new else SAME))
    return redirect(url_for("own_needs.check_page"), 303)


def _needs_page(needs: Needs, errors: dict[str, str]) -> str:
    _ = catalog(reader_language())
    languages = [("", _("No, thank you"))]
    for tag, language in LANGUAGES.items():
        languages.append((tag, language.name))
    return render_template(
        "family/home/helps.html", needs=needs, tongues_offered=languages, errors=errors
    )


def _check_page(said: dict[str, str], errors: dict[str, str]) -> str:
    _ = catalog(reader_language())
    questions = [(point, _(words)) for point, words in QUESTIONS.items()]
    choices = [(value, _(words), "") for value, words in ANSWERS.items()]
    return render_template(
        "family/home/ready.html",
        questions=questions,
        choices=choices,
        said=said,
        errors=errors,
        is_done=homes.check_of(me()) is not None,
    )
