"""What is asked about days on which somebody, or the house, holds nothing, as it was typed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from scheduler.i18n import N_, catalog
from scheduler.kernel.clock import now
from scheduler.kernel.errors import InputError
from scheduler.kernel.untrusted.day_bounds import first_and_last
from scheduler.people import all_clinicians, practice
from scheduler.planning import Choice, Disruption, read_choice
from scheduler.web.auth.reader_language import reader_language
from scheduler.web.desk.truth.session_wish import typed

HOUSE = "*"
"""Who cannot be there when the house is closed."""
LINE = "do."
"""How the field begins that says what is done about a session (by key)."""
LONGEST_WHY = 200
NOBODY = N_("Choose who is away, or that everybody is.")
NO_DAY = N_("Give a day within two years of today.")


@dataclass(slots=True)
class Asked:
    """What was typed: `fields` go on with it; `disruption` is None while something is wrong."""

    fields: dict[str, str]
    disruption: Disruption | None = None
    choices: dict[str, Choice] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def is_begun(self) -> bool:
        """True if anything was asked."""
        return "who" in typed()

    def address(self) -> Iterator[tuple[str, str]]:
        """Return every field, those of the lines too."""
        yield from self.fields.items()
        for key, choice in self.choices.items():
            yield f"{LINE}{key}", choice.word


def what_is_asked() -> Asked:
    """Return what the address or the form asks."""
    said = typed()
    today = practice().day_at(now()).isoformat()
    asked = Asked(
        {
            "who": said.get("who", ""),
            "first": said.get("first", today),
            "last": said.get("last", today),
            "why": " ".join(said.get("why", "").split())[:LONGEST_WHY],
        }
    )
    if not asked.is_begun:
        return asked
    first = _day(asked, "first")
    last = _day(asked, "last")
    clinician = _who(asked)
    _read_lines(asked)
    if first is not None and last is not None and not asked.errors:
        asked.disruption = Disruption(first, last, clinician, asked.fields["why"])
    return asked


def _read_lines(asked: Asked) -> None:
    for name, word in typed().items():
        if not name.startswith(LINE):
            continue
        try:
            asked.choices[name.removeprefix(LINE)] = read_choice(word)
        except InputError as error:
            asked.errors["who"] = str(error)


def _day(asked: Asked, name: str) -> date | None:
    """Return the day typed into a field; None with what is wrong."""
    first, last = first_and_last(practice().day_at(now()))
    try:
        day = date.fromisoformat(asked.fields[name])
    except ValueError:
        day = None
    if day is None or not first <= day <= last:
        asked.errors[name] = catalog(reader_language())(NO_DAY)
        return None
    return day


def _who(asked: Asked) -> str | None:
    """Return the key of who is away; None for everybody."""
    who = asked.fields["who"]
    if who == HOUSE:
        return None
    if who not in {clinician.key for clinician in all_clinicians()}:
        asked.errors["who"] = catalog(reader_language())(NOBODY)
    return who
