"""Days that a payer agreed to pay for. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Authorisation:
    """So many service days (`units`) from `first` through `last`, both included."""

    first: date
    last: date
    units: int

    def covers(self, day: date) -> bool:
        """True if `day` is one of its days."""
        return self.first <= day <= self.last
