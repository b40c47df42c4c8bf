"""What a commit says of itself is held for a whole history: not more of it than is shown."""

import random

import pytest

from qms.findings import QmsError
from qms.storage.commits import Links, parse_commit

ID = "a" * 40
MUCH = 8 * 1024 * 1024


def test_of_a_monstrous_message_little_is_kept() -> None:
    """A pack of 4 MB may hold 200 commits of 60 MB: they took 12 GB of memory, for ever."""
    said = b"x" * MUCH
    raw = b"tree %b\nauthor %b\ncommitter %b\n\n%b" % (ID.encode(), said, said, said)

    found = parse_commit(ID, raw)

    assert max(map(len, (found.message, found.author, found.committer))) == 4096
    assert (found.tree, found.parents) == (ID, ())


def test_of_a_parent_that_is_named_again_and_again_one_line_is_kept() -> None:
    """An object of 6 MB may name one 20 million times: that took 2 GB and minutes, for ever."""
    links = Links(40)
    links.add(b"tree %b\n" % ID.encode())
    parents = b"parent %b\nparent %b\n" % (b"b" * 40, b"c" * 40)
    for _ in range(500):
        links.add(parents * 1000)
    links.add(b"\nx")

    assert len(links.kept) < 1000
    assert parse_commit(ID, bytes(links.kept)).parents == ("b" * 40, "c" * 40)


def read(raw: bytes) -> object:
    try:
        found = parse_commit(ID, raw)
    except QmsError as error:
        return error.finding.code
    return found.tree, found.parents


@pytest.mark.parametrize("seed", range(20))
def test_what_is_kept_says_what_the_whole_says(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - no secret
    ids = [b"%040x" % at for at in range(3)]
    for _ in range(200):
        named = [dice.choice([*ids * 9, b"Z" * 40, b"ab"]) for _ in range(dice.randint(0, 30))]
        ends = [dice.choice([b"\n"] * 12 + [b" ", b""]) for _ in named]
        raw = b"tree %b\n" % ID.encode()
        raw += b"".join(b"parent " + one + end for one, end in zip(named, ends, strict=True))
        raw += dice.choice([b"\nx", b"author x\n\nhello", b"parent", b"", b"gpgsig " + b"a" * 99])
        links, at = Links(40), 0
        while at < len(raw):
            size = dice.choice([1, 7, 48, 60, 500])
            links.add(raw[at : at + size])
            at += size
        assert read(bytes(links.kept)) == read(raw), raw
