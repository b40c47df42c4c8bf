"""Since when something lies here that nobody signed: the only time that there is of it."""

from datetime import datetime
from pathlib import PurePosixPath

from qms.jobs.sessions.work_session import WorkSession
from qms.storage.files import written_time


def written_at(session: WorkSession, path: str, now: datetime) -> datetime:
    """When the file at `path` was last written on this machine; `now` where it lies nowhere here.

    Never after `now`. Only people are shown it: it decides nothing.
    """
    root = session.repository.root
    seconds = None if root is None else written_time(root.joinpath(*PurePosixPath(path).parts))
    return now if seconds is None else min(now, datetime.fromtimestamp(seconds, now.tzinfo))
