"""How every command answers: exit codes, and errors as lines on standard error.

0 done · 1 failed · 2 the input or the call is wrong · 3 a plan was made but is partial, or
what is published no longer holds. A command that exits 1 or 2 has changed nothing.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask import has_app_context
from sqlalchemy.exc import DatabaseError

from scheduler.cli.acting_as import hold_to_table
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError, KinfoldError

FAILED = 1
WRONG_INPUT = 2
PARTIAL = 3
HOLDS_NOT = 3

P = ParamSpec("P")
R = TypeVar("R")


def answering(command: Callable[P, R]) -> Callable[P, R]:
    """Let a command end with the exit code its error means, everything it had begun undone; whoever
    it is run for is held to the table of roles first.
    """

    @wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> R:
        try:
            hold_to_table(click.get_current_context(silent=True))
            return command(*arguments, **options)
        except InputError as error:
            _undo_and_say(str(error))
            raise SystemExit(WRONG_INPUT) from error
        except KinfoldError as error:
            _undo_and_say(str(error))
            raise SystemExit(FAILED) from error
        except DatabaseError as error:
            _undo_and_say(f"database: {str(error.orig).strip().splitlines()[0]}")
            raise SystemExit(FAILED) from error

    run.asks_table = True  # type: ignore[attr-defined]
    return run


def _undo_and_say(message: str) -> None:
    if has_app_context():
        db.session.rollback()
    for line in message.splitlines():
        click.echo(line, err=True)
