"""The vectors: the bytes that people sign, as files that must verify and files that must not."""

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from qms.domain.kinds import policy_tables
from qms.domain.kinds.days import Zones
from qms.domain.kinds.document import beside_core
from qms.domain.kinds.legacy_paper import LEGACY
from qms.domain.kinds.log import ACTS_HEAD, COPY_HEAD, check_head
from qms.domain.kinds.manifest import MANIFEST
from qms.findings import Refused, refused
from qms.formats import caps, names, schema, sshsig, strict_yaml, tree
from qms.formats.cut import Cut, cut_markdown, cut_yaml
from qms.formats.digests import parse_time, sha256
from qms.formats.head import read_head, refuse_unbounded
from qms.formats.paths import acts_path
from qms.formats.print_manifest import proof, proved_manifest
from qms.formats.schema import read as typed
from qms.formats.slots import (
    DATA_KEYS,
    Statement,
    Subject,
    Tail,
    check_statement,
    parse_tail,
    statements_in,
)
from qms.formats.strict_yaml import Value
from qms.testing.planted import deep, folder_of, planted, stored

TESTS = Path(__file__).parents[1]
FOLDER = TESTS / "vectors"
NAMES = sorted(path.parent.name for path in FOLDER.glob("*/verdict"))
DATED = [name for name in NAMES if (FOLDER / name / "day").exists()]
GOOD = [name for name in NAMES if (FOLDER / name / "slot").exists()]

KEYS = "77872f81b68e920875c083c4411a16244461e5f31d8ac5b97c5c13d7edd26ad0"


def text(name: str, part: str) -> str:
    return (FOLDER / name / part).read_text(encoding="utf-8").removesuffix("\n")


MANIFESTS = [name for name in NAMES if text(name, "path") == "manifest.json"]


def read(path: str, data: bytes) -> tuple[Cut, dict[str, Value], Tail]:
    cut = cut_markdown(data) if path.endswith(".md") else cut_yaml(data)
    head = read_head(cut)
    if path.endswith(".md"):
        refuse_unbounded(beside_core(head))
    if not path.endswith(".md") and not path.startswith("policy/"):
        check_head(COPY_HEAD if path.startswith("copies/") else ACTS_HEAD, head, cut)
    return cut, head, parse_tail(cut.tail, cut.tail_line)


def subject(path: str, head: Mapping[str, Value]) -> Subject:
    def value(key: str) -> str | None:
        found = head.get(key)
        return str(found) if found is not None else None

    kind = {"copies": "copy", "policy": "policy"}.get(path.partition("/")[0], "document")
    if kind == "policy":
        return Subject(kind=kind, number="policy", revision=value("version"))
    return Subject(
        kind=kind,
        number=value("number"),
        class_=value("class"),
        revision=value("revision"),
        copy=value("copy"),
    )


def expected_path(path: str, about: Subject, head: Mapping[str, Value]) -> str:
    assert about.revision is not None
    assert about.number is not None
    folder = path.partition("/")[0]
    if folder == "policy":
        return f"policy/{int(about.revision):04}/policy.yaml"
    where = f"{folder}/{about.class_}/{names.number_path(about.number)}"
    if folder == "documents":
        return f"{where}.md"
    revision = names.revision_part(about.revision)
    if about.copy is not None:
        return f"{where}/{revision}/{names.encode_part(about.copy)}.yaml"
    if path.endswith(".acts.yaml"):
        return acts_path(about.class_ or "", about.number, about.revision, str(head["content"]))
    return f"{where}/{revision}.md"


def verify_signature(slot: Statement) -> None:
    assert slot.signature is not None
    key = sshsig.signing_key(slot.signature)
    sshsig.verify(slot.message(), slot.signature, slot.namespace, key)
    if key.fingerprint != slot.key:
        raise refused("SIGNATURE")


