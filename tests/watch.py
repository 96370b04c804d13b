"""A clock in a test's hand."""

from datetime import datetime


class Watch:
    """Stands still until the test sets it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        """Return the moment it shows."""
        return self.moment
