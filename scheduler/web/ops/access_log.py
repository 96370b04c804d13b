"""Every visit as one line of the log: which route, what came of it, how long it took; never whose
or with what.
"""

import time

from flask import Flask, Response, request

from scheduler.kernel.logs import Log

BEGAN = "kinfold.began"

log = Log(__name__)


def write_visits(app: Flask) -> None:
    """Log each visit by its route's pattern: a path may hold a token."""
    app.before_request(_begin)
    app.after_request(_write)


def _begin() -> None:
    request.environ[BEGAN] = time.perf_counter()


def _write(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule is not None else "none"
    write_visit(
        request.method,
        route,
        response.status_code,
        request.environ.get(BEGAN),
    )
    return response


def write_visit(method: str, route: str, status: int, began: float | None) -> None:
    """Log one visit; `began` is `time.perf_counter` then."""
    took = time.perf_counter() - began if began is not None else 0.0
    log.info(
        "visit",
        method=method,
        route=route,
        status=status,
        milliseconds=1000 * took,
    )
