"""Publishing: first who will be told what, who will not and why, with the very letters; then one
POST.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from scheduler import feeds
from scheduler.consents import judged
from scheduler.invitations import Told, announce
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.outbox.models import Letter
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.planning import Published, every_session, publish
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.web.auth.access import STAFF, allow, me
from scheduler.web.desk.cohort_weeks import cohort_by_key
from scheduler.web.desk.publication_changes import persons_changes
from scheduler.web.parts.time_words import KIND_WORDS, zone_words

bp = Blueprint("publication", __name__, url_prefix="/desk")
Page = str | tuple[str, int] | Response


@dataclass(frozen=True, slots=True)
class Leaf:
    """One letter as it will leave: to whom, about whose, what kind, its subject and words."""

    person: str
    address: str
    patient: str
    kind: str
    subject: str
    words: str


@bp.get("/cohorts/<key>/publish")
@allow(*STAFF)
def preview(key: str) -> Page:
    """Show what publishing would do, by doing it and undoing it: nothing of it is kept."""
    person = me().key
    moment = now()
    db.session.rollback()
    try:
        proposal = _open(key)
        if proposal is None:
            return redirect(url_for("cohorts.cohort", key=key), 303)
        seen = proposal.id
        published = publish(key, by=person, now=moment)
        leaves = leaves_of(announce(by=person, now=moment))
        untold = _untold(published, moment)
    finally:
        db.session.rollback()
    by_person = by_reader(leaves)
    cohort = cohort_by_key(key)
    changes = published.difference
    names = {row.key: row.name for row in db.session.execute(select(Person.key, Person.name))}
    zone = zone_words(cohort.zone or practice().zone)
    return render_template(
        "desk/publication.html",
        cohort=cohort,
        changes=changes,
        told=by_person,
        untold=untold,
        proposal=seen,
        letters=len(leaves),
        people=persons_changes(changes, names),
        zone=zone,
    )


@bp.post("/cohorts/<key>/publish")
@allow(*STAFF)
def tell(key: str) -> Page:
    """Publish the proposal that was shown, and no other; the letters leave with the worker's next
    round.
    """
    person = me().key
    moment = now()
    proposal = _open(key)
    if proposal is None or proposal.id != request.form.get("proposal"):
        raise Conflict(
            "The plan is no longer the one you were shown. Nothing was changed: go back and look "
            "at it anew."
        )
    publish(key, by=person, now=moment)
    told = [one for one in announce(by=person, now=moment) if one.letter_id]
    feeds.refresh(now=moment)
    db.session.commit()
    people = len({one.person_id for one in told})
    flash(
        f"Published. {_count(len(told), 'letter')} to {_count(people, 'person', 'people')} on "
        "the way."
    )
    return redirect(url_for("cohorts.cohort", key=key), 303)


def _open(key: str) -> Proposal | None:
    wanted = select(Proposal).where(
        Proposal.cohort_id == cohort_by_key(key).id, Proposal.state == ProposalState.OPEN
    )
    return db.session.scalars(wanted).one_or_none()


def leaves_of(told: Iterable[Told]) -> list[Leaf]:
    """Return the letters of what is told, as their readers will see them."""
    told = [one for one in told if one.letter_id]
    letters = {
        row.id: row
        for row in db.session.scalars(
            select(Letter).where(Letter.id.in_([t.letter_id for t in told]))
        )
    }
    ids = {one.person_id for one in told} | {one.patient_id for one in told}
    people = {
        row.id: row for row in db.session.scalars(select(Person).where(Person.id.in_(ids))).unique()
    }
    found = []
    for one in told:
        letter = letters[one.letter_id or ""]
        message = message_from_bytes(letter.mime, policy=policy.default)
        person = people[one.person_id]
        about = person.name, letter.address, people[one.patient_id].name, one.kind
        found.append(
            Leaf(
                *about,
                str(message["Subject"]),
                _plain(message),
            )
        )
    return sorted(found, key=lambda leaf: (leaf.person, leaf.subject))


def by_reader(leaves: Iterable[Leaf]) -> dict[tuple[str, str], list[Leaf]]:
    """Give letters by name and address of their readers."""
    found: dict[tuple[str, str], list[Leaf]] = defaultdict(list)
    for leaf in leaves:
        found[leaf.person, leaf.address].append(leaf)
    return found


def _plain(message: EmailMessage) -> str:
    """Return the words, without the secret of the reader's own page: that is for them alone."""
    body = message.get_body(("plain",))
    text = "" if body is None else str(body.get_content()).strip()
    return re.sub(r"/i/[\w-]{20,}", "/i/…", text)


def _untold(published: Published, moment: datetime) -> list[tuple[str, str, str, int]]:
    """Return relative, kind, reason and number of sessions for everybody who will not be told."""
    rows = {
        row.id: row
        for row in every_session()
        if row.cohort.key == published.plan.cohort and row.ends_at > moment
    }
    counted: Counter[tuple[str, str, str]] = Counter()
    for session_id, found in judged(rows.values(), now=moment).items():
        for one in found.untold:
            relation = one.person.relative.relationship_word if one.person.relative else ""
            counted[
                f"{one.person.name} ({relation})",
                KIND_WORDS[rows[session_id].kind],
                str(one.reason),
            ] += 1
    return sorted((*about, many) for about, many in counted.items())


def _count(many: int, one: str, more: str | None = None) -> str:
    return f"{many} {one if many == 1 else more or one + 's'}"
