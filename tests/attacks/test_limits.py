"""Poisoning by size, depth and numbers: over a cap nothing holds, and nothing of it stays.

What is planted names objects that don't exist or can't be unpacked: whoever opened one would come
upon a broken clone. So silence also proves that nothing was opened.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qms.domain.kinds.reading import parsed_copy
from qms.domain.register import next_slots as laying
from qms.findings import Finding
from qms.formats import caps, slots
from qms.formats.slots import Notice, Statement
from qms.formats.tree import FILE, FOLDER
from qms.jobs.judging.steps import check_step
from qms.jobs.judging.verification import verify
from qms.storage.repository import Repository
from qms.testing import DocsRepo
from qms.testing.attacks import Attack, Attacks, kept_out
from qms.testing.forging import put
from qms.testing.laws import standing, walked
from qms.testing.planted import NOWHERE, committed, deep, folder_of, planted, stored

COPY = "copies/procedure/LX-CX-2026-01/A-0/001.yaml"
IN_REVIEW = "documents/instruction/LX-WI-02.md"
GIGABYTE = 1 << 30

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_what_is_over_a_cap_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


@attack("92", "LIMIT", "documents/instruction/LX-WI-03.md")
def a_body_over_the_cap(repo: DocsRepo) -> None:
    path = "documents/instruction/LX-WI-03.md"
    data = repo.read(path)
    repo.write(path, data + b"x" * (caps.BLOB - len(data)) + b"\n")


@attack("92", "LIMIT", "documents/instruction/LX-WI-03.md")
def a_head_over_the_cap(repo: DocsRepo) -> None:
    path = "documents/instruction/LX-WI-03.md"
    lines = b"".join(b"# %062d\n" % at for at in range(1100))
    repo.replace(path, b"status:", lines + b"status:")


@attack("92", "LIMIT", "released/assets/" + "0" * 64, gates="RV")
def a_filed_picture_over_the_cap(repo: DocsRepo) -> None:
    repo.write("released/assets/" + "0" * 64, b"x" * (caps.BLOB + 1))


@attack("92", "LIMIT", "assets/sheet.svg")
def a_picture_of_a_text_in_review_over_the_cap(repo: DocsRepo) -> None:
    repo.write("assets/sheet.svg", b"x" * (caps.BLOB + 1))


@attack("92", "LIMIT", COPY)
def an_event_over_the_cap(repo: DocsRepo) -> None:
    add_event(repo, reason="x" * caps.ENTRY)


@attack("92", "LIMIT", COPY)
def an_event_that_names_too_many(repo: DocsRepo) -> None:
    after = sorted(f"sha256:{at:064x}" for at in range(caps.AFTER + 1))
    add_event(repo, after=after)


@attack("92", "LIMIT", COPY, gates="RV")
def more_events_than_a_list_may_hold(repo: DocsRepo) -> None:
    log = repo.read(COPY)
    line = b"  - {}\n"
    repo.write(COPY, log + line * caps.EVENTS)


@attack("92", "LIMIT", IN_REVIEW)
def a_round_over_the_cap(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    seat = Notice("prepare", "1", "preparer", document.prepared_by)
    begun = repo.sign_slot(
        seat, document.subject, document.content, after=[document.statements[0].id],
        round_number=caps.ROUND,
    )  # fmt: skip
    later = replace(begun, round=caps.ROUND)
    put(repo, IN_REVIEW, (document.statements[0], later), "in-review")
    repo.replace(IN_REVIEW, b'"round":999', b'"round":1000')


@attack("92", "POLICY-FILE", "people.yaml")
def a_people_yaml_over_the_cap_of_files(repo: DocsRepo) -> None:
    repo.write("people.yaml", repo.read("people.yaml") + b"#" * caps.BLOB + b"\n")


@attack("92", "LIMIT", "policy.yaml")
def a_policy_yaml_over_the_cap_of_files(repo: DocsRepo) -> None:
    repo.write("policy.yaml", repo.read("policy.yaml") + b"#" * caps.BLOB + b"\n")


@attack("92", "LIMIT", "policy/0003/people.yaml")
def people_of_a_policy_over_their_cap(repo: DocsRepo) -> None:
    for name in ("people.yaml", "policy.yaml", "qms.yaml"):
        repo.write(f"policy/0003/{name}", repo.read(name))
    path = "policy/0003/people.yaml"
    repo.write(path, repo.read(path) + b"#" * caps.POLICY_FILE + b"\n")


@attack("92", "LIMIT", "policy/0003/qms.yaml")
def settings_of_a_policy_over_the_cap_of_files(repo: DocsRepo) -> None:
    for name in ("people.yaml", "policy.yaml"):
        repo.write(f"policy/0003/{name}", repo.read(name))
    repo.write("policy/0003/qms.yaml", b"#" * caps.BLOB + b"\n")


def add_event(
    repo: DocsRepo, *, reason: str | None = None, after: Sequence[str] | None = None
) -> None:
    """A signed recall behind the events of a copy, with whatever reason and `after`."""
    data = repo.read(COPY)
    log = parsed_copy(data)
    seat = Notice("recall", "event", "document-controller", "wang.wu")
    slot = repo.sign_slot(
        seat, log.subject, log.content, data={"due": "2026-12-31"}, reason=reason,
        after=laying.heads(log.events) if after is None else after,
    )  # fmt: skip
    repo.write(COPY, data + spelled(slot))


def spelled(slot: Statement) -> bytes:
    return f"  - {slots.render_event(slot)}\n".encode()


# planted by plumbing


def verdict(repo: DocsRepo, tip: str, old: str = "") -> list[tuple[str, str, str]]:
    """Code, path and cap of what `verify` and a server's gate say of a commit; they agree.

    But for what the gate alone keeps out.
    """
    repo.history.flush()
    with Repository.find(repo.path) as repository:
        found = verify(repository, root=repo.root, tip=tip, now=repo.now).findings
        step = check_step(repository, repo.hooks, old or repo.tip, tip, now=repo.now).findings
    assert [told(one) for one in step if not kept_out(one)] == [told(one) for one in found]
    return [told(one) for one in found]


def told(finding: Finding) -> tuple[str, str, str]:
    return finding.code, finding.place.path, finding.values.get("cap", "")


def flood(folder: Path, count: int) -> str:
    return folder_of(folder, [(f"{at:06}.md", FILE, NOWHERE) for at in range(count)])


def flooded(repo: DocsRepo, commit: str) -> str:
    """A commit upon another in which released/ holds more paths than there may be."""
    folder = flood(repo.path, caps.PATHS + 1)
    return planted(repo.path, commit, "released/flood", FOLDER, folder)


def gigabyte(folder: Path) -> str:
    return stored(folder, "blob", b"cut off", GIGABYTE)


POISONS: dict[str, tuple[str, int, Callable[[Path], str], tuple[str, str, str]]] = {
    "a document of a gigabyte": (
        "documents/instruction/LX-WI-77.md", FILE, gigabyte,
        ("LIMIT", "documents/instruction/LX-WI-77.md", "blob"),
    ),
    "a released revision of a gigabyte": (
        "released/instruction/LX-WI-77/A-0.md", FILE, gigabyte,
        ("LIMIT", "released/instruction/LX-WI-77/A-0.md", "blob"),
    ),
    "a list of a gigabyte": (
        "copies/instruction/LX-WI-01/A-0/001.yaml", FILE, gigabyte,
        ("LIMIT", "copies/instruction/LX-WI-01/A-0/001.yaml", "blob"),
    ),
    "a picture of a gigabyte": (
        "released/assets/" + "0" * 64, FILE, gigabyte,
        ("LIMIT", "released/assets/" + "0" * 64, "blob"),
    ),
    "folders without an end": (
        "documents/a", FOLDER, lambda folder: deep(folder, 3000, NOWHERE),
        ("LIMIT", "documents/" + "a/" * 63 + "a", "folders"),
    ),
    "more paths than there may be": (
        "documents/flood", FOLDER, lambda folder: flood(folder, caps.PATHS + 1),
        ("LIMIT", "documents", "paths"),
    ),
    "more folders than there may be": (
        "released/flood", FOLDER,
        lambda folder: folder_of(
            folder, [(f"{at:06}", FOLDER, flood(folder, 400)) for at in range(300)]
        ),
        ("LIMIT", "released", "paths"),
    ),
    "a folder that is too large to be read": (
        "released/flood", FOLDER,
        lambda folder: stored(folder, "tree", b"cut off", GIGABYTE),
        ("LIMIT", "released/flood", "paths"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS)
def test_a_poison_is_named_while_it_stands_and_forgotten_when_it_is_gone(
    repo: DocsRepo, poison: tuple[str, int, Callable[[Path], str], tuple[str, str, str]]
) -> None:
    path, mode, make, finding = poison
    repo.history.flush()
    object_id = make(repo.path)

    planted_at = planted(repo.path, repo.tip, path, mode, object_id)
    removed = committed(repo.path, f"{repo.tip}^{{tree}}", planted_at)
    merged = committed(repo.path, f"{repo.tip}^{{tree}}", repo.tip, planted_at)
    merged_first = committed(repo.path, f"{repo.tip}^{{tree}}", planted_at, repo.tip)

    assert verdict(repo, planted_at) == [finding]
    for clean in (removed, merged, merged_first):
        assert verdict(repo, clean) == []


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS)
def test_what_came_together_with_a_poison_is_recorded_once_that_is_gone(
    repo: DocsRepo, poison: tuple[str, int, Callable[[Path], str], tuple[str, str, str]]
) -> None:
    """Else a commit could hide a revision in the noise: R(tip) = R(the tip's tree alone)."""
    path, mode, make, _ = poison
    repo.history.flush()
    before = repo.tip
    object_id = make(repo.path)
    repo.branch("work")
    repo.sign("LX-WI-02")
    repo.publish("LX-WI-02")
    repo.issue("LX-WI-02", "001")
    repo.history.flush()

    noisy = planted(repo.path, repo.tip, path, mode, object_id)
    both = committed(repo.path, f"{noisy}^{{tree}}", before)
    clean = committed(repo.path, f"{repo.tip}^{{tree}}", both)

    assert verdict(repo, clean, before) == []
    assert walked(repo, clean) == standing(repo, clean) == walked(repo)
    assert any("LX-WI-02" in place for place, _ in walked(repo, clean).released)


def test_a_loss_is_not_hidden_by_a_poison(repo: DocsRepo) -> None:
    repo.delete("released/instruction/LX-WI-01/A-0.md")
    lost = repo.commit("Lose it")
    repo.history.flush()

    noisy = flooded(repo, lost)
    both = committed(repo.path, f"{noisy}^{{tree}}", f"{lost}^")
    with Repository.find(repo.path) as repository:
        found = verify(repository, root=repo.root, tip=both, now=repo.now).findings

    assert {(one.code, one.place.path) for one in found} == {
        ("LIMIT", "released"),
        ("DOC-MISSING", "released/instruction/LX-WI-01/A-0.md"),
    }


def test_a_loss_in_the_noise_that_was_mended_stays_on_record(repo: DocsRepo) -> None:
    """As without the noise: nobody hides for a while what was recorded."""
    before = repo.tip
    repo.delete("released/instruction/LX-WI-01/A-0.md")
    lost = repo.commit("Lose it")
    repo.history.flush()

    noisy = flooded(repo, lost)
    both = committed(repo.path, f"{noisy}^{{tree}}", before)
    back = committed(repo.path, f"{before}^{{tree}}", both)
    with Repository.find(repo.path) as repository:
        found = verify(repository, root=repo.root, tip=back, today=repo.today).findings

    assert [(one.code, one.place.path, one.place.commit) for one in found] == [
        ("INCIDENT", "released/instruction/LX-WI-01/A-0.md", both)
    ]


def test_ungoverned_places_are_never_judged(repo: DocsRepo) -> None:
    """Whatever lies there: a missing blob, a gigabyte, folders without an end, more than can be.

    Only a gate looks, for what no clone can lay out.
    """
    repo.history.flush()
    tip = repo.tip
    for path, mode, object_id in (
        ("README.md", FILE, gigabyte(repo.path)),
        ("src/gone", FOLDER, NOWHERE),
        ("src/file", FILE, NOWHERE),
        ("assets/unlisted.png", FILE, NOWHERE),
        ("assets/large.png", FILE, gigabyte(repo.path)),
        ("assets/deep", FOLDER, deep(repo.path, 3000, NOWHERE)),
        ("node_modules", FOLDER, flood(repo.path, caps.PATHS + 1)),
    ):
        tip = planted(repo.path, tip, path, mode, object_id)

    assert verdict(repo, tip) == []


# exactly at the caps


def test_what_is_exactly_at_a_cap_is_taken(repo: DocsRepo) -> None:
    path = "documents/instruction/LX-WI-03.md"
    data = repo.read(path)
    repo.write(path, data + b"x" * (caps.BLOB - len(data) - 1) + b"\n")
    repo.commit("A long text")

    assert len(repo.read(path)) == caps.BLOB
    assert repo.verify() == []
    # No page holds so long a text: that is told of it before anybody signs, and is no cap.
    assert [one.code for one in repo.check(whole=True)] == ["RENDER-LIMIT"]


def test_a_copy_with_many_heads_goes_on(repo: DocsRepo) -> None:
    """More events at once than one may name: the next one names as many as it may, and so on."""
    path = "copies/procedure/LX-CX-2026-01/A-0/002.yaml"
    data = repo.read(path)
    log = parsed_copy(data)
    seat = Notice("recall", "event", "document-controller", "wang.wu")
    issued = log.events[0]
    for _ in range(caps.AFTER + 6):
        slot = repo.sign_slot(
            seat, log.subject, log.content, base=issued.base, data={"due": "2026-12-31"},
            after=[log.events[0].id],
        )  # fmt: skip
        data += spelled(slot)
    repo.write(path, data)
    repo.commit("Recall it on seventy branches, and merge them")

    answer = repo.qms("return", "LX-CX-2026-01", "002", by="wang.wu")

    assert answer.code == 0, answer.out + answer.err
    last = parsed_copy(repo.read(path)).events[-1]
    assert len(last.after) == caps.AFTER
    assert repo.verify() == []
