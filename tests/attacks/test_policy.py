"""Attacks on the policy: edited, weakened, rolled back, forked, signed by too few."""

from dataclasses import replace

import pytest

from qms.domain.register.policies import policy_subject
from qms.formats import cut, slots
from qms.formats.digests import sha256
from qms.formats.head_edit import set_key
from qms.formats.slots import Base, Notice, Statement
from qms.formats.tree import SYMLINK
from qms.testing import DocsRepo, Told, key
from qms.testing.attacks import Attack, Attacks, gate

ROOT = "policy/0001/policy.yaml"
SECOND = "policy/0002/policy.yaml"
THIRD = "policy/0003/policy.yaml"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_an_attack_on_the_policy_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


def weakened(repo: DocsRepo, old: bytes, new: bytes) -> dict[str, bytes]:
    """The three files of the next policy with something changed, digests right, no signature."""
    people = repo.read("people.yaml").replace(old, new)
    settings = repo.read("qms.yaml").replace(old, new)
    parts = cut.cut_yaml(repo.read("policy.yaml"))
    digests = {".gitattributes": repo.read(".gitattributes"), "people.yaml": people,
               "qms.yaml": settings}  # fmt: skip
    rows = ", ".join(f'{{path: {name}, sha256: "{sha256(data)}"}}'
                     for name, data in digests.items())  # fmt: skip
    head = set_key(set_key(parts.head, "version", "3"), "files", f"[{rows}]")
    manifest = head + b"status: signed\napprovals: []\n"
    return {"people.yaml": people, "policy.yaml": manifest, "qms.yaml": settings}


def filed(repo: DocsRepo, files: dict[str, bytes], version: int = 3) -> None:
    for name, data in files.items():
        repo.write(f"policy/{version:04}/{name}", data)
        repo.write(name, data)


def signed(
    repo: DocsRepo, files: dict[str, bytes], *persons: str, **changed: object
) -> dict[str, bytes]:
    """The files with signatures: each person agrees, the first one files."""
    before = repo.policy_file
    content = cut.cut_yaml(files["policy.yaml"]).content
    laid: list[Statement] = []
    acts = [("policy-agree", "1", person) for person in persons]
    for act, step, person in (*acts, ("policy-file", "2", persons[0])):
        after = (
            [slot.id for slot in laid]
            if step == "2"
            else [slots.statements_in(before.slots)[-1].id]
        )
        slot = Notice(act, step, "policy-keeper", person)
        fields: dict[str, object] = {"base": Base("2", before.content), "after": after} | changed
        laid.append(repo.sign_slot(slot, policy_subject(3), content, **fields))  # type: ignore[arg-type]
    ordered = sorted(laid, key=lambda slot: (slot.step, slot.person))
    tail = slots.render_tail(slots.Tail("signed", tuple(ordered)))
    return {**files, "policy.yaml": cut.with_tail(files["policy.yaml"], tail)}


WEAKER = (b"      - {act: approve, who: [{role: quality-manager}]}\n", b"")


@attack("25", "POLICY-UNAUTHORISED", THIRD)
def a_weaker_policy_that_nobody_signed(repo: DocsRepo) -> None:
    filed(repo, weakened(repo, *WEAKER))


@attack("25", "POLICY-UNAUTHORISED", THIRD)
def a_weaker_policy_used_in_the_very_step(repo: DocsRepo) -> None:
    files = signed(repo, weakened(repo, *WEAKER), "li.si")
    filed(repo, files)


def test_a_policy_that_nobody_signed_has_no_effect(repo: DocsRepo) -> None:
    """Row 25 (V)"""
    filed(repo, weakened(repo, b"plugins:", b"plugins:"))
    repo.commit("Attack")

    report = repo.report()

    assert report.policies == 2


@attack("26", "POLICY-FILE", "people.yaml")
def an_edited_people_yaml(repo: DocsRepo) -> None:
    repo.replace("people.yaml", "李四".encode(), "李五".encode())


