"""Why something was done, kept beside the record of deeds, which holds no words of anybody."""

from datetime import datetime

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.people.accounts.models import StatedReason


def state_reason(about: str, reason: str, *, by: str, now: datetime) -> None:
    """Keep why something was done to what the record calls `about`."""
    row = StatedReason(
        about=about,
        reason=reason.strip(),
        stated_at=now,
        stated_by=by,
    )
    db.session.add(row)
    db.session.flush()
    audit.append(
        "reason.stated",
        about,
        {"reason": row.id},
        by=by,
        now=now,
    )
