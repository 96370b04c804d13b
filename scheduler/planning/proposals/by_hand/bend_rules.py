"""A person lets rules be bent for a session at its place, with a reason that is kept."""

from collections.abc import Sequence
from datetime import datetime

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.planning.problem.plan import Finding
from scheduler.planning.proposals.judge_edit import NewFindings
from scheduler.planning.rules.bending import about_words
from scheduler.sessions.models import Session, SessionOverride

LONGEST_REASON = 500


def bend_rules(
    news: NewFindings, changed: Sequence[Session], *, reason: str, by: str, now: datetime
) -> None:
    """Keep that a person accepts what a change breaks, for the sessions that were `changed`, as
    long as they stay where they are. Raises InputError without a reason in words, Conflict where a
    rule may not be bent.
    """
    why = " ".join(reason.split())
    if not why or len(why) > LONGEST_REASON or not why.isprintable():
        raise InputError(f"say why in words, at most {LONGEST_REASON} letters")
    if news.unbending:
        named = "; ".join(finding.sentence for finding in news.unbending[:3])
        raise Conflict(f"No reason bends this rule: {named}")
    rules: dict[str, list[str]] = {}
    for finding in news.broken:
        session = _session_of(finding, changed)
        override = SessionOverride(
            session_id=session.id,
            rule=finding.rule.value,
            about=about_words(finding),
            sentence=finding.sentence,
            reason=why,
            starts_local=session.starts_local,
            minutes=session.minutes,
            given_at=now,
            given_by=by,
        )
        db.session.add(override)
        rules.setdefault(session.key, []).append(finding.rule.value)
    db.session.flush()
    for key, bent in rules.items():
        audit.append(
            "sessions.override",
            key,
            {"rules": bent, "reason": why},
            by=by,
            now=now,
        )


def _session_of(finding: Finding, changed: Sequence[Session]) -> Session:
    """Return the session a finding is about; of a day or week the first of them that the patient
    sits in.
    """
    for session in changed:
        if session.key == finding.session:
            return session
    for session in changed:
        keys = {patient.key for patient in session.patients}
        if finding.patient in keys:
            return session
    return changed[0]
