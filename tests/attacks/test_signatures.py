"""Attacks with signatures: by the wrong person, on the wrong thing, in the wrong order."""

from dataclasses import replace

import pytest

from qms.domain.kinds.reading import parsed_document
from qms.formats import cut
from qms.formats.slots import Base, Notice, Statement
from qms.testing import DocsRepo, key
from qms.testing.attacks import APPROVE, RELEASE, Attack, Attacks
from qms.testing.company import PARALLEL_CHAIN
from qms.testing.forging import approve, approved, given, publish, put

SHEET = "released/instruction/LX-WI-01/A-0.md"
SHEET_WORKING = "documents/instruction/LX-WI-01.md"
IN_REVIEW = "documents/instruction/LX-WI-02.md"
FILED = "released/instruction/LX-WI-02/A-0.md"
PROCEDURE = "documents/procedure/LX-CX-2026-02.md"
PROCEDURE_FILED = "released/procedure/LX-CX-2026-02/A-0.md"
NEXT = "released/instruction/LX-WI-01/A-1.md"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_a_wrong_signature_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


# replayed


@attack("9", "MOVED-ENTRY", SHEET)
def signatures_of_another_document(repo: DocsRepo) -> None:
    other = cut.cut_markdown(repo.read("released/procedure/LX-CX-2026-01/A-0.md")).tail
    repo.write(SHEET, cut.with_tail(repo.read(SHEET), other))


@attack("9", "MOVED-ENTRY", SHEET)
def one_slot_swapped_between_two_documents(repo: DocsRepo) -> None:
    mine, theirs = repo.released("LX-WI-01")[-1], repo.released("LX-CX-2026-01")[0]
    put(
        repo, SHEET, (mine.slots[0], replace(theirs.slots[2], step="2"), mine.slots[2]), "published"
    )


@attack("9", "SIGNATURE", SHEET)
def one_signature_swapped_between_two_documents(repo: DocsRepo) -> None:
    mine, theirs = repo.released("LX-WI-01")[-1], repo.released("LX-CX-2026-01")[0]
    taken = theirs.statements[-1]
    swapped = mine.statements[-1].with_signature(taken.signature)
    put(repo, SHEET, (*mine.slots[:2], swapped), "published")


