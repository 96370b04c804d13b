"""The error tree. Doors turn these into pages, exit codes and retries; nothing else does."""

from dataclasses import dataclass


class KinfoldError(Exception):
    """Something that a person can be told in one sentence."""


class InputError(KinfoldError):
    """What was given is wrong; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong at one place of what was given (`patients[3].family[0].email`)."""

    place: str
    message: str

    def __str__(self) -> str:
        if self.place:
            return f"{self.place}: {self.message}"
        return self.message


class InvalidFile(InputError):
    """A file that cannot be taken, with every problem named by its place."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class NotFound(InputError):
    """There is no such thing, or the asker may not know that there is."""


class Conflict(KinfoldError):
    """Somebody else changed the same thing first; nothing was changed."""


class Misconfigured(KinfoldError):
    """A setting, key or database that this program refuses to run with."""
