"""Short names made for rows that were typed without one."""

from scheduler.web.desk.drawing.row_keys import with_keys


def test_row_is_named_after_its_title_and_never_as_another() -> None:
    rows = [{"title": "Skills"}, {"key": "skills"}, {"title": "Größe?"}, {"kind": "individual"}]

    named = [row["key"] for row in with_keys(rows, taken=["individual"])]
    assert named == ["skills-2", "skills", "groe", "individual-2"]
