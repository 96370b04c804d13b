from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter

import pytest
from flask import Flask

from scheduler.clinics import ClinicFile, dump, export, read
from scheduler.clinics.values import Relative
from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from tests.clinics.small_pines import LATER, PAPER, SCHOOL, SMALL_PINES, changed, lines, load_bytes

KEY = attrgetter("key")
ROOMS_OF_SERVICES = """\
video_rooms:
  - {key: a, service: jitsi, url: "https://meet.example", app_id: kf, secret_file: /run/j}
  - {key: b, service: bigbluebutton, url: "https://bbb.example/bigbluebutton", secret_file: /b}
  - {key: c, service: template, url: "https://video.example/{session}", dial_in: "+16175550100"}
  - {key: d, url: "https://video.example/d", shared: true}
"""
PHASES = (
    "phases: [{name: Full, weeks: [1, 2], week_hours: [9, 19]},"
    " {name: Step-down, weeks: [4, 4], week_hours: [3, 9.5]}]"
)
TESS = "email: tess@patient.example\n"
OWN = """\
    without: [upd, one]
    appointments:
      - {key: plan, kind: individual, minutes: 30, in_weeks: [2, 4], by: moss}
      - {key: talk, kind: individual, minutes: 50, every_weeks: 2, weeks: [1, 4]}
    authorisations: [{from: 2027-03-01, to: 2027-03-31, units: 12}]
"""
STAYS = """\
    to: 2027-03-10
    stays:
      - {cohort: march, from: 2027-03-20, to: 2027-03-22}
      - {cohort: march, from: 2027-03-24}
"""
FILES: dict[str, Callable[[], bytes]] = {
    "as it is": SMALL_PINES.encode,
    "never free": lambda: changed(
        "email: tess@patient.example", "email: tess@patient.example\n    free: []"
    ),
    "ends with discharge": lambda: changed("expires: 2027-06-30", "expires_on: discharge"),
    "others may see": lambda: changed("signed_by: patient", "signed_by: proxy, others: true"),
    "two papers": lambda: changed(PAPER, PAPER + PAPER.replace("2027-02-20", "2027-02-24")),
    "two leaders": lambda: changed("learn: [moss]", "learn: [moss, rivera]"),
    "nobody leads": lambda: changed("{process: rivera, learn: [moss]}", "{}"),
    "half hours": lambda: changed(
        "week_hours: [9, 19]", "week_hours: [7.5, 19], hour_counts: units, days_gap_max: 2"
    ),
    "once a day": lambda: changed(
        "group_cap: 10", "group_cap: 10, once_a_day: [medication, individual]"
    ),
    "school": lambda: changed("group_cap: 10", f"group_cap: 10, school: {SCHOOL}"),
    "odd names": lambda: changed("Jordan Lee", '"=null: yes, \\"ליאור\\" \\\\"'),
    "seats said": lambda: changed(
        "minutes: 90,", "minutes: 90, seats: both, topics: [Sleep, Sleep, 'on'],"
    ),
    "two closures": lambda: changed(
        "note: staff day}", "note: 'a: b'}\n    - {from: 2027-12-24, to: 2027-12-31}"
    ),
    "phases": lambda: changed("    groups:", f"    {PHASES}\n    groups:"),
    "attendance": lambda: changed(
        "group_cap: 10", "group_cap: 10, attendance: {excused_hours_before: 48, missed_max: 6}"
    ),
    "part of an attendance rule": lambda: changed(
        "group_cap: 10", "group_cap: 10, attendance: {missed_max: 6}"
    ),
    "milestones": lambda: changed(
        "group_cap: 10", "group_cap: 10, milestones: {plan_review_days: 30, cans_days: 90}"
    ),
    "capacity": lambda: changed("    groups:", "    capacity: 2\n    waitlist: true\n    groups:"),
    "one patient's own": lambda: changed(TESS, TESS + OWN),
    "stays": lambda: changed(TESS, TESS + STAYS),
    "whom to ask": lambda: changed(
        "  holidays: closed\n",
        '  holidays: closed\n  help: {phone: "+16175550199", words: The front desk}\n',
    ),
    "rooms of services": lambda: changed(
        SMALL_PINES[SMALL_PINES.index("video_rooms") : SMALL_PINES.index("clinicians:")],
        ROOMS_OF_SERVICES,
    ),
    "no rooms": lambda: changed(
        SMALL_PINES[SMALL_PINES.index("video_rooms") : SMALL_PINES.index("clinicians:")], ""
    ),
}


def in_order(file: ClinicFile) -> ClinicFile:
    """Sort people by key and a paper's kinds by name, as the export does."""
    families = (
        tuple(sorted(map(sorted_paper, patient.family), key=KEY)) for patient in file.patients
    )
    patients = (
        replace(patient, family=family)
        for patient, family in zip(file.patients, families, strict=True)
    )
    clinicians = tuple(sorted(file.clinicians, key=KEY))
    return replace(file, clinicians=clinicians, patients=tuple(sorted(patients, key=KEY)))


def sorted_paper(relative: Relative) -> Relative:
    papers = (replace(paper, kinds=tuple(sorted(paper.kinds))) for paper in relative.consents)
    return replace(relative, consents=tuple(papers))


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_loading_the_export_changes_nothing(app: Flask, file: Callable[[], bytes]) -> None:
    load_bytes(file())
    db.session.commit()
    before = dump(export())
    changes = load_bytes(before.encode(), LATER)
    assert (lines(changes), changes.kept, dump(export())) == ([], [], before)


@pytest.mark.parametrize("file", FILES.values(), ids=FILES)
def test_the_export_reads_as_the_file_in_the_order_of_keys(
    app: Flask, file: Callable[[], bytes]
) -> None:
    load_bytes(file())
    assert read(dump(export()).encode()) == in_order(read(file()))


def test_a_revoked_grant_is_not_exported(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    load_bytes(changed("[family_therapy, caregiver_group]", "[caregiver_group]"), LATER)
    mother = export()["patients"][0]["family"][1]
    assert [paper["kinds"] for paper in mother["consents"]] == [["caregiver_group"]]


def test_a_father_without_consent_is_exported_without_any(app: Flask) -> None:
    load_bytes(SMALL_PINES.encode())
    father = export()["patients"][0]["family"][0]
    assert (father["key"], father["consents"]) == ("p-1-father", [])


def test_before_the_first_load_there_is_nothing_to_export(app: Flask) -> None:
    with pytest.raises(NotFound):
        export()
