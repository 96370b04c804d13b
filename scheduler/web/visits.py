"""Every visit as one line of the log: which route, what came of it, how long it took; never whose or with what."""

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
    took = time.perf_counter() - request.environ.get(BEGAN, time.perf_counter())
    route = request.url_rule.rule if request.url_rule is not None else "none"
    log.info(
        "visit", method=request.method, route=route, status=response.status_code, milliseconds=1000 * took
    )  # fmt: skip
    return response
