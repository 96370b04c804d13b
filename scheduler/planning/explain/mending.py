"""The deed that mends a rule which what is published breaks. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from scheduler.planning.problem.plan import Finding, Rule
from scheduler.planning.problem.problem import Problem


class Deed(StrEnum):
    """What a person at the desk can do about it; stable, for programs that read it."""

    PLAN = "plan"
    PUT_BACK = "put-back"
    MOVE = "move"
    SUBSTITUTE = "substitute"
    AUTHORISE = "authorise"


OF_LEADERS = {Rule.CLINICIAN_AWAY, Rule.CLINICIAN_HOURS, Rule.LICENCE, Rule.SUBSTITUTE}
"""What a colleague in the leader's place mends."""


@dataclass(frozen=True, slots=True)
class Mend:
    """A deed, and the session (key) it is to be done to; None: to the whole cohort."""

    deed: Deed
    cohort: str
    session: str | None = None
    by_colleague: bool = False
    """Whether a colleague in the leader's place mends it, too."""

    @property
    def words(self) -> str:
        """The deed for a person at a terminal, with the commands that do it."""
        if self.by_colleague and self.deed is not Deed.SUBSTITUTE:
            return f"{self._own_words}; or let a colleague lead it: {self._lead}"
        return self._own_words

    @property
    def _lead(self) -> str:
        return f"sessions lead {self.session} CLINICIAN"

    @property
    def _own_words(self) -> str:
        anew = f"cohort plan {self.cohort}, then cohort publish {self.cohort}"
        by_hand = f"sessions move {self.session} or sessions cancel {self.session}"
        if self.deed is Deed.PUT_BACK:
            return f"put it back: sessions put-back {self.session}"
        if self.deed is Deed.MOVE:
            return f"it was moved by hand, so move it again or cancel it: {by_hand}"
        if self.deed is Deed.SUBSTITUTE:
            return (
                f"let a colleague lead it ({self._lead}), or move or cancel it ({by_hand}); "
                "planning anew alone keeps it as known"
            )
        if self.deed is Deed.AUTHORISE:
            return "ask the payer, and write the days agreed to into the clinic file"
        return f"plan anew: {anew}"


def mend_of(problem: Problem, finding: Finding) -> Mend:
    """Return the deed that mends a broken rule of what is published."""
    session = finding.session
    deed = Deed.PLAN
    if finding.rule is Rule.AUTHORISATION:
        deed = Deed.AUTHORISE
    elif session in problem.called_off:
        deed = Deed.PUT_BACK
    elif session in problem.kept:
        deed = Deed.MOVE
    elif finding.rule is Rule.SUBSTITUTE and session is not None:
        deed = Deed.SUBSTITUTE
    by_colleague = session is not None and finding.rule in OF_LEADERS
    return Mend(deed, problem.cohort, session, by_colleague)
