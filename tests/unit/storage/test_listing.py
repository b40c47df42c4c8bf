import hashlib
import string

from hypothesis import example, given
from hypothesis import strategies as st

from qms.formats.tree import FILE, FOLDER, SYMLINK, TreeEntry
from qms.storage.tree_listing import Listing, decode, difference, encode

NAMES = st.text(string.ascii_lowercase + "-.0文", min_size=1, max_size=6).filter(
    lambda name: name not in {".", "..", ".git"}
)
IDS = st.binary(min_size=2, max_size=2).map(
    lambda seed: hashlib.sha1(seed, usedforsecurity=False).hexdigest()
)
ENTRIES = st.builds(TreeEntry, st.sampled_from([FILE, FOLDER, SYMLINK]), IDS)
FOLDERS = st.dictionaries(NAMES, ENTRIES, max_size=30)


def listing_of(folder: dict[str, TreeEntry]) -> Listing:
    return Listing.build([encode(name, entry) for name, entry in folder.items()], 20)


@given(FOLDERS)
def test_a_listing_is_read_back_as_it_was_built(folder: dict[str, TreeEntry]) -> None:
    raw = listing_of(folder).raw

    parsed = Listing.parse(raw, 20)

    assert parsed is not None
    assert parsed.entries == folder
    assert [parsed.get(name) for name in folder] == list(folder.values())


@given(FOLDERS, NAMES)
def test_a_name_that_is_not_there_is_not_found(folder: dict[str, TreeEntry], name: str) -> None:
    listing = listing_of(folder)

    assert listing.get(name) == folder.get(name)


@given(FOLDERS, FOLDERS)
@example({}, {"a": TreeEntry(FILE, "1" * 40)})
def test_a_known_resemblance_changes_nothing_but_the_time(
    older: dict[str, TreeEntry], newer: dict[str, TreeEntry]
) -> None:
    raw = listing_of(older | newer).raw

    parsed = Listing.parse(raw, 20, listing_of(older))

    assert parsed is not None
    assert parsed.raw == raw
    assert parsed.lines == listing_of(older | newer).lines


@given(FOLDERS, st.binary(max_size=60), st.integers(0, 400), st.integers(0, 400))
def test_damaged_bytes_are_judged_alike_with_and_without_a_resemblance(
    folder: dict[str, TreeEntry], noise: bytes, start: int, stop: int
) -> None:
    good = listing_of(folder)
    raw = good.raw[:start] + noise + good.raw[stop:]

    plain, quick = Listing.parse(raw, 20), Listing.parse(raw, 20, good)

    assert (plain is None) == (quick is None)
    if plain is not None and quick is not None:
        assert plain.lines == quick.lines


def test_a_folder_beside_a_file_of_its_name_is_no_tree() -> None:
    """git's order puts them apart: only looking for the name finds the other one."""
    file, between = TreeEntry(FILE, "1" * 40), TreeEntry(FILE, "2" * 40)
    good = listing_of({"a": file, "a-b": between})
    raw = good.raw + encode("a", TreeEntry(FOLDER, "3" * 40))

    assert Listing.parse(raw, 20) is None
    assert Listing.parse(raw, 20, good) is None


def test_a_name_may_stand_in_an_id_too() -> None:
    inside = b" b\0".hex() + "0" * 34
    good = listing_of({"a": TreeEntry(FILE, inside)})
    both = listing_of({"a": TreeEntry(FILE, inside), "b": TreeEntry(FILE, "1" * 40)})

    parsed = Listing.parse(both.raw, 20, good)

    assert parsed is not None
    assert parsed.get("b") == TreeEntry(FILE, "1" * 40)


@given(FOLDERS, FOLDERS)
def test_what_was_read_by_a_resemblance_knows_its_difference(
    older: dict[str, TreeEntry], newer: dict[str, TreeEntry]
) -> None:
    before = listing_of(older)
    after = Listing.parse(listing_of(older | newer).raw, 20, before)
    assert after is not None

    gone, come = difference(before, after)

    assert gone == unlike(older, older | newer)
    assert come == unlike(older | newer, older)
    assert after.entries == older | newer
    assert sorted(after.newer_than(before), key=str) == sorted(
        ((entry, older.get(name)) for name, entry in newer.items() if entry != older.get(name)),
        key=str,
    )


@given(FOLDERS, FOLDERS)
def test_the_difference_is_what_only_one_of_them_has(
    older: dict[str, TreeEntry], newer: dict[str, TreeEntry]
) -> None:
    newer = newer | dict(list(older.items())[::2])

    gone, come = difference(listing_of(older), listing_of(newer))

    assert gone == unlike(older, newer)
    assert come == unlike(newer, older)


def unlike(one: dict[str, TreeEntry], other: dict[str, TreeEntry]) -> dict[str, TreeEntry]:
    return {name: entry for name, entry in one.items() if other.get(name) != entry}


def test_a_name_that_is_not_utf_8_comes_back_as_the_same_bytes() -> None:
    line = b"100644 \xff\xfe\0" + b"1" * 20

    name, entry = decode(line, 20)

    assert encode(name, entry) == line
