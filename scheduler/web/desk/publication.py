"""Publishing: first who will be told what, who will not and why, with the very letters; then one
POST.
"""

from collections import Counter
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for

from scheduler import feeds
from scheduler.consents import judged
from scheduler.i18n import N_, catalog, relation
from scheduler.invitations import announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.people import names_by_key, practice
from scheduler.planning import Published, cohort_by_key, every_session, open_proposal, publish
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.publication_changes import persons_changes
from scheduler.web.parts.kind_words import kind_in
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
        leaves = leaves_of(announce(by=person, now=moment))
        untold = _untold(published, moment)
    cohort = cohort_by_key(key)
    changes = published.difference
    return render_template(
        "desk/publication.html",
        cohort=cohort,
        changes=changes,
        told=by_reader(leaves),
        untold=untold,
        proposal=seen,
        letters=len(leaves),
        people=persons_changes(changes, names_by_key()),
        zone=zone_words(cohort.zone or practice().zone),
    )


@bp.post("/cohorts/<key>/publish")
@allow(*STAFF)
def tell(key: str) -> Page:
    """Publish the proposal that was shown, and no other; the letters leave with the worker's next
    round.
    """
    person = me().key
    moment = now()
    proposal = open_proposal(cohort_by_key(key))
    if proposal is None or proposal.id != request.form.get("proposal"):
        raise Conflict(catalog(reader_language())(OUTDATED))
    publish(key, by=person, now=moment)
    told = announce(by=person, now=moment)
    written = [letter for letter in told if letter.letter_id]
    feeds.refresh(now=moment)
    db.session.commit()
    people = len({letter.person_id for letter in written})
    flash(_published(len(written), people))
    return redirect(url_for("cohorts.cohort", key=key), 303)


def _untold(published: Published, moment: datetime) -> list[tuple[str, str, str, int]]:
    """Return relative, kind, reason and number of sessions for everybody who will not be told."""
    sessions = every_session(published.plan.cohort)
    ahead = {session.id: session for session in sessions if session.ends_at > moment}
    language = reader_language()
    counted: Counter[tuple[str, str, str]] = Counter()
    for session_id, judgement in judged(ahead.values(), now=moment).items():
        kind = kind_in(language, ahead[session_id].kind)
        for untold in judgement.untold:
            relative = untold.person.relative
            related = relation(relative.relationship_word, language) if relative else ""
            name = f"{untold.person.name} ({related})"
            counted[name, kind, catalog(language)(untold.reason)] += 1
    return sorted((*about, sessions) for about, sessions in counted.items())


def _published(letters: int, people: int) -> str:
    _ = catalog(reader_language())
    written = _.ngettext("{count} letter", "{count} letters", letters).format(count=letters)
    said = _.ngettext(
        "Published. {letters} to {count} person on the way.",
        "Published. {letters} to {count} people on the way.",
        people,
    )
    return said.format(letters=written, count=people)
