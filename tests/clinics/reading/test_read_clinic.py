import json
from datetime import date

import pytest

from scheduler.clinics import read
from scheduler.people import Window
from scheduler.programs import Kind, Seats
from tests.clinics.small_pines import SCHOOL, SMALL_PINES, changed, places, problems

DANA = "patients[0].family[0]"
CONSENT = f"{DANA}.consents[0]"
PROCESS = "programs[0].groups[0]"

ONE_DEFECT = [
    (
        "    state: MA\n    cohort",
        "    state: MA\n    nickname: JJ\n    cohort",
        "patients[1].nickname",
    ),
    ("starts: 2027-03-01", "starts: 2027-02-30", "cohorts[0].starts"),
    ("starts: 2027-03-01", "starts: 1 March", "cohorts[0].starts"),
    ("key: p-2", "key: p-1", "patients[1].key"),
    ("key: p-2", "key: moss", "patients[1].key"),
    ("key: p-1-father", "key: p-1-mother", "patients[0].family[1].key"),
    ("key: p-2", "key: P_2", "patients[1].key"),
    ("key: moss", "key: rivera", "clinicians[1].key"),
    ("{key: learn", "{key: process", "programs[0].groups[1].key"),
    ("{key: upd", "{key: one", "programs[0].appointments[1].key"),
    ("dana@family.example", '"dana@family.example\\r\\nBcc: all@family.example"', f"{DANA}.email"),
    ("dana@family.example", "dana", f"{DANA}.email"),
    ("dana@family.example", f"{'d' * 65}@family.example", f"{DANA}.email"),
    ("dana@family.example", f"{'ñ' * 33}@family.example", f"{DANA}.email"),
    ("dana@family.example", "dana@localhost", f"{DANA}.email"),
    ("calendar@sp-cal.example", "calendar@", "practice.outward_email"),
    ("+16175550123", "+1617", f"{DANA}.phone"),
    ("+16175550100", "call us", "video_rooms[0].dial_in"),
    ("America/Chicago", "America/Bostn", f"{DANA}.zone"),
    ("America/Chicago", "../../etc/passwd", f"{DANA}.zone"),
    ("America/Chicago", "localtime", f"{DANA}.zone"),
    ("language: es", "language: Spanish, please", f"{DANA}.language"),
    ("ready: true", "ready: yes", f"{DANA}.ready"),
    ("part2: true", "part2: 1", "practice.part2"),
    ("holidays: closed", "holidays: shut", "practice.holidays"),
    ("state: MA\n  closures", "state: Massachusetts\n  closures", "practice.state"),
    (
        "state: MA, until: 2028-06-30",
        "state: ma, until: 2028-06-30",
        "clinicians[0].licences[0].state",
    ),
    ("minutes: 90", "minutes: 0", f"{PROCESS}.minutes"),
    ("minutes: 90", "minutes: 90.0", f"{PROCESS}.minutes"),
    ("minutes: 90", "minutes: true", f"{PROCESS}.minutes"),
    ("minutes: 90", 'minutes: "90"', f"{PROCESS}.minutes"),
    ("buffer: 10", "buffer: -10", "clinicians[0].buffer"),
    ("[mon, wed]", "[monn, wed]", f"{PROCESS}.days[0]"),
    ("[mon, wed]", "[mon, mon]", f"{PROCESS}.days[1]"),
    ("[mon, wed]", "[]", f"{PROCESS}.days"),
    ("[mon, wed]", "mon", f"{PROCESS}.days"),
    ('at: "18:00"', 'at: "24:00"', f"{PROCESS}.at"),
    ('at: "18:00"', 'at: "6:00"', f"{PROCESS}.at"),
    ('at: "18:00"', "at: 1800", f"{PROCESS}.at"),
    ("kind: group", "kind: yoga", f"{PROCESS}.kind"),
    ("weeks: [1, 4]}", "weeks: [1, 5]}", f"{PROCESS}.weeks"),
    ("weeks: [1, 4]}", "weeks: [3, 2]}", f"{PROCESS}.weeks"),
    ("weeks: [1, 4]}", "weeks: [1]}", f"{PROCESS}.weeks"),
    ("weeks: [1, 4]}", "weeks: [0, 4]}", f"{PROCESS}.weeks[0]"),
    ("minutes: 90,", "minutes: 90, seats: all,", f"{PROCESS}.seats"),
    ("in_weeks: [2, 3]", "in_weeks: [2, 5]", "programs[0].appointments[1].in_weeks[1]"),
    ("in_weeks: [2, 3]", "in_weeks: [2], every_weeks: 1", "programs[0].appointments[1]"),
    ("in_weeks: [2, 3], ", "", "programs[0].appointments[1]"),
    ("by: rivera", "by: rivero", "programs[0].appointments[1].by"),
    ("week_hours: [9, 19]", "week_hours: [19, 9]", "programs[0].rules.week_hours"),
    ("week_hours: [9, 19], ", "", "programs[0].rules.week_hours"),
    ("group_cap: 10", "group_cap: 0", "programs[0].rules.group_cap"),
    ("group_cap: 10", "hour_counts: days", "programs[0].rules.hour_counts"),
    ("group_cap: 10", "once_a_day: [yoga]", "programs[0].rules.once_a_day[0]"),
    ("group_cap: 10", "once_a_day: [individual, individual]", "programs[0].rules.once_a_day[1]"),
    ("group_cap: 10", "once_a_day: []", "programs[0].rules.once_a_day"),
    ("group_cap: 10", "school: always", "programs[0].rules.school"),
    (
        "group_cap: 10",
        "school: {terms: [{from: 2027-01-04, to: 2027-06-18}]}",
        "programs[0].rules.school.hours",
    ),
    (
        "group_cap: 10",
        f"school: {SCHOOL.replace('08:00', '8:00')}",
        "programs[0].rules.school.hours[0].from",
    ),
    (
        "group_cap: 10",
        f"school: {SCHOOL.replace('14:30', '07:30')}",
        "programs[0].rules.school.hours[0].to",
    ),
    (
        "group_cap: 10",
        f"school: {SCHOOL.replace('2027-06-18', '2026-06-18')}",
        "programs[0].rules.school.terms[0].to",
    ),
    (
        "group_cap: 10",
        'school: {hours: [{days: [mon], from: "08:00", to: "14:30"}], terms: []}',
        "programs[0].rules.school.terms",
    ),
    ("program: evening", "program: morning", "cohorts[0].program"),
    ("{process: rivera,", "{process: rivero,", "cohorts[0].leads.process"),
    ("{process: rivera,", "{prozess: rivera,", "cohorts[0].leads.prozess"),
    ("learn: [moss]", "learn: [moss, mos]", "cohorts[0].leads.learn[1]"),
    ("clinician: rivera", "clinician: p-1", "patients[1].clinician"),
    ("cohort: march", "cohort: april", "patients[0].cohort"),
    ('to: "21:00"}]\n    family', 'to: "09:00"}]\n    family', "patients[0].free[0].to"),
    (
        'from: "12:00", to: "21:00"}]\n    family',
        'from: "24:00", to: "24:00"}]\n    family',
        "patients[0].free[0].from",
    ),
    (
        "{from: 2027-03-19, to: 2027-03-19}",
        "{from: 2027-03-19, to: 2027-03-18}",
        "clinicians[0].away[0].to",
    ),
    ("{on: 2027-03-15,", "{on: 2027-03-15, to: 2027-03-16,", "practice.closures[0]"),
    ("[clinician]", "[boss]", "clinicians[0].roles[0]"),
    ("[family_therapy,", "[individual,", f"{CONSENT}.kinds[0]"),
    ("expires: 2027-06-30", "expires: 2027-01-31", f"{CONSENT}.expires"),
    ("expires: 2027-06-30, ", "", f"{CONSENT}.expires"),
    ("expires: 2027-06-30", "expires: 2027-06-30, expires_on: discharge", f"{CONSENT}.expires"),
    ("expires: 2027-06-30", "expires_on: never", f"{CONSENT}.expires_on"),
    ("signed_by: patient", "signed_by: mother", f"{CONSENT}.signed_by"),
    ("https://video.example/a", "javascript:alert(document.domain)", "video_rooms[0].url"),
    ("https://video.example/a", "http://video.example/a", "video_rooms[0].url"),
    ("https://video.example/a", "https://ana:secret@video.example/a", "video_rooms[0].url"),
    ("https://video.example/a", "https://-/a", "video_rooms[0].url"),
    ("https://video.example/a", "https://video.example:99999/a", "video_rooms[0].url"),
    ("Jordan Lee", '"Jor\\0dan"', "patients[0].name"),
    ("Jordan Lee", '"Jordan\\nLee"', "patients[0].name"),
    ("Jordan Lee", '"Jordan\\u2028Lee"', "patients[0].name"),
    ("Jordan Lee", '" "', "patients[0].name"),
    ("Jordan Lee", "", "patients[0].name"),
    ("Jordan Lee", "2027", "patients[0].name"),
    ("Jordan Lee", "J" * 3_000_000, "patients[0].name"),
    ("Process", "P" * 201, f"{PROCESS}.title"),
    ("staff day", "s" * 2001, "practice.closures[0].note"),
    ("    email: tess@patient.example\n", "", "patients[1].email"),
    (
        "    from: 2027-03-01\n    clinician: r",
        "    from: 2027-03-29\n    clinician: r",
        "patients[1].from",
    ),
    ("    clinician: rivera", "    to: 2027-02-28\n    clinician: rivera", "patients[1].to"),
    ("version: 1", "version: 2", "version"),
    ("version: 1", 'version: "1"', "version"),
    ("version: 1\n", "", "version"),
]


