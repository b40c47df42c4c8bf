"""Attacks with a key that is its owner's, used without the owner's hand on it: touch and PIN."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from qms.formats import cut, slots
from qms.formats.head_edit import set_key
from qms.formats.slots import Base, Notice, Statement
from qms.testing import DocsRepo, key
from qms.testing.attacks import RELEASE, Attack, Attacks
from qms.testing.company import SHORT_CHAIN, Company
from qms.testing.forging import approve
from qms.testing.keys import SecurityKey
from qms.testing.signatures import TOUCHED, VERIFIED

IN_REVIEW = "documents/instruction/LX-WI-02.md"
COPY = "copies/procedure/LX-CX-2026-01/A-1/001.yaml"
FIFTH = "policy/0005/policy.yaml"
FIDO_FLOORS = "{min_signers: 2, self_approval: false, assurance: fido}"
SIGNERS = ("li.si", "wang.wu", "zhao.liu", "sun.ba")

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_signature_without_touch_and_pin_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


def with_security_keys(company: Company) -> Company:
    """Everybody who signs has got a security key, and the old key file still."""
    for person in SIGNERS:
        company = company.with_keys(person, person, f"{person}/sk")
    return company


def class_asks(repo: DocsRepo) -> None:
    """Instructions are signed with security keys from now on."""
    chain = SHORT_CHAIN + "    assurance: fido\n"
    repo.policy(lambda company: with_security_keys(company).with_chain("instruction", chain))


def key_promises(repo: DocsRepo) -> None:
    """No class asks for it, but people.yaml says so of this key."""
    repo.policy(lambda company: company.with_keys("li.si", "li.si/sk fido"))


def floors_ask(
    repo: DocsRepo, change: Callable[[Company], Company] = lambda company: company
) -> None:
    """Whatever is signed is signed with a security key."""
    repo.policy(with_security_keys)
    head = cut.cut_yaml(repo.read("policy.yaml")).head
    head = set_key(set_key(head, "version", "4"), "floors", FIDO_FLOORS)
    repo.file_policy(change(repo.company), head)


def with_flags(flags: int) -> SecurityKey:
    """Li Si's security key, asked for less than it can tell."""
    return SecurityKey("li.si/sk", flags)


@attack("104", "ASSURANCE", IN_REVIEW, before=class_asks)
def a_key_file_where_the_class_asks_for_a_device(repo: DocsRepo) -> None:
    approve(repo, by=key("li.si"))


@attack("73", "ASSURANCE", IN_REVIEW, before=class_asks)
def a_touch_without_the_pin(repo: DocsRepo) -> None:
    approve(repo, by=with_flags(TOUCHED))


@attack("73", "ASSURANCE", IN_REVIEW, before=class_asks)
def a_pin_without_a_touch(repo: DocsRepo) -> None:
    approve(repo, by=with_flags(VERIFIED))


@attack("73", "ASSURANCE", IN_REVIEW, before=key_promises, signing=RELEASE)
def a_touch_only_by_a_key_that_promises_both(repo: DocsRepo) -> None:
    approve(repo, by=with_flags(TOUCHED))


@attack("73", "SIGNATURE", IN_REVIEW, before=class_asks)
def flags_that_were_added_afterwards(repo: DocsRepo) -> None:
    approve(repo, by=with_flags(0))
    slot = repo.document("LX-WI-02").statements[1]
    honest = with_flags(TOUCHED | VERIFIED).signed(replace(slot, at="2026-11-20T09:00:01+08:00"))
    claimed = slot.with_signature(honest.signature)
    tail = slots.render_tail(
        slots.Tail("approved", (repo.document("LX-WI-02").statements[0], claimed))
    )
    repo.write(IN_REVIEW, cut.with_tail(repo.read(IN_REVIEW), tail))


@attack("104", "ASSURANCE", COPY, gates="RV", before=floors_ask)
def a_copy_issued_with_a_key_file(repo: DocsRepo) -> str:
    return repo.issue("LX-CX-2026-01", "001", "li.si", by=key("wang.wu"))


def floors_ask_and_a_file_is_left(repo: DocsRepo) -> None:
    """The same, and Zhao Liu goes on with the key file."""
    floors_ask(repo, lambda company: company.with_keys("zhao.liu", "zhao.liu/sk", "zhao.liu"))


@attack("104", "ASSURANCE", FIFTH, gates="RV", before=floors_ask_and_a_file_is_left)
def a_policy_agreed_to_with_a_key_file(repo: DocsRepo) -> str:
    return repo.policy()


@attack("25", "FLOOR-LOWERED", FIFTH, gates="RV", before=floors_ask)
def floors_that_ask_for_key_files_again(repo: DocsRepo) -> str:
    head = cut.cut_yaml(repo.read("policy.yaml")).head
    plain = "{min_signers: 2, self_approval: false, assurance: file}"
    return repo.file_policy(repo.company, set_key(set_key(head, "version", "5"), "floors", plain))


def class_asks_and_another_does_not(repo: DocsRepo) -> None:
    """Guides are signed with key files."""
    class_asks(repo)
    repo.policy(lambda company: company.with_chain("guide", SHORT_CHAIN))


@attack(
    "100", "ASSURANCE", "released/guide/LX-WI-01/A-1.md", gates="RV",
    before=class_asks_and_another_does_not,
)  # fmt: skip
def a_class_that_asks_for_no_device(repo: DocsRepo) -> str:
    repo.branch("late")
    repo.revise("LX-WI-01", class_="guide")
    repo.commit("Revise")
    document, base = repo.document("LX-WI-01"), repo.released("LX-WI-01")[-1]
    laid: list[Statement] = []
    for step, (act, role, person) in enumerate(
        (
            ("prepare", "preparer", "sun.ba"),
            ("approve", "quality-manager", "li.si"),
            ("publish", "document-controller", "wang.wu"),
        ),
        1,
    ):
        days = {"published": str(repo.today), "effective": str(repo.today)}
        signed = repo.sign_slot(
            Notice(act, str(step), role, person), document.subject, document.content,
            base=Base(base.revision, base.content), after=[(laid or base.statements)[-1].id],
            data=days if act == "publish" else {}, by=key(person),
        )  # fmt: skip
        laid.append(signed)
    return repo.file("LX-WI-01", laid, "published")


def a_new_key_from_tomorrow(repo: DocsRepo) -> None:
    """Li Si's next key is theirs from a day on that the policy names."""
    repo.policy(lambda company: company.with_keys("li.si", "li.si", "li.si/2 from 2026-12-24"))


@attack("18", "SIGNER", IN_REVIEW, before=a_new_key_from_tomorrow)
def a_key_before_its_first_day(repo: DocsRepo) -> None:
    approve(repo, by=key("li.si/2"))


@pytest.mark.parametrize("asks", [class_asks, key_promises, floors_ask])
def test_nothing_is_said_where_devices_sign(
    asks: Callable[[DocsRepo], None], repo: DocsRepo
) -> None:
    """What was signed before stays; what goes round is signed on with security keys."""
    asks(repo)

    repo.sign("LX-WI-02")
    repo.publish("LX-WI-02")
    repo.issue("LX-CX-2026-01", "001", "li.si")

    assert repo.verify() == []
    assert repo.check(whole=True) == []
