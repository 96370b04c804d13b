"""How everything works, on one page, for who is new."""

from flask import Blueprint, render_template

from scheduler.web.auth.access import Who, allow
from scheduler.web.parts.page import Page

bp = Blueprint("how_it_works", __name__, url_prefix="/mine/how")


@bp.get("")
@allow(Who.PATIENT)
def page() -> Page:
    """Say how to join, whom to ask, who knows what."""
    return render_template("portal/home/how_it_works.html")
