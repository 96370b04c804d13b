"""Who of a family may know of a session, under which grant, and of the others why not. Pure.

A recipient is made here and nowhere else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from scheduler.consents.model.models import Grant
from scheduler.consents.model.purposes import Information, carries, opens
from scheduler.consents.model.validity import holds
from scheduler.i18n import N_
from scheduler.people import Window
from scheduler.people.models import Person, PersonKind
from scheduler.programs import FAMILY_KINDS, Kind, Seats


class Reason(StrEnum):
    """Why a relative is not told of a session, in words for staff."""

    BARRED = N_("not to be contacted")
    NO_CONSENT = N_("no consent for this")
    REVOKED = N_("consent withdrawn")
    EXPIRED = N_("consent has ended")
    NOT_YET = N_("consent has not begun")
    ENDS_BEFORE = N_("consent ends before the session does")
    OTHERS = N_("no consent to be seen by other families")
    NO_TIMES = N_("the consent does not let times be told")
    NOT_READY = N_("not found ready")
    NOT_FREE = N_("not free at that time")
    ELSEWHERE = N_("has another appointment then")


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person who may know of one session: as whom, and for a relative whose, for what purpose,
    by which grant.

    `says` is what a relative may be shown of it; everybody else's own session is their own affair.
    """

    person: Person
    role: PersonKind
    patient_id: str | None = None
    purpose: Kind | None = None
    grant_id: str | None = None
    says: frozenset[Information] = frozenset()

    @property
    def about_id(self) -> str:
        """Return whose affair it is for them: the patient's for a relative, everybody else's
        own.
        """
        return self.patient_id or self.person.id


@dataclass(frozen=True, slots=True)
class Untold:
    """One relative who is not told of one session, and why."""

    person: Person
    patient_id: str
    reason: Reason


@dataclass(frozen=True, slots=True)
class Meeting:
    """What of a session decides who may know of it; `patients` are those it is for and who are
    enrolled that day.
    """

    kind: Kind
    seats: Seats
    placed: bool
    starts_at: datetime
    ends_at: datetime
    leads: tuple[Person, ...]
    patients: tuple[Person, ...]
    elsewhere: frozenset[str] = frozenset()
    """Relatives (ids) who have another appointment then, by another of their rows."""
    made_time: bool = False
    """Relatives make time for it outside their hours, as a person of the staff said."""


def judge(
    meeting: Meeting,
    family: Mapping[str, Sequence[Person]],
    grants: Mapping[str, Sequence[Grant]],
    zone: str,
    now: datetime,
    barred: Collection[tuple[str, str | None]] = (),
    silent: Collection[str] = (),
) -> tuple[tuple[Recipient, ...], tuple[Untold, ...]]:
    """Return who may know of `meeting` and who may not; `family` is by patient, `grants` by
    relative, `zone` the practice's. `barred` are (patient, relative or None for all of the family),
    whatever was granted; those who asked for it themselves are `silent` (ids): their patients,
    who are not to learn of it, sit where they sat.
    """
    relatives: list[Recipient] = []
    untold: list[Untold] = []
    with_relatives: set[str | None] = set()
    for patient, person in _relatives_of(meeting, family):
        theirs = grants.get(person.id, ())
        found = _relative(meeting, person, patient, theirs, zone, now)
        is_out = is_barred(person.id, patient.id, barred)
        if isinstance(found, Recipient) and (not is_out or person.id in silent):
            with_relatives.add(patient.id)
        if is_out:
            found = Untold(person, patient.id, Reason.BARRED)
        if isinstance(found, Recipient):
            relatives.append(found)
        else:
            untold.append(found)
    patients = _seated(meeting, with_relatives)
    seated = [Recipient(patient, PersonKind.PATIENT) for patient in patients]
    leads = [Recipient(clinician, PersonKind.CLINICIAN) for clinician in meeting.leads]
    return (*seated, *leads, *relatives), tuple(untold)


def _relatives_of(
    meeting: Meeting, family: Mapping[str, Sequence[Person]]
) -> Iterable[tuple[Person, Person]]:
    """Give each patient of a meeting that seats families with each of theirs."""
    for patient in meeting.patients if _seats_families(meeting) else ():
        for person in family.get(patient.id, ()):
            yield patient, person


def _seats_families(meeting: Meeting) -> bool:
    return meeting.kind in FAMILY_KINDS and (meeting.placed or meeting.seats is not Seats.PATIENTS)


