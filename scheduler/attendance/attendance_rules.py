"""What may be said of who came, and how many minutes it means. Pure."""

from datetime import datetime

from scheduler.attendance.models import AttendanceState
from scheduler.i18n import N_
from scheduler.kernel.errors import InputError
from scheduler.sessions.models import Status

AWAY = frozenset({AttendanceState.EXCUSED, AttendanceState.NO_SHOW})
PARTLY = frozenset({AttendanceState.LATE, AttendanceState.LEFT_EARLY})
LONGEST_NOTE = 500


def minutes_there(state: AttendanceState, said: int | None, length: int) -> int:
    """Return how many minutes of a session of `length` minutes a state means.

    Who was present was there all the time unless said otherwise, who was away not at all; who came
    late or left early needs a figure. Raises InputError.
    """
    if state in AWAY:
        if said:
            raise InputError(N_("who was excused or did not come was there for no minute"))
        return 0
    if said is None:
        if state in PARTLY:
            raise InputError(
                N_("say how many minutes they were there: they came late or left early")
            )
        return length
    if not 0 < said <= length:
        raise InputError(f"the minutes must be 1 to {length}, the length of the session")
    return said


def refuse_what_cannot_be(
    state: AttendanceState, status: Status, starts_at: datetime, now: datetime
) -> None:
    """Refuse a word about a cancelled session, and any but "excused" before a session begins.
    Raises InputError.
    """
    if status is Status.CANCELLED:
        raise InputError(N_("the session is cancelled: nobody attended it"))
    if now < starts_at and state is not AttendanceState.EXCUSED:
        raise InputError(N_("the session has not begun: only an excuse can be noted before"))
