"""All that is wrong with one file, in the order it was found. Pure."""

from collections.abc import Iterable

from scheduler.kernel.errors import Problem

MOST = 1000
"""Nobody reads more; a hostile file must not fill the memory with its own mistakes."""


class TooMany(Exception):
    """So much is wrong that reading on helps nobody; the problems so far are kept."""


class Problems(list[Problem]):
    """A list that takes no problem twice running and ends with TooMany."""

    def append(self, problem: Problem) -> None:
        """Note one problem. Raises TooMany when there are enough."""
        if len(self) == MOST:
            super().append(Problem("", "more is wrong; this is all that is listed"))
        if len(self) > MOST:
            raise TooMany
        if not self or self[-1] != problem:
            super().append(problem)

    def extend(self, problems: Iterable[Problem]) -> None:
        """Note each of several. Raises TooMany when there are enough."""
        for problem in problems:
            self.append(problem)
