"""Publishing: first who will be told what, who will not and why, with the very letters; then one
POST.
"""

from datetime import timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for

from scheduler import feeds
from scheduler.i18n import N_, catalog
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people import names_by_key, practice
from scheduler.planning import cohort_by_key, open_proposal, publish
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.board.change_summary_lines import summary_of
from scheduler.web.desk.publication_changes import persons_changes
from scheduler.web.desk.truth.cooling import let_cool
from scheduler.web.desk.truth.untold_people import untold_people
from scheduler.web.parts.letters_shown import by_reader, leaves_of
from scheduler.web.parts.page import Page, previewed
from scheduler.web.parts.time_words import zone_words

bp = Blueprint("publication", __name__, url_prefix="/desk")
OUTDATED = N_(
    "The plan is no longer the one you were shown. Nothing was changed: go back and look at it "
    "anew."
)


@bp.get("/cohorts/<key>/publish")
@allow(*STAFF)
def preview(key: str) -> Page:
    """Show what publishing would do, by doing it and undoing it: nothing of it is kept."""
    person = me().key
    moment = now()
    with previewed():
        proposal = open_proposal(cohort_by_key(key))
        if proposal is None:
            return redirect(url_for("cohorts.cohort", key=key), 303)
        seen = proposal.id
        published = publish(key, by=person, now=moment)
        told = announce(by=person, now=moment)
        leaves = leaves_of(told)
        readers = {news.person_id for news in told if news.letter_id}
        untold = untold_people(published.plan.cohort, readers, now=moment)
    cohort = cohort_by_key(key)
    changes = published.difference
    names = names_by_key()
    return render_template(
        "desk/publication.html",
        cohort=cohort,
        changes=changes,
        summary=summary_of(changes, names),
        told=by_reader(leaves),
        untold=untold,
        proposal=seen,
        letters=len(leaves),
        people=persons_changes(changes, names),
        zone=zone_words(cohort.zone or practice().zone),
        minutes=_minutes(current_app.config["KINFOLD"].publish_cooling),
    )


@bp.post("/cohorts/<key>/publish")
@allow(*STAFF)
def tell(key: str) -> Page:
    """Publish the proposal that was shown, and no other; the letters leave when it has cooled."""
    person = me().key
    moment = now()
    cohort = cohort_by_key(key)
    proposal = open_proposal(cohort)
    seen = request.form.get("proposal")
    if proposal is None or proposal.id != seen:
        _ = catalog(reader_language())
        raise Conflict(_(OUTDATED))
    settings = current_app.config["KINFOLD"]
    publish(
        key,
        by=person,
        now=moment,
        cooling=settings.publish_cooling,
    )
    told = announce(by=person, now=moment)
    let_cool(told, now=moment)
    written = [letter for letter in told if letter.letter_id]
    feeds.refresh_changed(now=moment)
    db.session.commit()
    readers = {letter.person_id for letter in written}
    said = _published(len(written), len(readers))
    if settings.publish_cooling:
        _ = catalog(reader_language())
        said = _("Published. Its letters wait, so that it can be taken back until then.")
    flash(said)
    return redirect(url_for("cohorts.cohort", key=key), 303)


def _minutes(cooling: timedelta) -> str:
    return f"{cooling.total_seconds() / 60:g}"


def _published(letters: int, people: int) -> str:
    _ = catalog(reader_language())
    written = _.ngettext("{count} letter", "{count} letters", letters).format(count=letters)
    said = _.ngettext(
        "Published. {letters} to {count} person on the way.",
        "Published. {letters} to {count} people on the way.",
        people,
    )
    return said.format(letters=written, count=people)
