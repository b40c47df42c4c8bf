import hashlib
import shutil
import subprocess
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from qms.findings import QmsError, Refused
from qms.formats import caps
from qms.storage.repository import Repository
from qms.testing.planted import stored

Git = Callable[..., str]


def loose(root: Path, object_id: str) -> Path:
    return root / ".git" / "objects" / object_id[:2] / object_id[2:]


def swap(root: Path, object_id: str, kind: bytes, data: bytes) -> None:
    """Put other bytes under an id, as a hostile clone may."""
    path = loose(root, object_id)
    path.chmod(0o644)
    path.write_bytes(zlib.compress(b"%s %d\0" % (kind, len(data)) + data))


def store(root: Path, kind: str, data: bytes) -> str:
    """An object that git itself would not make."""
    whole = b"%s %d\0" % (kind.encode(), len(data)) + data
    object_id = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
    path = loose(root, object_id)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(zlib.compress(whole))
    return object_id


def test_a_blob_is_read_as_it_was_stored(repository: Repository, git: Git) -> None:
    blob = git("hash-object", "-w", "--stdin", stdin="制度\n")

    assert repository.objects.blob(blob) == "制度\n".encode()


def test_an_object_swapped_under_its_id_is_corrupt(
    repository: Repository, root: Path, git: Git
) -> None:
    blob = git("hash-object", "-w", "--stdin", stdin="approved\n")
    swap(root, blob, b"blob", b"forged!!\n")

    with pytest.raises(QmsError) as caught:
        repository.objects.blob(blob)

    assert caught.value.finding.code == "OBJECT-CORRUPT"


def test_an_object_that_does_not_unpack_is_corrupt_and_others_stay_readable(
    repository: Repository, root: Path, git: Git
) -> None:
    good = git("hash-object", "-w", "--stdin", stdin="good\n")
    bad = git("hash-object", "-w", "--stdin", stdin="bad\n")
    loose(root, bad).chmod(0o644)
    loose(root, bad).write_bytes(b"no zlib stream")

    with pytest.raises(QmsError) as caught:
        repository.objects.blob(bad)

    assert caught.value.finding.code in {"OBJECT-CORRUPT", "CONTENT-MISSING"}
    assert repository.objects.blob(good) == b"good\n"


@pytest.mark.parametrize("dies", [b"no zlib stream", zlib.compress(b"blob 9\0bad\n")])
def test_an_object_that_ends_git_is_told_to_whoever_asked_for_it(
    repository: Repository, root: Path, git: Git, dies: bytes
) -> None:
    """Also where somebody else asks for what comes behind it, who still gets all of that."""
    good = [git("hash-object", "-w", "--stdin", stdin=f"{one}\n") for one in range(3)]
    bad = git("hash-object", "-w", "--stdin", stdin="bad\n")
    loose(root, bad).chmod(0o644)
    loose(root, bad).write_bytes(dies)

    first = repository.objects.stream([good[0], bad, good[1]])
    heads = [next(first)[2]]
    second = repository.objects.stream(good)
    heads += [next(second)[2], repository.objects.blob(good[2])]
    with pytest.raises(QmsError) as caught:
        next(first)

    assert heads == [b"0\n", b"0\n", b"2\n"]
    assert caught.value.finding.values["id"] == bad
    assert [data for _, _, data in second] == [b"1\n", b"2\n"]


def test_what_is_called_a_folder_or_a_file_and_is_none_is_odd(
    repository: Repository, git: Git
) -> None:
    blob = git("hash-object", "-w", "--stdin", stdin="text\n")
    tree = git("mktree", stdin=f"100644 blob {blob}\ta\n")

    for read, found in (
        (lambda: repository.objects.listing(blob), "blob ≠ tree"),
        (lambda: repository.objects.blob(tree), "tree ≠ blob"),
    ):
        with pytest.raises(Refused) as caught:
            read()
        assert (caught.value.finding.code, caught.value.finding.values["found"]) == (
            "TREE-ODD", found,
        )  # fmt: skip

    assert repository.objects.listing(tree).entries.keys() == {"a"}
    assert repository.objects.blob(blob) == b"text\n"


def test_content_that_was_purged_is_missing(repository: Repository) -> None:
    with pytest.raises(QmsError) as caught:
        repository.objects.blob("1" * 40)

    assert caught.value.finding.code == "CONTENT-MISSING"
    assert caught.value.finding.values == {"id": "1" * 40}