def judge(path: str, data: bytes, sig: str | None = None) -> str:
    """What a file says of itself: form, signatures, subject and content, in this order."""
    try:
        if path == "qms.yaml":
            zones(data)
            return "ok"
        if path == "manifest.json":
            proved_manifest(data, proof(data, sig))
            return "ok"
        cut, head, tail = read(path, data)
        faults = typed(MANIFEST, head).findings if path.startswith("policy/") else ()
        if "legacy" in head:
            faults = typed(LEGACY, head["legacy"], "legacy").findings
        if faults:
            return faults[0].code
        slots = statements_in(tail.slots)
        for slot in slots:
            check_statement(slot)
        for slot in slots:
            verify_signature(slot)
        return consistency(path, cut, head, tail)
    except Refused as error:
        return error.finding.code


def zones(settings: bytes) -> Zones:
    """The zone that a qms.yaml gives its company."""
    found = policy_tables.QMS, strict_yaml.load(settings)
    organisation = schema.read(*found).value["organisation"]
    assert isinstance(organisation, schema.Row)
    zone = organisation["timezone"]
    assert isinstance(zone, Zones)
    return zone


def day(name: str, slot: Statement) -> str:
    """The day of a statement by the policy versions that a vector brings."""
    assert slot.at is not None
    for manifest in sorted((FOLDER / name).glob("policy-*")):
        if slot.policy in (None, cut_yaml(manifest.read_bytes()).content):
            settings = (FOLDER / name / manifest.name.replace("policy", "qms")).read_bytes()
            assert sha256(settings) in manifest.read_text(encoding="utf-8")
            return zones(settings).day(parse_time(slot.at)).isoformat()
    return "-"


def consistency(path: str, cut: Cut, head: Mapping[str, Value], tail: Tail) -> str:
    about = subject(path, head)
    signed = statements_in(tail.slots)
    last = max(statement.round for statement in signed)
    current = [statement for statement in signed if statement.round == last]
    moved = any(statement.subject != about for statement in current)
    if moved or path != expected_path(path, about, head):
        return "MOVED-ENTRY"
    if any(statement.content != cut.content for statement in current):
        return "APPROVAL-MISMATCH" if tail.status == "in-review" else "DOC-CHANGED"
    return "ok"


@pytest.mark.parametrize("name", NAMES)
def test_each_file_gets_its_verdict(name: str) -> None:
    beside = FOLDER / name / "sig"
    sig = beside.read_text(encoding="ascii") if beside.exists() else None
    found = judge(text(name, "path"), (FOLDER / name / "file").read_bytes(), sig)
    assert found == text(name, "verdict")


@pytest.mark.parametrize("name", GOOD)
def test_each_part_of_a_good_vector_is_what_we_make_of_the_file(name: str) -> None:
    cut, _, tail = read(text(name, "path"), (FOLDER / name / "file").read_bytes())
    slot = tail.slots[int(text(name, "slot"))]
    assert isinstance(slot, Statement)
    signature = text(name, "signature")

    assert cut.content == text(name, "content")
    assert slot.message() == (FOLDER / name / "message").read_bytes()
    assert slot.id == text(name, "id")
    assert slot.namespace == text(name, "namespace")
    assert slot.signature == signature
    assert sshsig.from_armour((FOLDER / name / "sig").read_text()) == signature
    person, _, key = text(name, "signers").partition(" ")
    assert person == slot.person
    sshsig.verify(slot.message(), signature, slot.namespace, sshsig.PublicKey.parse(key))


@pytest.mark.parametrize("name", DATED)
def test_a_statement_has_the_day_of_the_policy_that_it_names(name: str) -> None:
    """format, Spellings: whichever version is the newest, and wherever the signer was."""
    _, _, tail = read(text(name, "path"), (FOLDER / name / "file").read_bytes())

    slot = tail.slots[int(text(name, "slot"))]
    assert isinstance(slot, Statement)
    assert day(name, slot) == text(name, "day")


@pytest.mark.parametrize("act", DATA_KEYS)
def test_each_act_has_a_vector(act: str) -> None:
    assert f"act-{act}" in GOOD


def test_each_type_of_key_has_a_vector() -> None:
    types = {text(name, "signers").split(" ")[1] for name in GOOD if name.startswith("key-")}

    assert types == set(sshsig.KEY_TYPES)


