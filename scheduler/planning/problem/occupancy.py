"""How many sessions are in progress at each minute of a week, as binary digits spread over sets of
minutes. Pure.
"""

from scheduler.planning.problem.minute_sets import ALL, MinuteOfWeek, MinuteSet


class Occupancy:
    """A count for every minute; adding and taking away cost the same however high the counts
    are.
    """

    def __init__(self) -> None:
        self.digits: list[int] = []
        """The lowest binary digit of all counts first."""

    def add(self, minutes: MinuteSet) -> None:
        """Count one more at each of `minutes`."""
        for number, digit in enumerate(self.digits):
            self.digits[number], minutes = digit ^ minutes, digit & minutes
            if not minutes:
                return
        self.digits.append(minutes)

    def remove(self, minutes: MinuteSet) -> None:
        """Count one less at each of `minutes`, where at least one was counted before."""
        for number, digit in enumerate(self.digits):
            self.digits[number], minutes = digit ^ minutes, ~digit & minutes
            if not minutes:
                return

    def at(self, minute: MinuteOfWeek) -> int:
        """Return the count at one minute."""
        return sum((digit >> minute & 1) << number for number, digit in enumerate(self.digits))

    def at_least(self, count: int) -> MinuteSet:
        """Return the minutes at which at least `count` are counted."""
        if count >> len(self.digits):
            return 0
        above = 0
        equal = ALL
        for number in range(len(self.digits) - 1, -1, -1):
            digit = self.digits[number]
            if count >> number & 1:
                equal &= digit
            else:
                above |= equal & digit
                equal &= ~digit
        return above | equal
