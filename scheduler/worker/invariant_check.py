"""A look at every invariant, every five minutes and never at the start: who has just woken has
things to catch up.
"""

from datetime import datetime, timedelta

from scheduler import invariants
from scheduler.kernel.logs import Log
from scheduler.worker.jobs import BY
from scheduler.worker.transactions import in_transaction

EVERY = timedelta(minutes=5)

log = Log(__name__)


class InvariantCheck:
    """One worker's looks: when the last was, and what was broken then."""

    def __init__(self, now: datetime) -> None:
        self.last = now
        self.seen: frozenset[str] = frozenset()

    def take(self, now: datetime) -> None:
        """Look, if it is time; a clock that was set back is no reason to wait for it."""
        if timedelta() <= now - self.last < EVERY:
            return
        self.last = now
        try:
            self.seen = in_transaction(lambda: invariants.reconcile(seen=self.seen, by=BY, now=now))
        except Exception as error:
            # A look that fails is no reason to carry nothing; the next one comes in five minutes.
            log.error("job_failed", job="invariants", error=error)
