"""Names that strangers read must not give away what the practice is."""

from scheduler.invitations import outward_findings
from scheduler.kernel.errors import InvalidFile, Problem

OUTWARD = {"outward_name": "outward_name", "outward_email": "outward_email"}


def refuse_telling_names() -> None:
    """Raise InvalidFile for names that strangers would read and that give the practice away."""
    problems = []
    for finding in outward_findings():
        if finding.place != "BASE_URL":
            place = OUTWARD.get(finding.place, "outward_title")
            problems.append(Problem(place, f"“{finding.word}” gives away what this is"))
    if problems:
        raise InvalidFile(problems)