@pytest.mark.parametrize("text", ["", "HEAD", "main", "1" * 39, "1" * 41, "-h", "1" * 39 + "\n"])
def test_only_ids_are_read(repository: Repository, text: str) -> None:
    with pytest.raises(QmsError) as caught:
        repository.objects.read(text)

    assert caught.value.finding.code == "OBJECT-CORRUPT"


def test_many_objects_come_in_the_order_asked_for(repository: Repository, git: Git) -> None:
    lines = "".join(f"blob\nmark :{n}\ndata <<E\n{n}\nE\n" for n in range(1, 3000))
    git("fast-import", "--quiet", "--export-marks=.git/marks", stdin=lines)
    marks = (line.split() for line in (repository.git_dir / "marks").read_text().splitlines())
    ids = {int(mark[1:]): blob for mark, blob in marks}

    found = [(one, data) for one, _, data in repository.objects.stream(ids.values())]

    assert found == [(blob, b"%d\n" % number) for number, blob in ids.items()]


def test_reads_may_come_between_those_of_a_stream(repository: Repository, git: Git) -> None:
    lines = "".join(f"blob\nmark :{n}\ndata <<E\n{n}\nE\n" for n in range(1, 2000))
    git("fast-import", "--quiet", "--export-marks=.git/marks", stdin=lines)
    marks = (line.split() for line in (repository.git_dir / "marks").read_text().splitlines())
    ids = [blob for _, blob in sorted((int(mark[1:]), blob) for mark, blob in marks)]

    first = repository.objects.stream(ids)
    heads = [next(first)[2], repository.objects.read(ids[1700]), next(first)[2]]
    second = repository.objects.stream(reversed(ids))
    heads += [next(second)[2], next(first)[2]]
    first.close()
    rest = [data for _, _, data in second]

    assert heads == [b"1\n", b"1701\n", b"2\n", b"1999\n", b"3\n"]
    assert rest == [b"%d\n" % number for number in range(1998, 0, -1)]


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        (b"100644 a\0" + b"1" * 19, "@ 0"),
        (b"100644 a" + b"1" * 20, "@ 0"),
        (b"100644 a\0" + b"1" * 20 + b"1006", "@ 29"),
        (b"0100644 a\0" + b"1" * 20, "0100644 a"),
        (b"040000 a\0" + b"1" * 20, "040000 a"),
        (b"0 a\0" + b"1" * 20, "0 a"),
        (b" a\0" + b"1" * 20, " a"),
        (b"100600 a\0" + b"1" * 20, "100600 a"),
        (b"40755 a\0" + b"1" * 20, "40755 a"),
        (b"100644 a/b\0" + b"1" * 20, "“a/b”"),
        (b"100644 \0" + b"1" * 20, "“”"),
        (b"100644 .git\0" + b"1" * 20, "“.git”"),
        (b"40000 ..\0" + b"1" * 20, "“..”"),
        (b"100644 b\0" + b"1" * 20 + b"100644 a\0" + b"1" * 20, "b > a"),
        (b"100644 a\0" + b"1" * 20 + b"100644 a\0" + b"2" * 20, "2 × a"),
        (
            b"100644 a\0" + b"1" * 20 + b"100644 a.b\0" + b"1" * 20 + b"40000 a\0" + b"2" * 20,
            "2 × a",
        ),
    ],
)
def test_a_tree_that_git_would_not_write_is_odd(
    repository: Repository, root: Path, raw: bytes, found: str
) -> None:
    tree = store(root, "tree", raw)

    for _ in range(2):
        repository.objects.prefetch([tree])
        with pytest.raises(Refused) as caught:
            repository.objects.tree(tree)

        assert caught.value.finding.code == "TREE-ODD"
        assert caught.value.finding.values == {"id": tree, "found": found}


