"""Logs: one JSON object a line, of a kind that can be shown to anybody.

An event's name, its level, its time (UTC), the practice as an opaque id, and facts of the names in
`Facts`: ids, kinds, figures. Never words: of an exception its type and the places it passed, of
another library's line only who said it, because its words hold what it was working on (addresses,
tokens in a path, values of a statement).
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import IO, TypedDict, Unpack

OURS = "scheduler"
HERE = Path(__file__).resolve().parents[1]
NOISY = ("gunicorn.access", "gunicorn.error", "waitress", "werkzeug")
"""Web servers that bring a handler of their own, which would write paths; they speak through ours.
"""
SHAPE = re.compile(r"[\w.:/<>-]{1,120}", re.ASCII)
"""What a fact may look like: an id, a route, a kind. Nothing with a space, an @ or a +."""
DEEPEST = 12
"""Places of an exception that are written, the innermost."""


class Facts(TypedDict, total=False):
    """All that a line may say beside its event; `error` becomes the types and places of an
    exception.
    """

    letter: str
    channel: str
    fate: str
    attempts: int
    sent: int
    later: int
    set_aside: int
    job: str
    node: str
    method: str
    route: str
    status: int
    kind: str
    octets: int
    seconds: float
    milliseconds: float
    error: BaseException


class Log:
    """One module's voice: `log.info("letter", letter=…, fate=…)`."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def info(self, event: str, **facts: Unpack[Facts]) -> None:
        """Write down what happened as it should."""
        self._write(logging.INFO, event, facts)

    def warning(self, event: str, **facts: Unpack[Facts]) -> None:
        """Write down what heals by itself, and should be known when it lasts."""
        self._write(logging.WARNING, event, facts)

    def error(self, event: str, **facts: Unpack[Facts]) -> None:
        """Write down what somebody has to look at."""
        self._write(logging.ERROR, event, facts)

    def _write(self, level: int, event: str, facts: Facts) -> None:
        if self._logger.isEnabledFor(level):
            self._logger.log(level, event, extra={"facts": facts})


class JsonLine(logging.Formatter):
    """Gives a record as one line of JSON, without any of its words."""

    def __init__(self, practice: str) -> None:
        super().__init__()
        self.practice = practice

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a record of another library says only where it comes from."""
        facts: Facts | None = getattr(record, "facts", None)
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "time": moment.replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": record.msg if facts is not None else "elsewhere",
            "practice": self.practice,
            "logger": record.name,
        }
        error = facts.get("error") if facts is not None else None
        if facts is None:
            line["place"] = f"{record.module}:{record.lineno}"
            error = record.exc_info[1] if record.exc_info else None
        line |= {name: _plain(value) for name, value in (facts or {}).items() if name != "error"}
        if error is not None:
            line |= {
                "error": list(_kinds(error)),
                "places": _places(error.__traceback__),
            }
        return json.dumps(line)


def begin(level: str, *, practice: str, stream: IO[str] | None = None) -> logging.Handler:
    """Write every line of this process to `stream` (standard error) as JSON from now on; gives what
    writes.

    `level` is debug, info, warning or error; other libraries are heard from warning on. `practice`
    is an opaque id.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLine(practice))
    handler.addFilter(
        lambda record: record.levelno >= logging.WARNING or record.name.split(".")[0] == OURS
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in NOISY:
        loud = logging.getLogger(name)
        loud.handlers.clear()
        loud.propagate = True
    logging.captureWarnings(True)
    logging.raiseExceptions = (
        False  # the library would print the record it cannot write, with its values
    )
    _catch_the_uncaught()
    return handler


def quieten(library: str) -> None:
    """Hear a library from errors on only."""
    logging.getLogger(library).setLevel(logging.ERROR)


def silence(library: str) -> None:
    """Hear nothing of a library, whose lines would hold what people wrote."""
    logging.getLogger(library).disabled = True


def _catch_the_uncaught() -> None:
    """What nobody catches is written down like all else: Python would print its words."""
    log = Log(OURS)

    def broke(
        kind: type[BaseException], error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, KeyboardInterrupt(), None)
        else:
            log.error("uncaught", error=error if error is not None else kind())

    sys.excepthook = broke
    threading.excepthook = lambda what: broke(what.exc_type, what.exc_value, what.exc_traceback)


def _plain(value: object) -> object:
    """Return a figure as it is and a word only in the shape of an id."""
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, int):
        return value
    return value if isinstance(value, str) and SHAPE.fullmatch(value) else "?"


def _kinds(error: BaseException | None) -> Iterator[str]:
    """Return the types of an exception and of what led to it, with the database's own code where
    there is one.
    """
    for _ in range(DEEPEST):
        if error is None:
            return
        code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
        yield f"{type(error).__name__}:{code}" if isinstance(code, str) else type(error).__name__
        error = error.__cause__ or error.__context__


def _places(trace: TracebackType | None) -> list[str]:
    """Return file, line and function of the places in our own code that an exception passed, and of
    where it arose.
    """
    found = []
    while trace is not None:
        code = trace.tb_frame.f_code
        path = Path(code.co_filename)
        if path.is_relative_to(HERE) or trace.tb_next is None:
            name = path.relative_to(HERE) if path.is_relative_to(HERE) else path.name
            found.append(f"{name}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-DEEPEST:]
