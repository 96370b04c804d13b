"""What loading a clinic file did, told by keys only: no name and no address is in it. Pure."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Change:
    """One record that was `added`, `changed`, `removed`, `given` or `revoked`; or `kept`, which
    changed nothing.
    """

    what: str
    key: str
    deed: str
    details: tuple[str, ...] = ()

    def __str__(self) -> str:
        told = f" ({', '.join(self.details)})" if self.details else ""
        return f"{self.what} {self.key}: {self.deed}{told}".replace(" :", ":")


@dataclass(slots=True)
class Changes:
    """Every change of one load in the order it was made, and what was left as it is against the
    file.
    """

    made: list[Change] = field(default_factory=list)
    kept: list[Change] = field(default_factory=list)
    """What the desk, the person or a withdrawal said, and the file does not take back."""
    void: list[Change] = field(default_factory=list)
    """What the file says and nobody may act on."""
    waiting: list[Change] = field(default_factory=list)
    """Who has no place in a full cohort yet; told at every load."""
    revoked: list[str] = field(default_factory=list)
    """Ids of the grants that were revoked: whoever commits sees to it that nothing of them is still
    leaving.
    """

    def __len__(self) -> int:
        return len(self.made)

    def lines(self, most: int = 20) -> list[str]:
        """Tell each change in a line; where more than `most` are alike, tell how many. What was
        kept against the file always has a line of its own.
        """
        counts = self.counts()
        told: dict[str, None] = {}
        for change in (*self.made, *self.void, *self.waiting):
            alike = f"{change.what} {change.deed}"
            many = counts.get(alike, 0)
            told[f"{alike}: {many} times" if many > most else str(change)] = None
        return [*told, *(f"kept: {change}" for change in self.kept)]

    def counts(self) -> dict[str, int]:
        """Count the changes by what was done, as `patient added`."""
        return dict(Counter(f"{change.what} {change.deed}" for change in self.made))