def test_small_pines_has_no_problem() -> None:
    assert problems(SMALL_PINES.encode()) == []


@pytest.mark.parametrize(
    ("before", "after", "place"),
    ONE_DEFECT,
    ids=[f"{p}-{n}" for n, (*_, p) in enumerate(ONE_DEFECT)],
)
def test_one_defect_is_named_by_its_place_and_nothing_else_is(
    before: str, after: str, place: str
) -> None:
    assert places(changed(before, after)) == [place]


def test_every_problem_is_named_at_once() -> None:
    file = changed("minutes: 90", "minutes: 0").decode()
    file = changed("America/Chicago", "America/Bostn", file).decode()
    assert places(changed("version: 1\n", "version: 1\nextra: 1\n", file)) == [
        f"{PROCESS}.minutes",
        f"{DANA}.zone",
        "extra",
    ]


def test_an_unknown_field_is_told_what_fields_there_are() -> None:
    assert problems(changed("dial_in", "dial")) == [
        "video_rooms[0].dial: no such field here; there are key, service, url, dial_in, shared"
    ]


def test_json_reads_as_the_same_clinic() -> None:
    yaml_words = '{"key": "room-a", "url": "https://video.example/a", "dial_in": "+16175550100"}'
    as_json = json.dumps(
        {
            "version": 1,
            "practice": {
                "name": "Small Pines",
                "outward_name": "SP",
                "outward_email": "calendar@sp-cal.example",
                "zone": "America/New_York",
                "state": "MA",
            },
            "video_rooms": [json.loads(yaml_words)],
            "clinicians": [],
            "programs": [],
            "cohorts": [],
            "patients": [],
        }
    )
    assert read(as_json.encode()).rooms[0].url == "https://video.example/a"


