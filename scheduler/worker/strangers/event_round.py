"""Telling programs what happened, one after the other; no transaction is open while a server
answers.
"""

from collections.abc import Callable
from functools import partial

from scheduler import webhooks
from scheduler.kernel import clock
from scheduler.kernel.untrusted.safe_http import OPEN_INTERNET, Network
from scheduler.worker.transactions import in_transaction

MOST = 50
"""Deliveries in one go; the next go takes the rest."""


def tell_programs(*, stopping: Callable[[], bool] = bool, reach: Network = OPEN_INTERNET) -> int:
    """Hand over what is due now, until `stopping` says so; return how many tries that were."""
    for count in range(MOST):
        if stopping():
            due = None
        else:
            due = in_transaction(lambda: webhooks.claim(now=clock.now()))
        if due is None:
            return count
        taken = webhooks.hand_over(
            due,
            now=clock.now(),
            reach=reach,
        )
        in_transaction(
            partial(
                webhooks.settle,
                due,
                taken,
                now=clock.now(),
            )
        )
    return MOST
