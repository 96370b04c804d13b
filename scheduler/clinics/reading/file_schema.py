"""The clinic file as JSON Schema 2020-12, for editors and for those who write such files. Pure.

It refuses nothing that the reader takes. The reader refuses more: keys that name nothing, days that
do not exist, people in two places at once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from scheduler.clinics.reading.field_readers import MAX_NAME, MAX_NOTE, MAX_TEXT
from scheduler.clinics.reading.read_families import MOST_UNITS, PURPOSES
from scheduler.clinics.reading.read_programs import (
    MAX_MILESTONE,
    MAX_MINUTES,
    MAX_NOTICE,
    MAX_PATIENTS,
    MAX_WEEKS,
    MILESTONES,
)
from scheduler.consents.model.models import Ending, Signer
from scheduler.people import WEEKDAYS
from scheduler.people.models import Role
from scheduler.people.safe_contact.models import Means
from scheduler.programs import HourCounts, Kind, Seats

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]

KEY: Schema = {"type": "string", "pattern": "^[a-z0-9-]{1,64}$"}
DAY: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
CLOCK: Schema = {"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$"}
CLOSING: Schema = {"type": "string", "pattern": "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"}
ZONE: Schema = {"type": "string", "pattern": "^[A-Za-z0-9_+/-]+$"}
STATE: Schema = {"type": "string", "pattern": "^[A-Z]{2}$"}
LANGUAGE: Schema = {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"}
PHONE: Schema = {"type": "string", "pattern": "^[+]?[(]?[0-9][0-9 ().-]{4,30}$"}
ROOM: Schema = {"type": "string", "pattern": "^https://", "maxLength": MAX_NOTE}
TRUTH: Schema = {"type": "boolean"}
WEEKS: Schema = {
    "type": "array",
    "items": {"type": "integer", "minimum": 1, "maximum": MAX_WEEKS},
    "minItems": 2,
    "maxItems": 2,
}


def clinic_schema() -> Schema:
    """Return the schema of a clinic file."""
    needed = {
        "version": {"const": 1},
        "practice": _practice(),
        "clinicians": _list(_clinician()),
        "programs": _list(_program()),
        "cohorts": _list(_cohort()),
        "patients": _list(_patient()),
    }
    optional = {"video_rooms": _list(_room())}
    heading = {"$schema": DIALECT, "title": "Kinfold clinic file"}
    return heading | _record(needed, optional)


def _practice() -> Schema:
    needed = {
        "name": _text(MAX_TEXT),
        "outward_name": _text(MAX_TEXT),
        "outward_email": _mail(),
        "zone": ZONE,
        "state": STATE,
    }
    optional = {
        "part2": TRUTH,
        "holidays": {"enum": ["closed", "open"]},
        "closures": _list(_closure()),
        "help": _help(),
    }
    return _record(needed, optional)


def _help() -> Schema:
    """Return the schema of whom to ask: a number, or words, or both."""
    said = {"phone": PHONE, "hours": _text(MAX_TEXT), "words": _text(MAX_TEXT)}
    by_phone = {"required": ["phone"]}
    by_words = {"required": ["words"]}
    return _record({}, said) | {"anyOf": [by_phone, by_words]}


def _closure() -> Schema:
    note = {"note": _text(MAX_NOTE)}
    one_day = _record({"on": DAY}, note)
    several = _record({"from": DAY, "to": DAY}, note)
    return {"oneOf": [one_day, several]}


def _room() -> Schema:
    """Return the schema of a room: of a service that makes addresses, or with a fixed one."""
    key: Schema = {"key": KEY}
    number: Schema = {"dial_in": PHONE}
    secret: Schema = {"secret_file": {"type": "string", "pattern": "^/", "maxLength": MAX_TEXT}}
    service_at = {"type": "string", "pattern": "^https://[^?#]+$", "maxLength": MAX_NOTE}
    template = {
        "type": "string",
        "pattern": r"^https://[^/?#]+.*\{session\}",
        "maxLength": MAX_NOTE,
    }
    jitsi: Schema = {"service": {"const": "jitsi"}, "url": service_at, "app_id": _text(MAX_TEXT)}
    bigbluebutton: Schema = {"service": {"const": "bigbluebutton"}, "url": service_at}
    named: Schema = {"service": {"const": "template"}, "url": template}
    return {
        "oneOf": [
            _record(key | {"url": ROOM}, number | {"shared": TRUTH}),
            _record(key | jitsi | secret, number),
            _record(key | bigbluebutton | secret, number),
            _record(key | named, number),
        ]
    }


def _clinician() -> Schema:
    needed = {
        "key": KEY,
        "name": _text(MAX_NAME),
        "email": _mail(),
        "licences": _list(_record({"state": STATE, "until": DAY})),
        "hours": _list(_window()),
    }
    optional = {
        "roles": _some_of(list(Role)),
        "buffer": _whole(0, MAX_MINUTES),
        "away": _list(_days()),
        "roles_for_a_time": _list(_record({"role": _one_of(list(Role)), "from": DAY, "to": DAY})),
        "covered_by": _list(_record({"clinician": KEY, "from": DAY, "to": DAY})),
    }
    return _record(needed, optional)


def _window(optional: Schema | None = None) -> Schema:
    return _record({"days": _some_of(WEEKDAYS), "from": CLOCK, "to": CLOSING}, optional)


def _days() -> Schema:
    return _record({"from": DAY, "to": DAY})


def _program() -> Schema:
    needed = {
        "key": KEY,
        "name": _text(MAX_TEXT),
        "outward_title": _text(MAX_TEXT),
        "weeks": _whole(1, MAX_WEEKS),
        "rules": _rules(),
        "groups": _list(_group()),
        "appointments": _list(_appointment()),
    }
    phase = _record({"name": _text(MAX_TEXT), "weeks": WEEKS, "week_hours": _week_hours()})
    optional = {
        "phases": _list(phase),
        "capacity": _whole(1, MAX_PATIENTS),
        "waitlist": TRUTH,
    }
    return _record(needed, optional)


def _week_hours() -> Schema:
    return {"type": "array", "items": _hours(168), "minItems": 2, "maxItems": 2}


def _rules() -> Schema:
    attendance = {
        "excused_hours_before": _whole(0, MAX_NOTICE),
        "missed_max": _whole(0, MAX_PATIENTS),
    }
    milestones = dict.fromkeys(MILESTONES, _whole(1, MAX_MILESTONE))
    needed = {"week_hours": _week_hours(), "day_hours_max": _hours(24)}
    school = {
        "hours": {**_list(_window()), "minItems": 1},
        "terms": {**_list(_days()), "minItems": 1},
    }
    optional = {
        "week_days_min": _whole(0, 7),
        "day_minutes_min": _whole(0, MAX_MINUTES),
        "hour_counts": _one_of(list(HourCounts)),
        "group_cap": _whole(1, 10_000),
        "start_every": _whole(1, MAX_MINUTES),
        "days_gap_max": _whole(0, 366),
        "once_a_day": _some_of(list(Kind)),
        "school": _record(school),
        "attendance": _record({}, attendance),
        "milestones": _record({}, milestones),
    }
    return _record(needed, optional)


def _group() -> Schema:
    needed = {
        "key": KEY,
        "kind": _one_of(list(Kind)),
        "title": _text(MAX_TEXT),
        "days": _some_of(WEEKDAYS),
        "at": CLOCK,
        "minutes": _whole(1, MAX_MINUTES),
        "weeks": WEEKS,
    }
    optional = {"topics": _list(_text(MAX_TEXT)), "seats": _one_of(list(Seats))}
    return _record(needed, optional)


def _appointment() -> Schema:
    needed = {"key": KEY, "kind": _one_of(list(Kind)), "minutes": _whole(1, MAX_MINUTES)}
    optional = {"by": KEY}
    every = {"every_weeks": _whole(1, MAX_WEEKS), "weeks": WEEKS}
    chosen = {**_list(_whole(1, MAX_WEEKS)), "minItems": 1, "uniqueItems": True}
    repeated = _record(needed | every, optional)
    in_weeks = _record(needed | {"in_weeks": chosen}, optional)
    return {"oneOf": [repeated, in_weeks]}


def _cohort() -> Schema:
    leaders = {**_list(KEY), "minItems": 1, "uniqueItems": True}
    leads = {"type": "object", "additionalProperties": {"oneOf": [KEY, leaders]}}
    needed = {"key": KEY, "program": KEY, "starts": DAY, "leads": leads}
    return _record(needed, {"zone": ZONE})


def _patient() -> Schema:
    needed = {
        "key": KEY,
        "name": _text(MAX_NAME),
        "email": _mail(),
        "cohort": KEY,
        "from": DAY,
        "clinician": KEY,
    }
    optional = {
        "phone": PHONE,
        "language": LANGUAGE,
        "zone": ZONE,
        "state": STATE,
        "born": DAY,
        "to": DAY,
        "free": _list(_window()),
        "family": _list(_relative()),
        "same_as": KEY,
        "unsafe_hours": _list(_window({"means": _one_of(list(Means))})),
        "stays": _list(_record({"cohort": KEY, "from": DAY}, {"to": DAY})),
        "appointments": _list(_appointment()),
        "without": {**_list(KEY), "minItems": 1, "uniqueItems": True},
        "authorisations": _list(_record({"from": DAY, "to": DAY, "units": _whole(0, MOST_UNITS)})),
    }
    return _record(needed, optional)


def _relative() -> Schema:
    needed = {
        "key": KEY,
        "name": _text(MAX_NAME),
        "relationship": _text(MAX_TEXT),
        "email": _mail(),
    }
    optional = {
        "phone": PHONE,
        "language": LANGUAGE,
        "zone": ZONE,
        "ready": TRUTH,
        "free": _list(_window()),
        "consents": _list(_consent()),
        "same_as": KEY,
        "unsafe_hours": _list(_window({"means": _one_of(list(Means))})),
    }
    return _record(needed, optional)


def _consent() -> Schema:
    needed = {
        "kinds": _some_of(PURPOSES),
        "signed": DAY,
        "signed_by": _one_of(list(Signer)),
    }
    optional = {"others": TRUTH}
    by_day = _record(needed | {"expires": DAY}, optional)
    by_event = _record(needed | {"expires_on": _one_of(list(Ending))}, optional)
    return {"oneOf": [by_day, by_event]}


def _record(needed: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None) -> Schema:
    return {
        "type": "object",
        "properties": {**needed, **(optional or {})},
        "required": list(needed),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _one_of(words: Sequence[str]) -> Schema:
    return {"enum": [str(word) for word in words]}


def _some_of(words: Sequence[str]) -> Schema:
    return {**_list(_one_of(words)), "minItems": 1, "uniqueItems": True}


def _whole(least: int, most: int) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _hours(most: int) -> Schema:
    return {"type": "number", "minimum": 0, "maximum": most}


def _text(limit: int) -> Schema:
    """Return a line of text; the reader drops direction marks before it counts."""
    return {"type": "string", "pattern": r"\S", "maxLength": 2 * limit}


def _mail() -> Schema:
    return {"type": "string", "pattern": "@", "maxLength": 2 * 254}