@attack("9", "MOVED-ENTRY", "documents/instruction/LX-WI-03.md")
def an_approved_text_under_another_number(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    draft = repo.document("LX-WI-03")
    assert draft.content != document.content
    put(repo, "documents/instruction/LX-WI-03.md", document.slots, "in-review")


@attack("10", "MOVED-ENTRY", NEXT)
def the_approval_of_the_revision_before(repo: DocsRepo) -> None:
    repo.write(NEXT, repo.read(SHEET).replace(b"revision: A/0", b"revision: A/1", 1))


@attack("11", "SIGNATURE", IN_REVIEW, before=approved, signing=RELEASE)
def an_approval_in_another_role(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, b'role: "quality-manager"', b'role: "general-manager"')


@attack("11", "SIGNATURE", IN_REVIEW, before=approved, signing=RELEASE)
def an_approval_with_another_meaning(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, b'"meaning":"approved"', b'"meaning":"reviewed"')


@attack("11", "SIGNATURE", SHEET)
def another_step_in_a_released_file(repo: DocsRepo) -> None:
    document = repo.released("LX-WI-01")[-1]
    put(
        repo,
        SHEET,
        (*document.statements[:2], replace(document.statements[2], step="4")),
        "published",
    )


@attack("11", "SIGNATURE", SHEET)
def another_effective_day_in_a_released_file(repo: DocsRepo) -> None:
    document = repo.released("LX-WI-01")[-1]
    signed = document.statements[2]
    data = dict(signed.data) | {"effective": "2027-01-01"}
    later = replace(signed, data=data)
    put(repo, SHEET, (*document.statements[:2], later), "published")


@attack("11", "SIGNATURE", SHEET)
def another_time_in_a_released_file(repo: DocsRepo) -> None:
    document = repo.released("LX-WI-01")[-1]
    earlier = replace(document.statements[2], at="2026-11-20T09:00:01+08:00")
    put(repo, SHEET, (*document.statements[:2], earlier), "published")


@attack("12", "WRONG-REPO", IN_REVIEW, signing=RELEASE)
def an_approval_given_in_another_repository(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    step = Notice("approve", "2", "quality-manager", "li.si")
    slot = repo.sign_slot(step, document.subject, document.content,
                          after=[document.statements[0].id], repo="sha256:" + "0" * 64)  # fmt: skip
    put(repo, IN_REVIEW, (document.statements[0], slot), "approved")


def resigned_for(slot: Statement, namespace: str, label: str) -> Statement:
    return slot.with_signature(key(label).sign(slot.message(), namespace))


@attack("13", "NAMESPACE", IN_REVIEW, signing=RELEASE)
def a_signature_made_for_git(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    slot = given(repo, document, Notice("approve", "2", "quality-manager", "li.si"))
    put(repo, IN_REVIEW, (document.statements[0], resigned_for(slot, "git", "li.si")), "approved")


@attack("13", "NAMESPACE", SHEET)
def a_signature_made_for_git_in_a_released_file(repo: DocsRepo) -> None:
    document = repo.released("LX-WI-01")[-1]
    swapped = resigned_for(document.statements[1], "git", "li.si")
    put(repo, SHEET, (document.statements[0], swapped, document.statements[2]), "published")


# by the wrong person


@attack("14", "SIGNER", IN_REVIEW, signing=RELEASE)
def the_own_key_under_somebody_elses_name(repo: DocsRepo) -> None:
    approve(repo, by=key("sun.ba"))


@attack("14", "SIGNER", FILED, before=approved)
def the_own_key_under_the_publishers_name(repo: DocsRepo) -> None:
    publish(repo, by=key("sun.ba"))


@attack("14", "SIGNER", IN_REVIEW, signing=RELEASE)
def an_outsiders_key(repo: DocsRepo) -> None:
    approve(repo, by=key("mallory"))


@attack("4", "SIGNER", NEXT)
def a_forged_next_revision_signed_by_an_outsider(repo: DocsRepo) -> None:
    document = repo.released("LX-WI-01")[-1]
    text = repo.read(SHEET).replace(b"revision: A/0", b"revision: A/1", 1)
    repo.write(NEXT, text)
    base = Base("A/0", document.content)
    forged: list[Statement] = []
    for act, step, role, person in (
        ("prepare", "1", "preparer", "sun.ba"),
        ("approve", "2", "quality-manager", "li.si"),
        ("publish", "3", "document-controller", "wang.wu"),
    ):
        draft = parsed_document(repo.read(NEXT))
        after = [forged[-1].id] if forged else [document.statements[-1].id]
        seat = Notice(act, step, role, person)
        forged.append(given(repo, draft, seat, after=after, base=base, by=key("mallory")))
    put(repo, NEXT, forged, "published")


@attack("15", "ROLE", IN_REVIEW, signing=APPROVE)
def a_role_that_is_not_held(repo: DocsRepo) -> None:
    approve(repo, "zhou.jiu", "quality-manager")


@attack("15", "ROLE", IN_REVIEW, signing=APPROVE)
def a_role_that_the_step_does_not_ask_for(repo: DocsRepo) -> None:
    approve(repo, "zhao.liu", "general-manager")


@attack("15", "ROLE", IN_REVIEW, signing=APPROVE)
def an_approval_as_preparer(repo: DocsRepo) -> None:
    approve(repo, "zhou.jiu", "preparer")


@attack("15", "SLOT-FORM", IN_REVIEW, before=approved)
def an_approval_in_no_role(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, b'role: "quality-manager"', b"role: null")


@attack("15", "ROLE", FILED, before=approved)
def a_release_in_a_role_that_is_not_held(repo: DocsRepo) -> None:
    publish(repo, "zhou.jiu")


@attack("4", "DOC-UNAPPROVED", FILED, before=approved)
def a_release_without_the_publishers_signature(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    put(repo, IN_REVIEW, document.statements[:2], "published")
    repo.write(FILED, repo.read(IN_REVIEW))


def zhou_jiu_was_quality_manager_until_yesterday(repo: DocsRepo) -> None:
    held = ("li.si", "zhou.jiu 2026-01-01 2026-11-19")
    repo.policy(lambda company: company.with_role("quality-manager", *held))


@attack(
    "16", "ROLE", IN_REVIEW, before=zhou_jiu_was_quality_manager_until_yesterday, signing=APPROVE
)
def a_role_that_has_ended(repo: DocsRepo) -> None:
    approve(repo, "zhou.jiu")


@attack(
    "17",
    "SIGNER",
    IN_REVIEW,
    before=lambda repo: repo.policy(lambda c: c.with_new_key("li.si")),
    signing=RELEASE,
)
def a_key_that_was_replaced(repo: DocsRepo) -> None:
    approve(repo, by=key("li.si"))


@attack(
    "17",
    "SIGNER",
    IN_REVIEW,
    before=lambda repo: repo.policy(lambda c: c.with_keys("li.si", "x")),
    signing=RELEASE,
)
def a_key_that_is_no_longer_listed(repo: DocsRepo) -> None:
    approve(repo, by=key("li.si"))


@attack(
    "18",
    "SIGNER",
    IN_REVIEW,
    before=lambda repo: repo.policy(lambda c: c.with_new_key("li.si")),
    signing=RELEASE,
)
def a_void_key_with_a_time_before_it_was_void(repo: DocsRepo) -> None:
    document = repo.document("LX-WI-02")
    policy = repo.policy_file.content
    slot = Notice("approve", "2", "quality-manager", "li.si")
    signed = repo.sign_slot(slot, document.subject, document.content, by=key("li.si"),
                            after=[document.statements[0].id], policy=policy,
                            at=document.statements[0].at)  # fmt: skip
    put(repo, IN_REVIEW, (document.statements[0], signed), "approved")


def prepared_by_the_manager(repo: DocsRepo) -> None:
    """The preparer is a head of department, too: the chain has a seat for them twice."""
    either = PARALLEL_CHAIN.replace("need: all", "need: any")
    repo.policy(lambda company: company.with_chain("procedure", either))
    repo.draft("LX-CX-2026-02", prepared_by="qian.qi")
    repo.commit("Draft LX-CX-2026-02")
    repo.submit("LX-CX-2026-02")


@attack("19", "SELF-APPROVAL", PROCEDURE, before=prepared_by_the_manager)
def a_review_by_who_prepared(repo: DocsRepo) -> None:
    document = repo.document("LX-CX-2026-02")
    slot = given(repo, document, Notice("review", "2", "head-of-technical", "qian.qi"))
    put(repo, PROCEDURE, (document.statements[0], slot), "in-review")


def reviewed(repo: DocsRepo) -> None:
    """LX-CX-2026-02 waits for its approval."""
    repo.draft("LX-CX-2026-02")
    repo.commit("Draft LX-CX-2026-02")
    repo.submit("LX-CX-2026-02")
    repo.sign("LX-CX-2026-02")


def one_person_with_two_hats(repo: DocsRepo) -> None:
    """The head of quality has become general manager as well, and has reviewed."""
    repo.policy(lambda company: company.with_role("general-manager", "zhao.liu", "li.si"))
    reviewed(repo)


@attack("20", "SAME-PERSON", PROCEDURE, before=one_person_with_two_hats)
def an_approval_by_who_reviewed(repo: DocsRepo) -> None:
    document = repo.document("LX-CX-2026-02")
    standing = document.statements
    slot = given(repo, document, Notice("approve", "3", "general-manager", "li.si"))
    put(repo, PROCEDURE, (*standing, slot), "approved")


def two_hats_and_two_keys(repo: DocsRepo) -> None:
    repo.policy(
        lambda company: company.with_role("general-manager", "zhao.liu", "li.si").with_keys(
            "li.si", "li.si", "li.si/2"
        )
    )
    reviewed(repo)


@attack("21", "SAME-PERSON", PROCEDURE, before=two_hats_and_two_keys)
def one_person_with_two_keys(repo: DocsRepo) -> None:
    document = repo.document("LX-CX-2026-02")
    standing = document.statements
    slot = given(
        repo, document, Notice("approve", "3", "general-manager", "li.si"), by=key("li.si")
    )
    put(repo, PROCEDURE, (*standing, slot), "approved")


# fields that go on in another line


@attack("88", "NOT-CANONICAL", IN_REVIEW, signing=APPROVE)
def a_reason_with_a_line_end(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, b'"reason":null', b'"reason":"x\\nperson: li.si"')


@attack("88", "NOT-CANONICAL", IN_REVIEW, signing=APPROVE)
def a_reason_with_a_nul(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, b'"reason":null', b'"reason":"x\\u0000y"')


@attack("88", "NOT-CANONICAL", IN_REVIEW, signing=APPROVE)
def a_reason_with_a_line_separator(repo: DocsRepo) -> None:
    repo.replace(IN_REVIEW, b'"reason":null', '"reason":"x\u2028y"'.encode())
