"""What killed commands left signed and not committed, put right by commands that write.

Nothing is made good in silence, and nothing twice: whoever finds a commit finished that was begun
by a command which was killed is told so, and asks again for what else was wanted.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress

from qms.findings import Refused, refused
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.branch import BranchMoved
from qms.storage.unfinished import Unfinished, unfinished
from qms.storage.workfolder import remove_work_file
from qms.storage.workrepo import committing_branch, go_on, unstage, writing


def finish(session: WorkSession) -> tuple[Unfinished, ...]:
    """Commit what killed commands left, as far as it is of this clone and now; what that was.

    Raises what the rules say against it, and as `commit_paths`.
    """
    return _finished(session, _holds)


def finish_first(session: WorkSession) -> None:
    """The same before a command that writes: it ends there, since its own act may be done.

    What the rules don't take lies on, and is told by those that read. Raises `Refused`
    FINISHED-FIRST.
    """

    def is_taken(session: WorkSession, one: Unfinished) -> bool:
        try:
            return _holds(session, one)
        except Refused:
            return False

    done = _finished(session, is_taken)
    if done:
        raise refused(
            "FINISHED-FIRST",
            subject="; ".join(one.subject for one in done),
            commit=", ".join(one.commit[:12] for one in done),
        )


def _finished(
    session: WorkSession, is_taken: Callable[[WorkSession, Unfinished], bool]
) -> tuple[Unfinished, ...]:
    repository = session.repository
    if session.dry_run or not unfinished(repository):
        return ()
    done: list[Unfinished] = []
    with writing(repository):
        for one in unfinished(repository):
            session.forget()
            if is_taken(session, one):
                with suppress(BranchMoved):
                    go_on(repository, one)
                    done.append(one)
                    session.has_written = True
        session.forget()
    return tuple(done)


def drop(session: WorkSession) -> Mapping[str, str]:
    """Remove files that a killed command left: those that are still, byte for byte, what it wrote.

    Gives the paths, each with the commit that holds what was removed. A file that HEAD has too is
    missing then, and git brings it back; what is staged at these paths is what HEAD has. Raises as
    `writing`.
    """
    repository = session.repository
    dropped: dict[str, str] = {}
    with writing(repository):
        for one in unfinished(repository):
            if one.strange(repository):
                continue
            paths = one.unchanged(repository)
            unstage(repository, one, paths)
            for path in paths:
                remove_work_file(repository.root or repository.git_dir, path)
            one.forget()
            dropped |= dict.fromkeys(paths, one.commit)
    session.forget()
    return dropped


def is_committed(session: WorkSession, path: str) -> bool:
    """Whether HEAD has a file: `git restore` brings it back."""
    return session.tree.entry(path) is not None


def _holds(session: WorkSession, one: Unfinished) -> bool:
    """Whether a note is used: it is of here and now.

    Raises what the rules say against it. What isn't used is told by those that read, and stays.
    """
    repository = session.repository
    if one.strange(repository):
        return False
    committing_branch(repository, allow_unborn=one.head is None)
    session.unrefused(
        {
            path: None if blob is None else repository.objects.blob(blob)
            for path, blob in one.new.items()
        }
    )
    return True