@pytest.mark.parametrize("piece", [b"100644 a", b"40000 " + b"a" * 90, b"100644 a b\0" + b"1" * 19])
def test_a_tree_of_garbage_is_read_in_linear_time(
    repository: Repository, root: Path, piece: bytes
) -> None:
    """A regular expression that begins anew at every byte would take years for these."""
    tree = store(root, "tree", piece * (8_000_000 // len(piece)))

    begun = time.process_time()
    with pytest.raises(Refused):
        repository.objects.tree(tree)

    assert time.process_time() - begun < 5


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"tree " + b"1" * 40 + b"\n",
        b"tree " + b"1" * 39 + b"\nauthor A <a> 0 +0000\ncommitter A <a> 0 +0000\n\n",
        b"parent " + b"1" * 40 + b"\ntree " + b"1" * 40 + b"\n",
        b"tree " + b"g" * 40 + b"\n\n",
        b"tree " + b"1" * 40 + b"\nparent " + b"2" * 40 + b"\n",
        b"tree " + b"1" * 40 + b"\nparent " + b"2" * 41 + b"\n\n",
        b"tree " + b"1" * 40 + b"\nparent " + b"x" * 40 + b"\n\n",
    ],
)
def test_a_commit_that_git_cannot_walk_either_is_corrupt(
    repository: Repository, root: Path, raw: bytes
) -> None:
    commit = store(root, "commit", raw)

    with pytest.raises(QmsError) as caught:
        repository.objects.commit(commit)

    assert caught.value.finding.code == "OBJECT-CORRUPT"


def test_a_commit_with_further_headers_is_read(repository: Repository, root: Path) -> None:
    head = (
        b"tree %s\nparent %s\nparent %s\nauthor \xe7\x8e\x8b <w> 0 +0800\ncommitter B <b> 1 +0000\n"
    )
    more = b"encoding UTF-8\ngpgsig -----BEGIN\n line\n\n subject\n\nbody\n"
    raw = head % (b"1" * 40, b"2" * 40, b"3" * 40) + more.replace(
        b"\n\n subject", b"\n \n\nsubject"
    )
    commit = repository.objects.commit(store(root, "commit", raw))

    assert (commit.tree, commit.parents) == ("1" * 40, ("2" * 40, "3" * 40))
    assert (commit.author, commit.message) == ("王 <w> 0 +0800", "subject\n\nbody\n")


def test_a_repository_of_sha256_is_read(tmp_path: Path) -> None:
    folder = tmp_path / "wide"
    subprocess.run(["git", "init", "-q", "--object-format=sha256", str(folder)], check=True)
    (folder / "a").write_text("text\n", encoding="utf-8")
    subprocess.run(["git", "add", "a"], cwd=folder, check=True)
    subprocess.run(["git", "commit", "-q", "-m", "a"], cwd=folder, check=True)

    with Repository.find(folder) as repository:
        head = repository.head()
        assert repository.hash_name == "sha256"
        assert head is not None
        assert len(head) == 64
        assert repository.tree(head).read("a") == b"text\n"
        assert repository.work_tree().id == repository.head_tree().id


def test_reading_goes_on_after_git_has_ended(repository: Repository, git: Git) -> None:
    blob = git("hash-object", "-w", "--stdin", stdin="text\n")
    repository.objects.read(blob)
    repository.close()

    assert repository.objects.read(blob) == b"text\n"


def test_objects_that_came_later_are_found(repository: Repository, git: Git) -> None:
    with pytest.raises(QmsError):
        repository.objects.read("1" * 40)
    blob = git("hash-object", "-w", "--stdin", stdin="later\n")

    assert repository.objects.read(blob) == b"later\n"


@pytest.fixture
def large(git: Git) -> str:
    """A blob that is one byte over the cap."""
    return git("hash-object", "-w", "--stdin", stdin="x" * (caps.BLOB + 1))


def test_a_blob_over_the_cap_is_not_read(repository: Repository, large: str) -> None:
    for _ in range(2):
        with pytest.raises(Refused) as caught:
            repository.objects.blob(large)

        assert caught.value.finding.code == "LIMIT"
        assert caught.value.finding.values == {
            "cap": "blob", "found": str(caps.BLOB + 1), "limit": str(caps.BLOB)
        }  # fmt: skip


def test_a_blob_at_the_cap_is_read(repository: Repository, git: Git) -> None:
    blob = git("hash-object", "-w", "--stdin", stdin="x" * caps.BLOB)

    assert len(repository.objects.blob(blob)) == caps.BLOB


