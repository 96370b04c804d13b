"""Whether a clinician may treat where a patient sits, as a clinic file is asked, too."""

from datetime import date

from scheduler.kernel.errors import InputError
from scheduler.people import practice
from scheduler.people.models import Person


def refuse_unlicensed(treating: Person, state: str | None, first: date) -> None:
    """Raise InputError for who is no clinician, or has no licence for a state (None: the
    practice's) on the day `first` or later.
    """
    own = treating.clinician
    if own is None:
        raise InputError(f"{treating.key} is no clinician")
    where = state or practice().state
    for licence in own.licences:
        if licence.state == where and licence.until >= first:
            return
    raise InputError(f"{treating.key} has no licence for {where} from {first} on")
