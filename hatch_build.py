"""What the distribution needs is what requirements.txt says: one list, read when it is built.

A line whose comment begins with the name of an extra, as in `# [planner] …`, belongs to that extra.
"""

import re
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

LINE = re.compile(r"^(?P<needed>[^#]*?)\s*(?:#\s*(?:\[(?P<extra>[a-z]+)\])?.*)?$")
WHOLE = "all"
"""The extra that has all of the others."""


class RequirementsHook(MetadataHookInterface):
    """Fills in `dependencies` and `optional-dependencies` from requirements.txt."""

    PLUGIN_NAME = "custom"

    def update(self, metadata: dict[str, Any]) -> None:
        """Set the dependencies in place."""
        text = (Path(self.root) / "requirements.txt").read_text(encoding="utf-8")
        extras: dict[str, list[str]] = {"": [], WHOLE: []}
        for line in text.splitlines():
            match = LINE.match(line)
            if match is None or not match["needed"]:
                continue
            extra = match["extra"] or ""
            extras.setdefault(extra, []).append(match["needed"])
            if extra:
                extras[WHOLE].append(match["needed"])
        metadata["dependencies"] = extras.pop("")
        metadata["optional-dependencies"] = extras
