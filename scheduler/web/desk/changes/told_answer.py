"""Staff note what a relative or patient told them: whether they come to a session."""

from flask import Blueprint, flash, redirect, request, url_for

from scheduler.i18n import N_, catalog
from scheduler.invitations import asked_to, note_answer
from scheduler.invitations.model.models import Answer
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.models import PersonKind
from scheduler.sessions import session_by_key
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page

bp = Blueprint("told_answer", __name__, url_prefix="/desk/sessions")
GIVEN = {"yes": Answer.ACCEPTED, "no": Answer.DECLINED, "maybe": Answer.TENTATIVE}
NOTED = N_("Noted: {name}.")
NOT_ASKED = N_("Choose who told you, and what.")


@bp.post("/<key>/answer")
@allow(*STAFF)
def note(key: str) -> Page:
    """Note the answer of one person who is asked."""
    session, moment = session_by_key(key), now()
    _ = catalog(reader_language())
    asked = {}
    for person in asked_to(session, now=moment):
        if person.kind is not PersonKind.CLINICIAN:
            asked[person.key] = person
    who = asked.get(request.form.get("person", ""))
    given = GIVEN.get(request.form.get("answer", ""))
    if who is None or given is None:
        raise InputError(_(NOT_ASKED))
    note_answer(
        session,
        who,
        given,
        by=me().key,
        now=moment,
    )
    db.session.commit()
    flash(_(NOTED).format(name=who.name))
    return redirect(url_for("session_edit.page", key=key, _anchor="answers"), 303)
