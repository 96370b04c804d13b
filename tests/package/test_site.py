"""The pages build into a site in which every link, picture and part of a page is there."""

from pathlib import Path

import pytest

from installed import script

site = script("docs/build_site.py")


def test_site_holds_every_page_and_nothing_refers_to_what_is_not_there(tmp_path: Path) -> None:
    assert site.main(tmp_path) == 0

    built = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.html")}
    assert built == {site.place_of(page) for page in site.PAGES}
    assert (tmp_path / "docs" / "pictures" / "board.png").is_file()
    assert (tmp_path / "site.css").is_file()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<a href="lost.html">x</a>', "index.html: lost.html"),
        ('<a href="#lost">x</a>', "index.html: #lost"),
        ('<img alt="" src="docs/pictures/lost.png">', "index.html: docs/pictures/lost.png"),
    ],
)
def test_what_is_not_there_is_named(body: str, said: str) -> None:
    assert site.lost({"index.html": body}) == [said]