def test_what_is_asked_for_with_blobs_over_the_cap_is_read(
    repository: Repository, root: Path, large: str
) -> None:
    """Git is ended where it would send such a blob, and another one is asked for the rest."""
    texts = [f"text {at}\n".encode() for at in range(1000)]
    ids = [store(root, "blob", text) for text in texts]
    other = store(root, "blob", b"y" * (caps.BLOB + 2))
    asked = [*ids[:100], large, *ids[100:500], large, *ids[500:900], other, *ids[900:]]

    found = [data for _, _, data in repository.objects.stream(asked, skip_missing=True)]
    again = list(repository.objects.contents(asked))

    assert found == again == texts


def test_nothing_is_left_out_in_silence_where_all_is_asked_for(
    repository: Repository, root: Path, large: str
) -> None:
    small = store(root, "blob", b"small\n")

    with pytest.raises(Refused) as caught:
        list(repository.objects.stream([small, large, small]))

    assert caught.value.finding.code == "LIMIT"
    assert repository.objects.read(small) == b"small\n"


@pytest.mark.parametrize("many", [0, 1, 5000])
def test_a_commit_of_any_size_is_read(repository: Repository, root: Path, many: int) -> None:
    parents = [b"%040x" % (1 << 150 | at) for at in range(many)]
    lines = b"".join(b"parent %b\n" % one for one in parents)
    head = b"tree " + b"1" * 40 + b"\n" + lines + b"author A <a> 0 +0000\n\n"
    commit = repository.objects.commit(store(root, "commit", head + b"x" * 70_000_000))

    assert (commit.tree, commit.author) == ("1" * 40, "A <a> 0 +0000")
    assert commit.parents == tuple(one.decode() for one in parents)
    assert commit.message == "x" * 4096


def test_a_large_commit_is_hashed_to_its_end(repository: Repository, root: Path) -> None:
    raw = b"tree " + b"1" * 40 + b"\n\n" + b"x" * 1_000_000
    commit = store(root, "commit", raw)
    other = store(root, "commit", raw[:-1] + b"y")
    loose(root, commit).chmod(0o644)
    shutil.copy(loose(root, other), loose(root, commit))

    with pytest.raises(QmsError) as caught:
        repository.objects.commit(commit)

    assert caught.value.finding.code == "OBJECT-CORRUPT"


AUTHOR = b"author A <a> 0 +0000\ncommitter A <a> 0 +0000\n"


@pytest.mark.parametrize(
    "rest",
    [
        b"\n",
        b"\nno author",
        b"author A\0 <\xff> 0 +0000\n\nx",
        AUTHOR + b"parent " + b"4" * 40 + b"\ntree " + b"5" * 40 + b"\n\nbehind",
        AUTHOR + b"gpgsig " + b"-\n -" * 100_000 + b"\n\nx",
        b"parent " + b"4" * 40,
        b"nonsense",
    ],
)
@pytest.mark.parametrize("spelled", ["lower", "upper"])
def test_of_a_commit_only_tree_and_parents_are_taken(
    repository: Repository, root: Path, git: Git, rest: bytes, spelled: str
) -> None:
    """As git takes them: it walks on from such commits, so who didn't could never read them."""
    raw = b"tree " + b"a" * 40 + b"\nparent " + b"b" * 40 + b"\nparent " + b"c" * 40 + b"\n"
    if spelled == "upper":
        raw = raw.upper().replace(b"TREE", b"tree").replace(b"PARENT", b"parent")
    commit = store(root, "commit", raw + rest)

    found = repository.objects.commit(commit)

    told = git("rev-list", "--no-walk", "--parents", "--format=%T", commit).split()
    assert told == ["commit", commit, *found.parents, found.tree]
    assert (found.tree, found.parents) == ("a" * 40, ("b" * 40, "c" * 40))


def test_a_lost_object_folder_is_no_repository(root: Path) -> None:
    shutil.rmtree(root / ".git" / "objects")

    with pytest.raises(QmsError) as caught:
        Repository.find(root)

    assert caught.value.finding.code == "NO-REPO"


def test_an_object_that_breaks_off_is_not_waited_for(
    repository: Repository, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """git has sent what there is and waits for the next question."""
    monkeypatch.setattr("qms.storage.patience.WAITING", 1)
    monkeypatch.setattr("qms.storage.patience.QUIET", 1)
    short = stored(root, "blob", b"cut off", 100)

    with pytest.raises(QmsError) as caught:
        repository.objects.read(short)

    assert caught.value.finding.code == "OBJECT-CORRUPT"
    assert repository.objects.read(stored(root, "blob", b"whole")) == b"whole"
