"""What was told and consented since a copy was made is carried over into it: it happened, and no
restore undoes it.

Without this an older copy would send again what has left, and would bring withdrawn consents back
to life.
"""

from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.engine import Connection

from scheduler.backups.copy_rows import AT_ONCE, without_triggers
from scheduler.kernel.database import Base

SINCE = frozenset(
    {
        *(
            "barriers",
            "statements",
            "authorities",
            "co_signatures",
            "grants",
            "calendar_names",
            "invitations",
            "answers",
            "replies_held",
        ),
        *(
            "letters",
            "closed_addresses",
            "reminders",
            "feeds",
            "calendar_choices",
            "text_consents",
            "tasks",
            "mailbox_watches",
            "openings",
            "change_notices",
            "room_entries",
            "attendance_marks",
            "team_notes",
            "recordings",
            "recording_passes",
            "tech_checks",
            "own_words",
            "participation_plans",
            "short_links",
            "former_links",
            "stated_reasons",
            "unsafe_hours",
            "reminder_wishes",
        ),
    }
)
"""Tables in which the newer state wins: what was told, answered, consented, forbidden."""
AS_THEY_ARE = (
    "second_factors",
    "recovery_codes",
    "factor_losses",
    "passkeys",
    "guess_runs",
    "role_terms",
)
"""Tables of which nothing comes back: a telephone that was lost since the copy, a code spent, a
passkey ended, guesses counted, a role for a time taken early.
"""
AS_COPIED = frozenset(
    {
        "covers",
        "broken_glass",
        *(
            "practice",
            "people",
            "patients",
            "relatives",
            "clinicians",
            "video_rooms",
            "closures",
            "open_evenings",
            "programs",
            "cohorts",
        ),
        *(
            "enrolments",
            "further_stays",
            "place_offers",
            "roster_imports",
            "sessions",
            "session_changes",
            "session_leads",
            "session_patients",
            "make_up_seats",
            "session_guests",
            "session_overrides",
            "proposals",
            "plan_looks",
            "disruptions",
            "reminder_policies",
            "reminder_rolls",
        ),
        *(
            "engagements",
            "signing_rules",
            "program_licences",
            "sign_in_attempts",
            "findings",
            "busy_calendars",
            "busy_times",
            "busy_feeds",
            "pauses",
            "field_words",
            "readiness_decisions",
            "tracked_changes",
        ),
    }
)
"""Tables that a restore is for: plans and people as they were."""
RECORD = "audit_entries"
BEGUN = (
    "SELECT max(number), (SELECT chain FROM audit_entries ORDER BY number DESC LIMIT 1) FROM "
    "audit_entries"
)
COMPARE_AGAIN = "UPDATE change_notices SET pending = 1 WHERE told_at IS NOT NULL"
"""Sessions are as they were in the copy, and people know what became of them since."""
MAY_HAVE_LEFT = "it may have left while the database was replaced"


@dataclass(slots=True)
class CarriedForward:
    """What was carried over: new rows by table, withdrawals, and what had no place (its people are
    not in the copy).
    """

    rows: dict[str, int] = field(default_factory=dict)
    withdrawals: int = 0
    no_place: int = 0
    record: bool = False
    """Whether the audit record goes on from the copy's to the present."""


def carry_forward(live: Connection, staged: Connection) -> CarriedForward:
    """Carry over from `live` into `staged` what happened since; the gate's triggers stand again
    afterwards.
    """
    done = CarriedForward()
    names = [table.name for table in Base.metadata.sorted_tables if table.name in SINCE]
    before = _counts(staged, names)
    withdrawn = _withdrawn(staged)
    staged.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
    with without_triggers(staged):
        for name in names:
            _take(live, staged, name)
        for name in AS_THEY_ARE:
            staged.execute(delete(Base.metadata.tables[name]))
            _take(live, staged, name)
        _keep_accounts(live, staged)
        staged.exec_driver_sql(COMPARE_AGAIN)
        done.record = _record_goes_on(live, staged)
        done.no_place = _drop_loose(staged)
    after = _counts(staged, names)
    done.rows = {name: after[name] - before[name] for name in names if after[name] != before[name]}
    done.withdrawals = _withdrawn(staged) - withdrawn
    return done


def settle_flight(staged: Connection) -> None:
    """Settle what was on its way in a copy: a letter only claimed waits again; one being handed
    over is set aside.
    """
    with without_triggers(staged):
        staged.execute(
            text(
                "UPDATE letters SET state = CASE phase WHEN 'handing' THEN 'set_aside' ELSE "
                "'waiting' END, "
                "ambiguous = ambiguous + (phase = 'handing'), "
                "reason = CASE phase WHEN 'handing' THEN :reason ELSE reason END, phase = NULL, "
                "lease_until = NULL "
                "WHERE state = 'sending'"
            ),
            {"reason": MAY_HAVE_LEFT},
        )


def _take(live: Connection, staged: Connection, name: str) -> None:
    table = Base.metadata.tables[name]
    found = live.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings()
    for rows in found.partitions(AT_ONCE):
        staged.execute(insert(table).prefix_with("OR REPLACE"), [dict(row) for row in rows])


def _keep_accounts(live: Connection, staged: Connection) -> None:
    """Leave each account of staff what it may do now: no copy gives back a role that was taken, a
    password that was changed, or an account that was shut.
    """
    table = Base.metadata.tables["clinicians"]
    kept = select(
        table.c.person_id,
        table.c.roles,
        table.c.ended_at,
        table.c.password_hash,
    )
    for row in live.execute(kept):
        theirs = update(table).where(table.c.person_id == row.person_id)
        now = theirs.values(
            roles=row.roles,
            ended_at=row.ended_at,
            password_hash=row.password_hash,
        )
        staged.execute(now)


def _record_goes_on(live: Connection, staged: Connection) -> bool:
    """Take the later entries when the copy's record is the beginning of the present one."""
    last, chain = staged.exec_driver_sql(BEGUN).one()
    table = Base.metadata.tables[RECORD]
    if (
        last is not None
        and live.scalar(select(table.c.chain).where(table.c.number == last)) != chain
    ):
        return False
    rows = [
        dict(row)
        for row in live.execute(select(table).where(table.c.number > (last or 0))).mappings()
    ]
    if rows:
        staged.execute(insert(table), rows)
    return True


def _drop_loose(staged: Connection) -> int:
    """Drop what refers to people, sessions or grants that the copy does not have; say how many
    rows.
    """
    dropped = 0
    while loose := {(row[0], row[1]) for row in staged.exec_driver_sql("PRAGMA foreign_key_check")}:
        for table, row in loose:
            staged.exec_driver_sql(f'DELETE FROM "{table}" WHERE rowid = ?', (row,))  # noqa: S608
        dropped += len(loose)
    return dropped


def _counts(staged: Connection, names: list[str]) -> dict[str, int]:
    return {
        name: staged.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one()  # noqa: S608
        for name in names
    }


def _withdrawn(staged: Connection) -> int:
    return int(
        staged.exec_driver_sql(
            "SELECT count(*) FROM grants WHERE revoked_at IS NOT NULL"
        ).scalar_one()
    )
