"""What a check of somebody's device can find. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What came of trying one part."""

    WORKS = "works"
    FAILS = "fails"
    UNTRIED = "untried"


PARTS = ("browser", "camera", "microphone", "speakers", "connection")
"""What is tried, in the order of the page."""


@dataclass(frozen=True, slots=True)
class TechResult:
    """What somebody tells: each part's outcome, and whether they phone instead of coming by
    video.
    """

    browser: Outcome = Outcome.UNTRIED
    camera: Outcome = Outcome.UNTRIED
    microphone: Outcome = Outcome.UNTRIED
    speakers: Outcome = Outcome.UNTRIED
    connection: Outcome = Outcome.UNTRIED
    will_phone: bool = False

    def of(self, part: str) -> Outcome:
        """Return the outcome of one of PARTS."""
        found: Outcome = getattr(self, part)
        return found

    @property
    def failing(self) -> tuple[str, ...]:
        """The parts that did not work."""
        found = []
        for part in PARTS:
            if self.of(part) is Outcome.FAILS:
                found.append(part)
        return tuple(found)