@attack("26", "POLICY-FILE", "people.yaml")
def a_new_key_in_people_yaml(repo: DocsRepo) -> None:
    old, new = key("li.si").public_text, key("mallory").public_text
    repo.replace("people.yaml", old.encode(), new.encode())


@attack("26", "POLICY-FILE", "qms.yaml")
def an_edited_qms_yaml(repo: DocsRepo) -> None:
    repo.replace("qms.yaml", *WEAKER)


@attack("63", "POLICY-FILE", ".gitattributes")
def attributes_that_keep_released_texts_out_of_an_archive(repo: DocsRepo) -> None:
    repo.write(".gitattributes", repo.read(".gitattributes") + b"released/** export-ignore\n")


@attack("26", "POLICY-FILE", "policy.yaml")
def an_edited_policy_yaml(repo: DocsRepo) -> None:
    repo.replace("policy.yaml", b"need: 2", b"need: 1")


@attack("26", "POLICY-FILE", "people.yaml")
def a_dropped_people_yaml(repo: DocsRepo) -> None:
    repo.delete("people.yaml")


@attack("26", "POLICY-FILE", "people.yaml")
def people_yaml_as_a_link(repo: DocsRepo) -> None:
    repo.write("people.yaml", b"/etc/hostname", SYMLINK)


@attack("46", "POLICY-FILE", ".gitattributes")
def other_merge_attributes(repo: DocsRepo) -> None:
    repo.write(".gitattributes", b"* -text\n** merge=union\n")


def opened(repo: DocsRepo, *agreements: Statement) -> None:
    """The next version as a proposal, and another .gitattributes that it binds."""
    repo.write(".gitattributes", b"* export-ignore\n")
    parts = cut.cut_yaml(weakened(repo, b"", b"")["policy.yaml"])
    tail = slots.render_tail(slots.Tail("in-review" if agreements else "draft", agreements))
    repo.write("policy.yaml", cut.join(parts)[: -len(parts.tail)] + tail)


@attack("140", "POLICY-FILE", ".gitattributes")
def attributes_behind_an_open_version_that_nobody_signed(repo: DocsRepo) -> None:
    opened(repo)


@attack("140", "POLICY-FILE", ".gitattributes")
def attributes_behind_an_agreement_by_somebody_who_keeps_no_policy(repo: DocsRepo) -> None:
    opened(repo, agreement(repo, "sun.ba"))


@attack("140", "POLICY-FILE", ".gitattributes")
def attributes_behind_an_agreement_that_somebody_else_signed_for_a_keeper(repo: DocsRepo) -> None:
    opened(repo, agreement(repo, "li.si", by=repo.key_of("sun.ba")))


@attack("140", "POLICY-FILE", ".gitattributes")
def attributes_behind_a_keepers_agreement_to_another_text(repo: DocsRepo) -> None:
    opened(repo, agreement(repo, "li.si", content=sha256(b"")))


def agreement(repo: DocsRepo, person: str, content: str = "", **changed: object) -> Statement:
    """Somebody's signature on what `opened` proposes, or on other `content`."""
    before = repo.policy_file
    repo.write(".gitattributes", b"* export-ignore\n")
    content = content or cut.cut_yaml(weakened(repo, b"", b"")["policy.yaml"]).content
    slot = Notice("policy-agree", "1", "policy-keeper", person)
    fields: dict[str, object] = {"base": Base("2", before.content),
                                 "after": [slots.statements_in(before.slots)[-1].id]}  # fmt: skip
    return repo.sign_slot(slot, policy_subject(3), content, **fields | changed)  # type: ignore[arg-type]


