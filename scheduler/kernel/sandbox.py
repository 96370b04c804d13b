"""Reading what strangers send in a child process: what hangs, eats memory or crashes there takes
nobody along.

The child is forked from a small server that holds no database connection and no secret of this
process's work.
"""

import multiprocessing
import pickle
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from scheduler.kernel.errors import InputError, KinfoldError

SECONDS = 2
"""Processor time a child may use after it has started (RLIMIT_CPU)."""
WALL = 10.0
"""Seconds until it is given up, whatever it does."""
MEMORY = 256 * 1024 * 1024
"""Octets of address space it may take beyond what it began with (RLIMIT_AS)."""

R = TypeVar("R")


class Overrun(InputError):
    """Reading took more time or memory than anything honest needs, or ended in a crash; nothing was
    kept.
    """


def apart(deed: Callable[[bytes], R], data: bytes, *, wall: float = WALL) -> R:
    """Return `deed(data)`, done in a child process with hard limits; `deed` is a function of a
    module.

    Raises Overrun, and whatever KinfoldError the deed raises.
    """
    context: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
    if sys.platform != "win32":
        context.set_forkserver_preload(["__main__", "scheduler.invitations", "scheduler.ical"])
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_inside, args=(deed, data, theirs), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(wall):
            raise Overrun("reading it takes too long")
        good, value = pickle.loads(ours.recv_bytes())  # noqa: S301 - written by our own code on the other side
    except (EOFError, OSError) as error:
        raise Overrun("it cannot be read within the limits") from error
    finally:
        child.kill()
        child.join()
        child.close()
        ours.close()
    if not good:
        raise value
    return value  # type: ignore[no-any-return]


def _inside(deed: Callable[[bytes], Any], data: bytes, answer: Connection) -> None:
    _limit()
    try:
        said = pickle.dumps((True, deed(data)))
    except KinfoldError as error:
        said = pickle.dumps((False, error))
    except (MemoryError, RecursionError):
        said = pickle.dumps((False, Overrun("it is built to use up memory")))
    except (
        Exception
    ) as error:  # whatever hostile bytes brought about stays in here; only its kind is told
        said = pickle.dumps((False, Overrun(f"it cannot be read ({type(error).__name__})")))
    answer.send_bytes(said)
    answer.close()


def _limit() -> None:
    """Bind this process; Windows knows no such limits, there the wall clock alone holds."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    taken = _address_space()
    if taken:
        resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))


def _address_space() -> int:
    """Return the octets of address space in use, 0 where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * 4096
    except OSError:
        return 0
