"""Addresses that nothing is sent to: closed by a report or by staff, and mended by a new address or
by trying the old one again.
"""

import hashlib
from datetime import datetime

from scheduler import audit, outbox, tasks
from scheduler.kernel.database import db
from scheduler.people.models import Person

KIND = "returned"
BY = "worker"


def close(address: str, reason: str, *, by: str, now: datetime) -> str:
    """Let nothing be sent to an address any more, and return where it is mended, as tasks say
    it.
    """
    if outbox.closed_address(address) is None:
        row = outbox.close_address(address, reason, by=by, now=now)
        details = {"address": row.id}
        audit.append("outbox.close_address", "outbox", details, by=by, now=now)
    row = outbox.close_address(address, reason, by=by, now=now)
    return f"address:{row.id}"


def try_address_again(row_id: str, *, by: str, now: datetime) -> int:
    """Let letters go to a closed address again, and take its task off the list; return how many may
    leave now. Raises NotFound.
    """
    row, many = outbox.open_address(row_id, by=by, now=now)
    details = {"address": row.id, "letters": many}
    audit.append("outbox.open_address", "outbox", details, by=by, now=now)
    where = _where(row.address)
    its_place = f"address:{row.id}"
    for task in tasks.open_tasks(kind=KIND):
        matter = task.key.split(":")
        leads_to_it = task.leads_to == its_place
        if leads_to_it or where in matter:
            tasks.finish_task(task.id, by=by, now=now)
    return many


def take_off_mended(*, now: datetime) -> None:
    """Take off the list what is about an address that its person has no more."""
    for task in tasks.open_tasks(kind=KIND):
        if not task.key.startswith(f"{KIND}:"):
            continue
        person = db.session.get(Person, task.about_id)
        if person is None:
            continue
        theirs = matter_of(person.id, person.email)
        if not task.key.startswith(f"{theirs}:"):
            tasks.finish_task(task.id, by=BY, now=now)


def matter_of(person_id: str, address: str) -> str:
    """Return the name of the matter that a person's address takes no letters."""
    return f"{KIND}:{person_id}:{_where(address)}"


def _where(address: str) -> str:
    """Return the digest by which a task names an address."""
    folded = address.casefold().encode()
    return hashlib.sha256(folded).hexdigest()[:16]
