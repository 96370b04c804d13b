"""A proposal that nobody wants: thrown away before anybody was told of it."""

from datetime import datetime

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.planning.proposals.models import ProposalState
from scheduler.planning.proposals.queries import alone_with, cohort_by_key, open_proposal


def discard(cohort_key: str, *, by: str, now: datetime) -> bool:
    """Throw the cohort's open proposal away; False when there was none. Raises NotFound."""
    cohort = cohort_by_key(cohort_key)
    alone_with(cohort)
    proposal = open_proposal(cohort)
    if proposal is None:
        return False
    proposal.state = ProposalState.SUPERSEDED
    db.session.flush()
    details = {"made_at": proposal.made_at.isoformat(), "made_by": proposal.made_by}
    audit.append("planning.discard", f"cohort {cohort.key}", details, by=by, now=now)
    return True