def test_what_a_keeper_signed_of_an_open_version_may_lie_there(repo: DocsRepo) -> None:
    """Row 140 (LRV): one agreement of two is on its way; what it binds goes with it."""
    clean = repo.tip
    opened(repo, agreement(repo, "li.si"))
    repo.commit("Agree")

    assert (repo.check(whole=True), gate(repo, clean, repo.tip), repo.verify()) == ([], [], [])

    signed_upon = repo.tip
    repo.write(".gitattributes", b"* export-ignore\n* -text\n")
    repo.commit("Attack")

    wanted = [Told("POLICY-FILE", ".gitattributes")]
    assert repo.check(whole=True) == repo.verify() == wanted
    assert gate(repo, signed_upon, repo.tip) == wanted


@attack("27", "POLICY-UNAUTHORISED", THIRD)
def a_strangers_signature_behind_the_quorums(repo: DocsRepo) -> None:
    """The last signature would say what the version had seen."""
    files = weakened(repo, b"letter-count", b"letter-count")
    before = repo.policy_file
    content = cut.cut_yaml(files["policy.yaml"]).content
    laid: list[Statement] = []
    for act, step, role, person in (
        ("policy-agree", "9", "preparer", "sun.ba"),
        ("policy-agree", "1", "policy-keeper", "li.si"),
        ("policy-agree", "1", "policy-keeper", "wang.wu"),
        ("policy-file", "2", "policy-keeper", "li.si"),
    ):
        after = (
            [one.id for one in laid] if step == "2" else [slots.statements_in(before.slots)[-1].id]
        )
        slot = Notice(act, step, role, person)
        base = Base("2", before.content)
        laid.append(repo.sign_slot(slot, policy_subject(3), content, base=base, after=after))
    tail = slots.render_tail(slots.Tail("signed", slots.in_order(laid)))
    filed(repo, {**files, "policy.yaml": cut.with_tail(files["policy.yaml"], tail)})


@attack("27", "STATUS", THIRD)
def a_filed_policy_that_says_it_is_a_draft(repo: DocsRepo) -> None:
    files = signed(repo, weakened(repo, b"letter-count", b"letter-count"), "li.si", "wang.wu")
    manifest = files["policy.yaml"].replace(b"status: signed", b"status: draft")
    filed(repo, {**files, "policy.yaml": manifest})


@attack("27", "STATUS", SECOND)
def a_policy_in_force_set_back_to_draft(repo: DocsRepo) -> None:
    for path in (SECOND, "policy.yaml"):
        repo.replace(path, b"status: signed", b"status: draft")


@attack("27", "POLICY-UNAUTHORISED", THIRD)
def a_policy_signed_by_too_few(repo: DocsRepo) -> None:
    filed(repo, signed(repo, weakened(repo, b"letter-count", b"letter-count"), "li.si"))


@attack("27", "POLICY-UNAUTHORISED", THIRD)
def a_policy_signed_by_somebody_whom_the_quorum_does_not_name(repo: DocsRepo) -> None:
    files = weakened(repo, b"letter-count", b"letter-count")
    filed(repo, signed(repo, files, "li.si", "zhou.jiu"))


@attack("27", "POLICY-UNAUTHORISED", THIRD)
def a_policy_signed_with_a_strangers_key(repo: DocsRepo) -> None:
    files = weakened(repo, b"letter-count", b"letter-count")
    filed(repo, signed(repo, files, "li.si", "zhao.liu", by=key("mallory")))


@attack("27", "POLICY-UNAUTHORISED", THIRD)
def a_policy_signed_by_those_whom_only_it_names(repo: DocsRepo) -> None:
    old = b"holders: [{person: zhao.liu}, {person: li.si}, {person: wang.wu}]"
    files = weakened(repo, old, b"holders: [{person: sun.ba}, {person: zhou.jiu}]")
    filed(repo, signed(repo, files, "sun.ba", "zhou.jiu"))


@attack("28", "POLICY-ROLLBACK", "policy/0002")
def the_newest_policy_dropped(repo: DocsRepo) -> None:
    repo.delete("policy/0002")


@attack("28", "POLICY-ROLLBACK", "policy/0002")
def an_older_policy_in_force_again(repo: DocsRepo) -> None:
    repo.delete("policy/0002")
    for name in ("people.yaml", "policy.yaml", "qms.yaml"):
        repo.write(name, repo.read(f"policy/0001/{name}"))


