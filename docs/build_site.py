"""Builds the pages of docs/ and the top into a site of plain HTML, for any web server.

    .venv/bin/python docs/build_site.py [FOLDER]        into dist/site when left out

It ends with 1 and writes nothing when a page refers to what is not there.
"""

import html
import os
import re
import shutil
import sys
from pathlib import Path

import markdown

ROOT = Path(__file__).resolve().parent.parent
TOP = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")
PAGES = [
    *[ROOT / name for name in TOP],
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "decisions").glob("*.md")),
]
READERS = (
    ("Clinicians", "docs/for_clinicians.html"),
    ("Administrators", "docs/for_administrators.html"),
    ("Developers", "docs/for_developers.html"),
    ("API", "docs/api.html"),
    ("Changes", "CHANGELOG.html"),
)
EXTENSIONS = ["tables", "toc", "sane_lists"]
LINK = re.compile(r'<a href="([^"]+)">(.*?)</a>', re.S)
PICTURE = re.compile(r'<img [^>]*src="([^"]+)"')
PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Kinfold</title>
<link rel="stylesheet" href="{up}site.css">
</head>
<body>
<a class="skip" href="#page">To the page</a>
<header><nav aria-label="Readers"><a href="{up}index.html">Kinfold</a>{links}</nav></header>
<main id="page">
{body}
</main>
</body>
</html>
"""
STYLE = """:root { color-scheme: light dark; }
body { margin: 0; font: 1.05rem/1.6 system-ui, sans-serif; }
header { border-bottom: 1px solid; padding: 0 1rem; }
nav { display: flex; flex-wrap: wrap; column-gap: 1.5rem; max-width: 60rem; margin: auto; }
nav a { padding: .75rem 0; }
nav a[aria-current] { font-weight: 700; text-decoration: none; }
main { max-width: 60rem; margin: auto; padding: 0 1rem 4rem; }
pre { overflow-x: auto; padding: .75rem 1rem; border-left: 4px solid; font-size: .9rem; }
table { display: block; overflow-x: auto; border-collapse: collapse; }
th, td { border: 1px solid; padding: .35rem .6rem; text-align: left; vertical-align: top; }
img { max-width: 100%; height: auto; }
.skip { position: absolute; left: -99rem; }
.skip:focus { position: static; }
"""


def place_of(page: Path) -> str:
    """Return where a page stands in the site."""
    name = page.relative_to(ROOT).as_posix()
    return "index.html" if name == "README.md" else f"{name.removesuffix('.md')}.html"


PLACES = {page.resolve(): place_of(page) for page in PAGES}


def built() -> dict[str, str]:
    """Return the site: the HTML of each page, by its place."""
    return {place_of(page): whole(page) for page in PAGES}


def whole(page: Path) -> str:
    """Return a page as HTML, with the way to the pages of each reader."""
    place = place_of(page)
    up = "../" * place.count("/")
    text = page.read_text(encoding="utf-8")
    body = markdown.markdown(text, extensions=EXTENSIONS, output_format="html")
    body = LINK.sub(lambda found: linked(page, found[1], found[2]), body)
    body = body.replace("<table>", '<table tabindex="0">').replace("<pre>", '<pre tabindex="0">')
    title = text.splitlines()[0].lstrip("# ")
    links = "".join(navigation(name, where, place, up) for name, where in READERS)
    return PAGE.format(title=html.escape(title), up=up, links=links, body=body)


def navigation(name: str, where: str, place: str, up: str) -> str:
    """Return one link of the navigation."""
    current = ' aria-current="page"' if where == place else ""
    return f'<a href="{up}{where}"{current}>{name}</a>'


def linked(page: Path, target: str, words: str) -> str:
    """Return a link of a page as the site has it: to another page, or out; source files are words
    alone.
    """
    path, _, part = target.partition("#")
    if "://" in target or not path:
        return f'<a href="{target}">{words}</a>'
    place = PLACES.get((page.parent / path).resolve())
    if place is None:
        return words
    near = os.path.relpath(place, Path(place_of(page)).parent)
    anchor = f"#{part}" if part else ""
    return f'<a href="{Path(near).as_posix()}{anchor}">{words}</a>'


def lost(site: dict[str, str]) -> list[str]:
    """Return every picture, page and part of a page that is referred to and is not there."""
    faults = []
    for place, text in site.items():
        here = Path(place).parent
        for target in re.findall(r'href="([^":]+)"', text):
            path, _, part = target.partition("#")
            to = Path(os.path.normpath(here / path)).as_posix() if path else place
            there = site.get(to)
            if to.endswith("site.css"):
                continue
            if there is None or (part and f'id="{part}"' not in there):
                faults.append(f"{place}: {target}")
        pictures = PICTURE.findall(text)
        faults += [f"{place}: {name}" for name in pictures if not (ROOT / here / name).is_file()]
    return faults


def main(folder: Path) -> int:
    """Write the site into a folder; give the exit code."""
    site = built()
    faults = lost(site)
    for fault in faults:
        print(f"{fault} is not there", file=sys.stderr)
    if faults:
        return 1
    for place, text in site.items():
        path = folder / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "site.css").write_text(STYLE, encoding="utf-8")
    shutil.copytree(ROOT / "docs" / "pictures", folder / "docs" / "pictures", dirs_exist_ok=True)
    print(f"{len(site)} pages in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist" / "site"))