def test_a_vector_holds_nothing_else() -> None:
    good = {
        *("path", "file", "content", "slot", "message", "id", "signature", "sig"),
        *("signers", "namespace", "verdict"),
    }

    for name in MANIFESTS:
        parts = {path.name for path in (FOLDER / name).iterdir()} - {"sig"}
        assert parts == {"path", "file", "signers", "namespace", "verdict"}
    for name in sorted({*NAMES} - {*MANIFESTS}):
        parts = {path.name for path in (FOLDER / name).iterdir()}
        dated = {one for one in parts if re.fullmatch("day|(policy|qms)-[0-9]{4}", one)}
        assert bool(dated) == (name in DATED)
        assert parts - dated == (good if name in GOOD else {"path", "file", "verdict"})
        assert (name in GOOD) == (text(name, "verdict") == "ok")


def run(*arguments: str, folder: Path = TESTS.parent) -> str:
    done = subprocess.run(
        [sys.executable, "-I", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert not done.stderr
    return done.stdout


def test_the_vectors_are_what_their_script_writes() -> None:
    assert run(str(FOLDER / "make.py"), "--check") == ""


def test_the_second_verifier_agrees_on_all_vectors() -> None:
    told = run(str(TESTS / "second_verifier.py"), *(str(FOLDER / name) for name in NAMES))

    assert [line.split("\t") for line in told.splitlines()] == [
        [name, "agreed", text(name, "verdict")] for name in NAMES
    ]


def git(folder: Path, *arguments: str) -> str:
    program = shutil.which("git")
    assert program is not None
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    done = subprocess.run(
        [program, *identity, *arguments], cwd=folder, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_second_verifier_reads_a_commit(tmp_path: Path) -> None:
    here = [name for name in GOOD if name not in DATED]  # those are another repository's
    files = {text(name, "path"): (FOLDER / name / "file").read_bytes() for name in here}
    changed = "released/procedure/LX-CX-2019-02/A-0.md"
    for path, data in files.items():
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data + b"\nmore\n" if path == changed else data)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Record")

    told = run(str(TESTS / "second_verifier.py"), "--repo", str(tmp_path), "HEAD")

    assert sorted(line.split("\t") for line in told.splitlines()) == sorted(
        [path, "DOC-CHANGED" if path == changed else "ok"] for path in files
    )


def test_the_second_verifier_knows_the_caps_of_a_commit(tmp_path: Path) -> None:
    """It asks for sizes, counts and depths first, and reads nothing that is over a cap."""
    git(tmp_path, "init", "-q")
    for name in GOOD:
        if name in DATED:  # of another repo
            continue
        place = tmp_path / text(name, "path")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes((FOLDER / name / "file").read_bytes())
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "Record")
    over = stored(tmp_path, "blob", b"x" * (caps.BLOB + 1))
    small = stored(tmp_path, "blob", b"x")
    flood = folder_of(tmp_path, [(f"{at:06}.md", tree.FILE, small) for at in range(caps.PATHS + 1)])
    tip = git(tmp_path, "rev-parse", "HEAD")
    for path, mode, blob in (
        ("released/form/X/A-0.md", tree.FILE, over),
        ("documents/a", tree.FOLDER, deep(tmp_path, 64, small)),
        ("plans/flood", tree.FOLDER, flood),
        ("README.md", tree.FILE, over),
    ):
        tip = planted(tmp_path, tip, path, mode, blob)

    told = run(str(TESTS / "second_verifier.py"), "--repo", str(tmp_path), tip)

    assert sorted(line for line in told.splitlines() if not line.endswith("\tok")) == [
        f"documents/{'a/' * 64}x\tLIMIT",
        "plans\tLIMIT",
        "released/form/X/A-0.md\tLIMIT",
    ]


def test_the_keys_are_those_that_were_made_for_the_vectors() -> None:
    digest = hashlib.sha256()
    for path in sorted((FOLDER / "keys").iterdir()):
        digest.update(path.name.encode() + path.read_bytes())

    assert digest.hexdigest() == KEYS
