"""Sessions that cannot be held as published, in words: the lines to choose from, and what becomes
of each.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from scheduler.i18n import N_, catalog
from scheduler.planning import (
    Choice,
    DisruptedSession,
    Disruption,
    Instead,
    PlannedSession,
    StandIn,
    away_of,
    read_choice,
)
from scheduler.planning.proposals.models import DisruptionMet
from scheduler.sessions.models import Session
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.disruptions.disruption_asked import LINE
from scheduler.web.parts.time_words import (
    KIND_COLOURS,
    clock_words,
    day_words,
    hours_words,
    title_words,
)

NAMED = 3
"""Patients named; of more the number says enough."""
GROUPS = {
    Instead.CANCEL: N_("Cancelled"),
    Instead.MOVE: N_("Moved"),
    Instead.LEAD: N_("Led by another"),
    Instead.KEEP: N_("Left as it is"),
}
"""What matters first stands first."""


@dataclass(frozen=True, slots=True)
class LineShown:
    """A session with what can be done about it: `options` are pairs of value and words."""

    field: str
    key: str
    title: str
    colour: str
    when: str
    who: str
    options: tuple[tuple[str, str], ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one session: before and after."""

    key: str
    title: str
    who: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Sessions of which the same becomes."""

    heading: str
    lines: tuple[Outcome, ...]


def lines_shown(
    lines: Sequence[DisruptedSession], chosen: Mapping[str, Choice], names: Mapping[str, str]
) -> list[LineShown]:
    """Return lines to choose from; with what is proposed where what was chosen can be no longer."""
    shown = []
    for line in lines:
        session = line.session
        options = _options(line, names)
        wanted = chosen.get(session.key, line.proposed).word
        if wanted not in dict(options):
            wanted = line.proposed.word
        start = _start(session.day, session.at)
        entry = LineShown(
            field=f"{LINE}{session.key}",
            key=session.key,
            title=_title(session),
            colour=KIND_COLOURS.get(session.kind, "other"),
            when=_when(start, session.minutes),
            who=_who(session.patients, names),
            options=options,
            chosen=wanted,
        )
        shown.append(entry)
    return shown


def outcomes(
    done: Iterable[tuple[Session, Choice, str, int]], names: Mapping[str, str], leaves: str
) -> list[Outcomes]:
    """Return what becomes of sessions, each given with what was chosen and where it lay (wall time
    and minutes); `leaves` is the name of who is away.
    """
    found: dict[Instead, list[Outcome]] = defaultdict(list)
    for session, choice, starts_local, minutes in done:
        lay = datetime.fromisoformat(starts_local)
        before = _when(lay, minutes)
        if choice.instead is Instead.LEAD:
            before = f"{before}, {leaves}"
        patients = [patient.key for patient in session.patients]
        outcome = Outcome(
            key=session.key,
            title=_title(session),
            who=_who(patients, names),
            before=before,
            after=_after(choice, minutes, names),
        )
        found[choice.instead].append(outcome)
    _ = catalog(reader_language())
    groups = []
    for instead, words in GROUPS.items():
        lines = found[instead]
        if lines:
            many = len(lines)
            said = _(words)
            heading = f"{said}: {many}"
            groups.append(Outcomes(heading, tuple(lines)))
    return groups


def outcomes_of(
    met: DisruptionMet, sessions: Mapping[str, Session], names: Mapping[str, str], leaves: str
) -> list[Outcomes]:
    """Return what became of sessions, of what was kept to undo it."""
    done = []
    for step in met.steps:
        session = sessions.get(step["key"])
        if session is not None:
            choice = read_choice(step["choice"])
            done.append((session, choice, step["starts_local"], step["minutes"]))
    done.sort(key=lambda each: each[2])
    return outcomes(done, names, leaves)


def fingerprint(groups: Iterable[Outcomes], letters: str) -> str:
    """Return what tells what was shown from anything else."""
    known = hashlib.sha256(letters.encode())
    for group in groups:
        known.update(repr(group.lines).encode())
    return known.hexdigest()[:32]


def headline(disruption: Disruption, names: Mapping[str, str]) -> str:
    """Return who is away when."""
    _ = catalog(reader_language())
    first = day_words(disruption.first)
    last = day_words(disruption.last)
    days = first
    if first != last:
        days = f"{first} – {last}"
    if disruption.clinician is None:
        return _("Closed, {days}").format(days=days)
    name = names.get(disruption.clinician, disruption.clinician)
    return _("{name} is away, {days}").format(name=name, days=days)


def met_headline(met: DisruptionMet, names: Mapping[str, str]) -> str:
    """Return who was away when."""
    away = away_of(met)
    clinician = away.key if away is not None else None
    disruption = Disruption(met.first, met.last, clinician)
    return headline(disruption, names)


def _options(line: DisruptedSession, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return what can be done about a session, with its words."""
    _ = catalog(reader_language())
    options = []
    for who in line.stand_ins:
        choice = Choice(Instead.LEAD, clinician=who.key)
        said = _lead_words(who, names)
        options.append((choice.word, said))
    for place in line.places:
        choice = Choice(Instead.MOVE, to=place)
        day = day_words(place.date())
        at = clock_words(place)
        said = _("Move to {day}, {time}").format(day=day, time=at)
        options.append((choice.word, said))
    cancelled = _("Cancel it")
    left = _("Leave it as it is for now")
    options.append((Instead.CANCEL.value, cancelled))
    options.append((Instead.KEEP.value, left))
    return tuple(options)


def _lead_words(who: StandIn, names: Mapping[str, str]) -> str:
    _ = catalog(reader_language())
    name = names.get(who.key, who.key)
    if not who.knows:
        return _("{name} leads it").format(name=name)
    if who.of == 1:
        return _("{name} leads it, whom the patient knows").format(name=name)
    said = _("{name} leads it, whom {knows} of {all} patients know")
    return said.format(name=name, knows=who.knows, all=who.of)


def _after(choice: Choice, minutes: int, names: Mapping[str, str]) -> str:
    _ = catalog(reader_language())
    if choice.to is not None:
        return _when(choice.to, minutes)
    if choice.clinician is not None:
        return names.get(choice.clinician, choice.clinician)
    if choice.instead is Instead.CANCEL:
        return _("cancelled")
    return _("stays as it is")


def _title(session: Session | PlannedSession) -> str:
    return title_words(
        session.kind,
        session.title,
        session.topic,
        reader_language(),
    )


def _who(patients: Sequence[str], names: Mapping[str, str]) -> str:
    """Name a session's patients (keys), or say how many they are."""
    if len(patients) > NAMED:
        _ = catalog(reader_language())
        said = _.ngettext("{count} patient", "{count} patients", len(patients))
        return said.format(count=len(patients))
    return ", ".join(sorted(names.get(key, key) for key in patients))


def _start(day: date, minute: int) -> datetime:
    hours, minutes = divmod(minute, 60)
    at = time(hours, minutes)
    return datetime.combine(day, at)


def _when(start: datetime, minutes: int) -> str:
    """Return day and hours of wall time: Tue 9 March, 6:00 – 6:50 PM."""
    begin = start.replace(tzinfo=UTC)  # wall time, said as it stands
    end = begin + timedelta(minutes=minutes)
    day = day_words(start.date())
    hours = hours_words(begin, end, "UTC")
    return f"{day}, {hours}"