def _seated(meeting: Meeting, with_relatives: set[str | None]) -> Iterable[Person]:
    """Return the patients who sit in it; in a multi-family group only those with a relative
    there.
    """
    if meeting.placed:
        return meeting.patients
    if meeting.seats is Seats.FAMILIES:
        return ()
    if meeting.kind is Kind.MULTI_FAMILY_GROUP and meeting.seats is Seats.BOTH:
        return [patient for patient in meeting.patients if patient.id in with_relatives]
    return meeting.patients


def _relative(
    meeting: Meeting,
    person: Person,
    patient: Person,
    grants: Sequence[Grant],
    zone: str,
    now: datetime,
) -> Recipient | Untold:
    """Return a relative as recipient, or why they are none."""
    for_this = [
        grant
        for grant in grants
        if opens(grant.purpose, meeting.kind) and grant.patient_id == patient.id
    ]
    good = [grant for grant in for_this if holds(grant, now) and holds(grant, meeting.ends_at)]
    if not good:
        return Untold(person, patient.id, _why(for_this, now))
    fitting = _fitting(good, meeting)
    if isinstance(fitting, Reason):
        return Untold(person, patient.id, fitting)
    hindrance = _hindrance(meeting, person, zone)
    if hindrance is not None:
        return Untold(person, patient.id, hindrance)
    grant = max(fitting, key=lambda grant: (grant.valid_until, grant.id))
    return Recipient(
        person=person,
        role=PersonKind.RELATIVE,
        patient_id=patient.id,
        purpose=grant.purpose,
        grant_id=grant.id,
        says=may_say(grant),
    )


def _fitting(good: Sequence[Grant], meeting: Meeting) -> list[Grant] | Reason:
    """Return those of the grants that hold which let this meeting be told, or why none does."""
    with_times = [grant for grant in good if Information.TIMES in may_say(grant)]
    if not with_times:
        return Reason.NO_TIMES
    if meeting.kind is not Kind.MULTI_FAMILY_GROUP:
        return with_times
    return [grant for grant in with_times if grant.others] or Reason.OTHERS


def _hindrance(meeting: Meeting, person: Person, zone: str) -> Reason | None:
    """Return why somebody with a consent does not come, None when nothing is in the way."""
    day = meeting.starts_at.astimezone(ZoneInfo(zone)).date()
    if person.relative is None or not person.relative.is_ready(day):
        return Reason.NOT_READY
    own_zone = person.zone or zone
    asks_hours = meeting.placed and not meeting.made_time
    if asks_hours and not is_free(person.free, own_zone, meeting.starts_at, meeting.ends_at):
        return Reason.NOT_FREE
    if person.id in meeting.elsewhere:
        return Reason.ELSEWHERE
    return None


def may_say(grant: Grant) -> frozenset[Information]:
    """Return what may be said under a grant: what its purpose carries and its paper names (42 CFR
    2.31(a)(3), 2.33).
    """
    named = grant.paper.information.split(",") if grant.paper else ()
    return carries(
        grant.purpose, {information for information in Information if information.value in named}
    )


def is_barred(person_id: str, patient_id: str, barred: Collection[tuple[str, str | None]]) -> bool:
    """True if nothing of this patient may reach this person, whatever was granted."""
    return (patient_id, None) in barred or (patient_id, person_id) in barred


def _why(grants: Sequence[Grant], now: datetime) -> Reason:
    """Say why none of the grants for this purpose will do; the reason nearest to being good."""
    standing = [grant for grant in grants if grant.revoked_at is None]
    if any(holds(grant, now) for grant in standing):
        return Reason.ENDS_BEFORE
    if any(now < grant.valid_from for grant in standing):
        return Reason.NOT_YET
    if standing:
        return Reason.EXPIRED
    return Reason.REVOKED if grants else Reason.NO_CONSENT


def is_free(windows: tuple[Window, ...] | None, zone: str, start: datetime, end: datetime) -> bool:
    """True if `start` to `end` lies within weekly `windows` of wall time in `zone`; None is
    always.

    Windows that touch, also over midnight, count as one.
    """
    if windows is None:
        return True
    day = start.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    reached = start
    for begin, finish in sorted(_stretches(windows, zone, day)):
        if begin <= reached < finish:
            reached = finish
    return reached >= end


def _stretches(
    windows: tuple[Window, ...], zone: str, first: date
) -> Iterable[tuple[datetime, datetime]]:
    for day in (first + timedelta(days=number) for number in range(3)):
        for window in windows:
            if window.holds_on(day):
                yield _instant(day, window.start, zone), _instant(day, window.end, zone)


def _instant(day: date, minute: int, zone: str) -> datetime:
    days, rest = divmod(minute, 1440)
    return datetime.combine(
        day + timedelta(days=days),
        time(rest // 60, rest % 60),
        ZoneInfo(zone),
    ).astimezone(UTC)