@attack("28", "POLICY-ROLLBACK", THIRD)
def a_policy_signed_under_an_older_one(repo: DocsRepo) -> None:
    first = cut.cut_yaml(repo.read(ROOT)).content
    files = weakened(repo, b"letter-count", b"letter-count")
    filed(repo, signed(repo, files, "li.si", "zhao.liu", policy=first))


@attack("28", "POLICY-ROLLBACK", THIRD)
def a_policy_based_on_an_older_one(repo: DocsRepo) -> None:
    first = cut.cut_yaml(repo.read(ROOT)).content
    files = weakened(repo, b"letter-count", b"letter-count")
    filed(repo, signed(repo, files, "li.si", "zhao.liu", base=Base("1", first)))


@attack("29", "POLICY-DIGEST", "policy/0002/people.yaml")
def people_of_a_recorded_policy(repo: DocsRepo) -> None:
    repo.replace("policy/0002/people.yaml", "李四".encode(), "李五".encode())


@attack("29", "POLICY-DIGEST", "policy/0001/qms.yaml")
def classes_of_an_old_policy(repo: DocsRepo) -> None:
    repo.replace("policy/0001/qms.yaml", *WEAKER)


@attack("29", "POLICY-DIGEST", SECOND)
def the_manifest_of_a_recorded_policy(repo: DocsRepo) -> None:
    repo.replace(SECOND, b"need: 2", b"need: 1")


@attack("29", "POLICY-DIGEST", "policy/0002/qms.yaml")
def a_part_of_a_recorded_policy_dropped(repo: DocsRepo) -> None:
    repo.delete("policy/0002/qms.yaml")


@attack("29", "POLICY-DIGEST", "policy/0003/people.yaml")
def a_policy_of_which_only_the_manifest_was_signed(repo: DocsRepo) -> None:
    files = signed(repo, weakened(repo, b"letter-count", b"letter-count"), "li.si", "zhao.liu")
    other = files["people.yaml"].replace("李四".encode(), "李五".encode())
    filed(repo, {**files, "people.yaml": other})


@attack("29", "CHAIN-BROKEN", SECOND)
def a_signature_of_a_recorded_policy_dropped(repo: DocsRepo) -> None:
    listed = repo.policy_file.slots
    tail = slots.render_tail(slots.Tail("signed", listed[1:]))
    repo.write(SECOND, cut.with_tail(repo.read(SECOND), tail))


@attack("29", "POLICY-UNAUTHORISED", SECOND)
def emptied_signatures_of_a_recorded_policy(repo: DocsRepo) -> None:
    tail = slots.render_tail(slots.Tail("signed", ()))
    repo.write(SECOND, cut.with_tail(repo.read(SECOND), tail))


@attack("31", "ROOT", ROOT)
def the_root_file_edited(repo: DocsRepo) -> None:
    repo.replace(ROOT, b"need: 2", b"need: 1")


@attack("31", "LOG-REMOVED", "policy/0001")
def the_root_dropped(repo: DocsRepo) -> None:
    repo.delete("policy/0001")


@attack("31", "ROOT", "policy/0004/policy.yaml")
def a_version_skipped(repo: DocsRepo) -> None:
    files = weakened(repo, b"letter-count", b"letter-count")
    files["policy.yaml"] = files["policy.yaml"].replace(b"version: 3", b"version: 4")
    for name, data in signed(repo, files, "li.si", "zhao.liu").items():
        repo.write(f"policy/0004/{name}", data)


@attack("31", "ROOT", THIRD)
def a_policy_in_the_folder_of_another_version(repo: DocsRepo) -> None:
    for name in ("people.yaml", "policy.yaml", "qms.yaml"):
        repo.write(f"policy/0003/{name}", repo.read(f"policy/0002/{name}"))


