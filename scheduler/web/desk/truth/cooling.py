"""What the desk takes back: a proposal that nobody wants, a publication whose letters wait."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from scheduler import feeds, outbox
from scheduler.i18n import N_, catalog
from scheduler.invitations import Told, announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people import names_by_key, practice
from scheduler.planning import (
    changes_of,
    cohort_by_key,
    cooling_publication,
    discard,
    from_document,
    open_proposal,
    take_back,
)
from scheduler.programs.models import Cohort
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.parts.page import Page
from scheduler.web.parts.time_words import moment_words

bp = Blueprint("cooling", __name__, url_prefix="/desk/cohorts")
OTHER_PROPOSAL = N_(
    "The proposal is no longer the one you were shown. Nothing was changed: look at it anew."
)


@dataclass(frozen=True, slots=True)
class Cooling:
    """A publication that can be taken back: which, and until when."""

    proposal: str
    until: str


def cooling_of(cohort: Cohort, *, now: datetime) -> Cooling | None:
    """Return the publication of a cohort that can still be taken back; None without one."""
    published = cooling_publication(cohort, now=now)
    if published is None:
        return None
    return Cooling(published.id, moment_words(published.cools_until, practice().zone))


def let_cool(told: list[Told], *, now: datetime) -> None:
    """Let the letters of a publication wait as long as it can be taken back."""
    written = [news.letter_id for news in told if news.letter_id is not None]
    until = now + current_app.config["KINFOLD"].publish_cooling
    if until > now and written:
        outbox.hold_until(written, until)


@bp.get("/<key>/discard")
@allow(*STAFF)
def ask_discard(key: str) -> Page:
    """Show what is thrown away with the proposal, before it is."""
    cohort = cohort_by_key(key)
    proposal = open_proposal(cohort)
    if proposal is None:
        return redirect(url_for("cohorts.cohort", key=key), 303)
    changes = changes_of(from_document(proposal.plan), now=now())
    counts = Counter(
        {
            "added": len(changes.added),
            "moved": len(changes.moved) + len(changes.changed),
            "cancelled": len(changes.cancelled),
        }
    )
    return render_template(
        "desk/discard.html",
        cohort=cohort,
        proposal=proposal.id,
        counts=counts,
        made=moment_words(proposal.made_at, practice().zone),
        by=names_by_key().get(proposal.made_by, proposal.made_by),
    )


@bp.post("/<key>/discard")
@allow(*STAFF)
def do_discard(key: str) -> Page:
    """Throw away the proposal that was shown, and no other."""
    _ = catalog(reader_language())
    proposal = open_proposal(cohort_by_key(key))
    if proposal is not None and proposal.id != request.form.get("proposal"):
        raise Conflict(_(OTHER_PROPOSAL))
    discard(key, by=me().key, now=now())
    db.session.commit()
    said = _("The proposal is thrown away. Nobody was told; what is published stays as it is.")
    flash(said)
    return redirect(url_for("cohorts.cohort", key=key), 303)


@bp.post("/<key>/take-back")
@allow(*STAFF)
def do_take_back(key: str) -> Page:
    """Take a publication back whose letters have not left."""
    person = me().key
    moment = now()
    _ = catalog(reader_language())
    published = cooling_publication(cohort_by_key(key), now=moment)
    if published is not None and published.id != request.form.get("proposal"):
        raise Conflict(_(OTHER_PROPOSAL))
    take_back(key, by=person, now=moment)
    announce(by=person, now=moment)
    feeds.refresh_changed(now=moment)
    db.session.commit()
    flash(_("The publication is taken back. Everything is as it was before, and nothing was sent."))
    return redirect(url_for("cohorts.cohort", key=key), 303)
