"""Recordings of workshops for those who missed the live date: a link or file of the clinic's own,
watched under the same consents as the date itself.

It knows no page and no plan. A session of therapy is never recorded here: who may watch is asked
anew each time of `consents`.
"""

from scheduler.recordings.queries import recording_of, recording_to_watch, watched_by
from scheduler.recordings.recorded_session import (
    LONGEST_DAYS,
    RecordingSource,
    add_recording,
    remove_recording,
)
from scheduler.recordings.recording_files import (
    CAPTIONS,
    PLAYED,
    captions_of,
    file_names,
    folder,
    path_of,
    use_folder,
)
from scheduler.recordings.recording_passes import (
    any_pass,
    count_watching,
    end_passes_by,
    give_pass,
    pass_by_token,
    pass_token,
    use_key,
)
from scheduler.recordings.what_was_missed import Missed, may_watch, missed_recordings

__all__ = [
    "CAPTIONS",
    "LONGEST_DAYS",
    "PLAYED",
    "Missed",
    "RecordingSource",
    "add_recording",
    "any_pass",
    "captions_of",
    "count_watching",
    "end_passes_by",
    "file_names",
    "folder",
    "give_pass",
    "may_watch",
    "missed_recordings",
    "pass_by_token",
    "pass_token",
    "path_of",
    "recording_of",
    "recording_to_watch",
    "remove_recording",
    "use_folder",
    "use_key",
    "watched_by",
]