@attack("32", "ROOT", ROOT)
def another_root_signed_by_new_keys_only(repo: DocsRepo) -> None:
    people = repo.read("policy/0001/people.yaml")
    for person in ("li.si", "zhao.liu", "wang.wu"):
        people = people.replace(
            key(person).public_text.encode(), key(f"new {person}").public_text.encode()
        )
    parts = cut.cut_yaml(repo.read(ROOT))
    digests = {".gitattributes": repo.read(".gitattributes"), "people.yaml": people,
               "qms.yaml": repo.read("policy/0001/qms.yaml")}  # fmt: skip
    rows = ", ".join(f'{{path: {name}, sha256: "{sha256(data)}"}}'
                     for name, data in digests.items())  # fmt: skip
    head = set_key(parts.head, "files", f"[{rows}]")
    content = sha256(head)
    laid: list[Statement] = []
    for act, step, person in (
        ("policy-agree", "1", "li.si"),
        ("policy-agree", "1", "zhao.liu"),
        ("policy-file", "2", "li.si"),
    ):
        slot = Notice(act, step, "policy-keeper", person)
        after = [one.id for one in laid] if step == "2" else []
        laid.append(repo.sign_slot(slot, policy_subject(1), content, repo=content, policy=None,
                                   seen=None, after=after, by=key(f"new {person}")))  # fmt: skip
    tail = slots.render_tail(slots.Tail("signed", tuple(laid)))
    repo.write(ROOT, head + tail)
    repo.write("policy/0001/people.yaml", people)


@attack("61", "BAD-MODE", "policy/0002/people.yaml")
def a_link_in_a_recorded_policy(repo: DocsRepo) -> None:
    repo.write("policy/0002/people.yaml", b"../../people.yaml", SYMLINK)


@attack("45", "STRAY", "policy/0002/README.md")
def a_stray_file_in_a_recorded_policy(repo: DocsRepo) -> None:
    repo.write("policy/0002/README.md", b"# hello\n")


@attack("25", "FLOOR-LOWERED", THIRD)
def a_floor_that_is_lowered(repo: DocsRepo) -> None:
    files = weakened(repo, b"letter-count", b"letter-count")
    files["policy.yaml"] = files["policy.yaml"].replace(b"min_signers: 2", b"min_signers: 1")
    filed(repo, signed(repo, files, "li.si", "zhao.liu"))


@attack("17", "KEY-TAKEN", THIRD)
def a_key_that_changes_its_owner(repo: DocsRepo) -> None:
    old = key("zhou.jiu").public_text.encode()
    files = weakened(repo, b'{key: "' + old + b'", assurance: file}', b"")
    text = files["people.yaml"]
    new_keys = b'keys: [{key: "' + key("sun.ba").public_text.encode() + b'", assurance: file}'
    both = new_keys + b', {key: "' + old + b'", assurance: file}'
    assert new_keys in text
    again = text.replace(new_keys, both)
    files["people.yaml"] = again
    rows = files["policy.yaml"].replace(sha256(text).encode(), sha256(again).encode())
    files["policy.yaml"] = rows
    filed(repo, signed(repo, files, "li.si", "zhao.liu"))


@attack("29", "SIGNATURE", SECOND)
def an_edited_time_in_a_recorded_policy(repo: DocsRepo) -> None:
    listed = slots.statements_in(repo.policy_file.slots)
    edited = replace(listed[0], at="2026-11-20T09:00:01+08:00")
    tail = slots.render_tail(slots.Tail("signed", (edited, *listed[1:])))
    repo.write(SECOND, cut.with_tail(repo.read(SECOND), tail))


@attack("108", "POLICY-DIGEST", "policy/0003/people.yaml")
def garbage_where_the_next_policy_belongs(repo: DocsRepo) -> None:
    repo.write(THIRD, b"garbage\n")


@attack("45", "STRAY", "policy/0002", gates="RV")
def a_file_in_place_of_a_recorded_policy(repo: DocsRepo) -> None:
    repo.delete("policy/0002")
    repo.write("policy/0002", b"x\n")
