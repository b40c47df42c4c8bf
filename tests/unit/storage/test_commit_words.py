"""What a commit says of itself is held for a whole history: not more of it than is shown."""

from qms.storage.commits import parse_commit

ID = "a" * 40
MUCH = 8 * 1024 * 1024


def test_of_a_monstrous_message_little_is_kept() -> None:
    """A pack of 4 MB may hold 200 commits of 60 MB: they took 12 GB of memory, for ever."""
    said = b"x" * MUCH
    raw = b"tree %b\nauthor %b\ncommitter %b\n\n%b" % (ID.encode(), said, said, said)

    found = parse_commit(ID, raw)

    assert max(map(len, (found.message, found.author, found.committer))) == 4096
    assert (found.tree, found.parents) == (ID, ())
