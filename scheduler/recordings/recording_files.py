"""The folder with the clinic's recordings: which files stand in it, and what plays them.

A file is named, never a path: nothing outside the folder is reached.
"""

from pathlib import Path

from scheduler.kernel.errors import NotFound

PLAYED = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".webm": "video/webm",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
}
"""What browsers play, by the end of the name."""
CAPTIONS = ".vtt"
"""Captions stand beside a recording, under its name with this end (WebVTT)."""
MOST_NAMED = 500

_folder: Path | None = None


def use_folder(path: Path | None) -> None:
    """Tell this process where recordings are; None: there is no folder."""
    global _folder
    _folder = path


def folder() -> Path | None:
    """Return where recordings are, None where no folder is set."""
    return _folder


def file_names() -> list[str]:
    """Return the names of the files that can be played, in order; none without a folder."""
    if _folder is None or not _folder.is_dir():
        return []
    found = []
    for path in _folder.iterdir():
        if path.suffix.lower() in PLAYED and path.is_file():
            found.append(path.name)
    return sorted(found)[:MOST_NAMED]


def path_of(name: str) -> Path:
    """Return where a file of the folder is. Raises NotFound for any other name."""
    if _folder is None or name not in file_names():
        raise NotFound("there is no such recording")
    return _folder / name


def captions_of(name: str) -> Path | None:
    """Return the captions that stand beside a recording, None without them."""
    beside = path_of(name).with_suffix(CAPTIONS)
    return beside if beside.is_file() else None
