"""A publication taken back while it cools: everything as it was before, and nobody was told."""

from datetime import datetime

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.planning.problem.plan import from_document
from scheduler.planning.proposals.before_document import restore
from scheduler.planning.proposals.humans.count_on import count_on_guests
from scheduler.planning.proposals.models import Proposal, ProposalState
from scheduler.planning.proposals.queries import (
    alone_with,
    cohort_by_key,
    last_published,
    open_proposal,
)
from scheduler.programs.models import Cohort
from scheduler.sessions import forget_changes, refuse_double_booking


def cooling_publication(cohort: Cohort, *, now: datetime) -> Proposal | None:
    """Return the last publication of a cohort while it can be taken back; None otherwise."""
    published = last_published(cohort)
    if published is None or published.before is None or published.cools_until is None:
        return None
    return published if now < published.cools_until else None


def take_back(cohort_key: str, *, by: str, now: datetime) -> None:
    """Take the last publication of a cohort back: its sessions are as they were before, and its
    proposal waits again in place of one made since.

    Raises NotFound; Conflict, with nothing changed, when it no longer cools, a session of it was
    changed since, or somebody is engaged elsewhere by now.
    """
    cohort = cohort_by_key(cohort_key)
    alone_with(cohort)
    proposal = cooling_publication(cohort, now=now)
    if proposal is None:
        raise Conflict(
            f"no publication of {cohort_key} can be taken back any more: its letters have left"
        )
    said = proposal.before
    restore(said["sessions"], said["versions"], by=by, now=now)
    forget_changes(list(said["versions"]), now=now)
    earlier = db.session.get(Proposal, said["earlier"] or "")
    _count_on(cohort, earlier, now)
    refuse_double_booking()
    since = open_proposal(cohort)
    if since is not None:
        since.state = ProposalState.SUPERSEDED
        db.session.flush()
    proposal.state = ProposalState.OPEN
    proposal.plan = said["plan"]
    proposal.published_at = None
    proposal.published_by = None
    proposal.cools_until = None
    proposal.before = None
    if earlier is not None:
        earlier.state = ProposalState.PUBLISHED
    db.session.flush()
    details = {"sessions": len(said["versions"])}
    audit.append("planning.take_back", f"cohort {cohort_key}", details, by=by, now=now)


def _count_on(cohort: Cohort, earlier: Proposal | None, now: datetime) -> None:
    """Let sessions count on the relatives whom the publication before had in them."""
    planned = from_document(earlier.plan).sessions if earlier is not None else ()
    count_on_guests(cohort, planned, now)
