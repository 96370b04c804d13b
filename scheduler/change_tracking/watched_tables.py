"""Which tables say something that people are told, whom each row is about, and the triggers that
note every change of them.
"""

from dataclasses import dataclass

from sqlalchemy.engine import Connection

from scheduler.change_tracking.models import About
from scheduler.kernel.schema.trigger_drift import drifted

DEEDS = ("insert", "update", "delete")
BETWEEN = "-- ;;\n"


@dataclass(frozen=True, slots=True)
class Watched:
    """One table, and by which of its columns its rows are about whom; `only` the columns whose
    change matters (none: all).
    """

    table: str
    about: tuple[tuple[About, str], ...]
    only: str = ""
    deeds: tuple[str, ...] = DEEDS


def _of(table: str, *columns: str, only: str = "") -> Watched:
    """Return a table whose rows are about people."""
    about = tuple((About.PERSON, column) for column in columns)
    return Watched(table, about, only)


def _seats(table: str) -> Watched:
    """Return a table that seats people in sessions."""
    about = ((About.SESSION, "session_id"), (About.PERSON, "person_id"))
    return Watched(table, about)


SEEN = "kind, name, email, phone, zone, language, free, body_id"
WATCHED = (
    Watched("people", ((About.HUMAN, "id"),), only=SEEN),
    _of("patients", "person_id"),
    _of("clinicians", "person_id", only="away, ended_at"),
    _of("relatives", "person_id"),
    _of("calendar_choices", "person_id"),
    _of("calendar_names", "person_id"),
    _of("feeds", "person_id", only="ended_at"),
    _of("invitations", "person_id"),
    _of("enrolments", "patient_id"),
    _of("further_stays", "patient_id"),
    _of("grants", "person_id", "patient_id"),
    _of("statements", "person_id"),
    _of("authorities", "patient_id"),
    _of("barriers", "patient_id"),
    Watched(
        "letters",
        ((About.PERSON, "recipient_id"),),
        only="reason",
        deeds=("update",),
    ),
    Watched("sessions", ((About.SESSION, "id"),)),
    Watched("session_overrides", ((About.SESSION, "session_id"),)),
    Watched("session_changes", ((About.SESSION, "session_id"),)),
    _seats("session_patients"),
    _seats("session_leads"),
    _seats("session_guests"),
    Watched("cohorts", ((About.COHORT, "id"),)),
    Watched("programs", ((About.PROGRAM, "id"),)),
    Watched("practice", ((About.HOUSE, "id"),)),
)
"""Letters tell something by not leaving, and then they have a reason; that they leave is told by
what was written before.
"""

FUNCTION = """CREATE FUNCTION track_change() RETURNS trigger LANGUAGE plpgsql AS $gate$
DECLARE
  place integer := 0;
  was text;
  now_is text;
BEGIN
  WHILE place < TG_NARGS LOOP
    was := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) ->> TG_ARGV[place + 1] END;
    now_is := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) ->> TG_ARGV[place + 1] END;
    INSERT INTO tracked_changes (what, about)
    SELECT DISTINCT TG_ARGV[place], t.about FROM (VALUES (was), (now_is)) t (about)
    WHERE t.about IS NOT NULL;
    place := place + 2;
  END LOOP;
  RETURN NULL;
END $gate$;
"""


def tracking_damage(connection: Connection) -> list[str]:
    """Name every trigger and function that notes changes and is missing, or other than it must
    be.
    """
    return drifted(connection, tracking_sql(connection.dialect.name))


def tracking_sql(engine: str) -> str:
    """Return the triggers (and the function) for "sqlite" or "postgresql", `-- ;;` between."""
    statements = []
    if engine == "postgresql":
        statements.append(FUNCTION)
    for watched in WATCHED:
        for deed in watched.deeds:
            write = _sqlite if engine == "sqlite" else _postgresql
            statements.append(write(watched, deed))
    return BETWEEN.join(statements)


def _sqlite(watched: Watched, deed: str) -> str:
    lines = [f"CREATE TRIGGER {_name(watched, deed)} AFTER {_event(watched, deed)}", "BEGIN"]
    for what, column in watched.about:
        sides = {"insert": ("NEW",), "delete": ("OLD",), "update": ("OLD", "NEW")}[deed]
        chosen = " UNION ".join(f"SELECT '{what.value}', {side}.{column}" for side in sides)
        lines.append(f"  INSERT INTO tracked_changes (what, about) {chosen};")
    return "\n".join([*lines, "END;\n"])


def _postgresql(watched: Watched, deed: str) -> str:
    said = []
    for what, column in watched.about:
        said += [f"'{what.value}'", f"'{column}'"]
    return (
        f"CREATE TRIGGER {_name(watched, deed)} AFTER {_event(watched, deed)}\n"
        f"FOR EACH ROW EXECUTE FUNCTION track_change({', '.join(said)});\n"
    )


def _event(watched: Watched, deed: str) -> str:
    if watched.only and deed == "update":
        only = f" OF {watched.only}"
    else:
        only = ""
    return f"{deed.upper()}{only} ON {watched.table}"


def _name(watched: Watched, deed: str) -> str:
    return f"track_{watched.table}_{deed}"
