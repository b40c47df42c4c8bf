"""Where somebody wants files to go, if they may go there."""

from pathlib import Path
from typing import Final

from qms.cli.context import Context
from qms.formats.paths import GOVERNED
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.out_folder import out_fault, out_place

PUBLISHED: Final = "published"
"""Where `qms publish` prints to if nobody says otherwise."""


def place_of(context: Context, session: WorkSession, out: Path) -> Path:
    """The output folder: below the folder that `qms` was started in, or said to be by `-C`.

    Raises `QmsError` OUT-FOLDER where signed files or git's own lie.
    """
    repository = session.repository
    gits = "git's own files lie there"
    forbidden = {**dict.fromkeys(GOVERNED, "signed files lie there"), ".git": gits}
    place = out_place(context.folder / out, repository.root, forbidden)
    for own in (repository.git_dir, repository.common_dir):  # elsewhere: bare, or a linked tree
        if place.is_relative_to(own.resolve()):
            raise out_fault(out, gits)
    return place