def test_what_is_left_out_means_what_the_format_says() -> None:
    file = read(SMALL_PINES.encode())
    moss, father, tess = file.clinicians[1], file.patients[0].family[1], file.patients[1]
    assert (moss.roles, moss.buffer, moss.away) == (("clinician",), 10, ())
    assert (father.ready, father.free, father.language, father.zone) == (False, None, None, None)
    assert (tess.born, tess.discharged, tess.free, tess.family) == (None, None, None, ())


def test_an_empty_list_of_free_hours_is_never() -> None:
    file = read(changed("email: tess@patient.example", "email: tess@patient.example\n    free: []"))
    assert file.patients[1].free == ()


def test_a_window_may_end_at_midnight() -> None:
    assert read(SMALL_PINES.encode()).clinicians[1].hours == (
        Window(("mon", "tue", "wed", "thu", "fri"), 720, 1440),
    )


def test_a_slot_and_an_appointment_are_read_with_their_weeks() -> None:
    template = read(SMALL_PINES.encode()).programs[0].template
    assert (template.slots[1].kind, template.slots[1].seats, template.slots[1].at) == (
        Kind.CAREGIVER_GROUP,
        Seats.FAMILIES,
        1140,
    )
    assert [appointment.blocks() for appointment in template.appointments] == [
        ((1, 1), (2, 2), (3, 3), (4, 4)),
        ((2, 2), (3, 3)),
    ]


def test_a_consent_may_end_with_discharge() -> None:
    file = read(changed("expires: 2027-06-30", "expires_on: discharge"))
    consent = file.patients[0].family[0].consents[0]
    assert (consent.signed, consent.expires, consent.expires_on) == (
        date(2027, 2, 20),
        None,
        "discharge",
    )


@pytest.mark.parametrize(
    "name",
    [
        "Noémie O’Brannigorth",
        "ליאור",
        "李明",
        "Zoë 🎈",
        "👩‍👧",
        "क्षत्रिय",
        "=1+1",
        "<b>%s</b>; {{x}} \\ ,",
        "é",
        "N" * 250,
    ],
)
def test_names_may_hold_any_letters_marks_and_symbols(name: str) -> None:
    file = read(changed("Jordan Lee", json.dumps(name, ensure_ascii=False)))
    assert file.patients[0].name == name


def test_bidirectional_controls_are_dropped() -> None:
    assert (
        read(changed("Jordan Lee", '"\\u202eJordan\\u202c Lee"')).patients[0].name == "Jordan Lee"
    )


@pytest.mark.parametrize(
    "address", ["d'ana+visits@family.example", "Dana.Lee@family.example", "dana@sub.family.example"]
)
def test_addresses_with_signs_and_capitals_are_kept(address: str) -> None:
    assert read(changed("dana@family.example", address)).patients[0].family[0].email == address


def test_a_telephone_number_comes_out_in_e164() -> None:
    assert (
        read(changed("+16175550123", "+1 (617) 555-0123")).patients[0].family[0].phone
        == "+16175550123"
    )
