"""What a relative tells the clinic on their own page: what they need, how ready they feel, and that
nothing more is to be written to them. Each is a task for staff; nobody of the family is told.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from scheduler import consents, tasks
from scheduler.consents.model.models import BarrierKind
from scheduler.homes.models import Matter
from scheduler.homes.said_words import keep_word, newest_word
from scheduler.i18n import LANGUAGES, N_
from scheduler.kernel.errors import InputError
from scheduler.people.models import Person

LONGEST = 300
NEEDS = N_("{name} says what helps them in a meeting: {needs}. Arrange it.")
NOTHING_NEEDED = N_("no help any more")
READY = N_("{name} looked at how ready they are for a first meeting: {said}.")
ALL_READY = N_("ready in every point")
STOP = N_(
    "{name} asked on their page that nothing more is written to them; it is so from now on. Tell "
    "nobody of the family. Lift it only if {name} asks you."
)


@dataclass(frozen=True, slots=True)
class Needs:
    """What helps somebody in a meeting; `interpreter` is a language's tag, "" for none."""

    interpreter: str = ""
    captions: bool = False
    other: str = ""

    @property
    def words(self) -> str:
        """Return it for staff."""
        said = []
        if self.interpreter:
            known = LANGUAGES.get(self.interpreter)
            said.append(f"an interpreter ({known.name if known else self.interpreter})")
        if self.captions:
            said.append("captions")
        if self.other:
            said.append(f"“{self.other}”")
        return ", ".join(said) or NOTHING_NEEDED


POINTS = {
    "room": "has a room where nobody hears",
    "device": "has a device that works",
    "time": "can stay to the end",
    "calm": "can listen when it gets hard",
}
"""What a self-check asks, and its words for staff."""


def needs_of(person: Person) -> Needs:
    """Return what a relative said last of what helps them."""
    word = newest_word(person, Matter.NEEDS)
    return Needs(**word.said) if word is not None else Needs()


def tell_needs(person: Person, needs: Needs, *, now: datetime) -> bool:
    """Keep what helps a relative and ask staff to arrange it; True if it says something new. Raises
    InputError for words that are too long.
    """
    if len(needs.other) > LONGEST:
        raise InputError(f"at most {LONGEST} letters")
    if needs == needs_of(person):
        return False
    keep_word(
        person,
        Matter.NEEDS,
        asdict(needs),
        now=now,
    )
    said = NEEDS.format(name=person.name, needs=needs.words)
    _ask(person, "family_needs", said, now)
    return True


def check_of(person: Person) -> dict[str, bool] | None:
    """Return what a relative answered last to each point; None before the first time."""
    word = newest_word(person, Matter.SELF_CHECK)
    return None if word is None else {point: bool(word.said.get(point)) for point in POINTS}


def tell_check(person: Person, answers: dict[str, bool], *, now: datetime) -> bool:
    """Keep a self-check and show it to staff; True if it says something new."""
    if answers == check_of(person):
        return False
    keep_word(
        person,
        Matter.SELF_CHECK,
        answers,
        now=now,
    )
    lacking = [f"not yet: {words}" for point, words in POINTS.items() if not answers.get(point)]
    said = READY.format(name=person.name, said="; ".join(lacking) or ALL_READY)
    _ask(person, "self_check", said, now)
    return True


def keeps_confidential(person: Person, series: str) -> bool:
    """True if somebody has said that what others say in these meetings stays there."""
    return (
        newest_word(
            person,
            Matter.CONFIDENTIAL,
            _whole(series),
        )
        is not None
    )


def promise_confidential(person: Person, series: str, *, now: datetime) -> None:
    """Keep that promise, once for all meetings of a series."""
    if not keeps_confidential(person, series):
        keep_word(
            person,
            Matter.CONFIDENTIAL,
            {},
            about=_whole(series),
            now=now,
        )


def _whole(series: str) -> str:
    """Return the name of a series before a change parted it."""
    return series.partition("~")[0]


def stopped_since(person: Person) -> datetime | None:
    """Return when a relative asked that nothing is written to them, if that stands; None otherwise.
    What others said of them is none of theirs to know.
    """
    asked = newest_word(person, Matter.STOP_CONTACT)
    if asked is None or not _is_kept_out(person):
        return None
    return asked.at


def has_stopped(person: Person) -> bool:
    """True if a relative asked that nothing is written to them, and that stands."""
    return stopped_since(person) is not None


def stop_contact(person: Person, *, by: str, now: datetime) -> bool:
    """Let nothing more be written to a relative at their own word, whatever the patient allowed;
    True if it was not so already. Consents stay as they are. Raises InputError for anybody else.
    """
    own = person.relative
    if own is None:
        raise InputError("only a relative can ask for that")
    if has_stopped(person):
        return False
    if not _is_kept_out(person):
        consents.add_barrier(
            patient=own.patient,
            person=person,
            kind=BarrierKind.DO_NOT_CONTACT,
            by=by,
            now=now,
        )
    keep_word(person, Matter.STOP_CONTACT, {}, now=now)
    _ask(
        person,
        "stop_contact",
        STOP.format(name=person.name),
        now,
    )
    return True


def _is_kept_out(person: Person) -> bool:
    """True if do-not-contact stands for this person alone."""
    assert person.relative is not None
    for barrier in consents.barriers_of(person.relative.patient_id):
        if barrier.person_id == person.id and barrier.kind is BarrierKind.DO_NOT_CONTACT:
            return True
    return False


def _ask(person: Person, kind: str, words: str, now: datetime) -> None:
    own = person.relative
    tasks.raise_task(
        kind,
        f"{kind}:{person.id}:{now.isoformat()}",
        words,
        about_id=person.id,
        leads_to=f"patient:{own.patient.key}" if own is not None else None,
        now=now,
    )
