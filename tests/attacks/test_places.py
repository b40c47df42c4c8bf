"""Attacks with names, modes and numbers: what may not lie where it lies."""

import pytest

from qms.formats import cut
from qms.formats.tree import EXECUTABLE, SUBMODULE, SYMLINK
from qms.testing import DocsRepo
from qms.testing.attacks import SUBMIT, Attack, Attacks
from qms.testing.told_findings import Told

SHEET = "released/instruction/LX-WI-01/A-0.md"
SHEET_WORKING = "documents/instruction/LX-WI-01.md"
DRAFT = "documents/instruction/LX-WI-03.md"
COPY = "copies/procedure/LX-CX-2026-01/A-0/001.yaml"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_what_may_not_lie_there_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


# strays and look-alikes


@attack("45", "STRAY", "released/procedure/notes.txt")
def a_stray_file_among_the_released(repo: DocsRepo) -> None:
    repo.write("released/procedure/notes.txt", b"hello\n")


@attack("45", "STRAY", "documents/README.md")
def a_stray_file_among_the_documents(repo: DocsRepo) -> None:
    repo.write("documents/README.md", b"hello\n")


@attack("45", "STRAY", "copies/procedure/LX-CX-2026-01/A-0/001.yml")
def a_stray_file_among_the_copies(repo: DocsRepo) -> None:
    repo.write("copies/procedure/LX-CX-2026-01/A-0/001.yml", repo.read(COPY))


@attack("45", "STRAY", "policy/README.md")
def a_stray_file_among_the_policies(repo: DocsRepo) -> None:
    repo.write("policy/README.md", b"hello\n")


@attack("45", "STRAY", "released/assets/logo.svg")
def a_picture_that_is_not_named_by_its_content(repo: DocsRepo) -> None:
    repo.write("released/assets/logo.svg", b"<svg/>\n")


@attack("45", "ASSET-CHANGED", "released/assets/" + "0" * 64)
def a_picture_named_by_another_content(repo: DocsRepo) -> None:
    repo.write("released/assets/" + "0" * 64, b"<svg/>\n")


@attack("45", "STRAY-NAME", "Released")
def a_folder_that_looks_like_a_governed_one(repo: DocsRepo) -> None:
    repo.write("Released/procedure/LX-CX-2026-01/A-2.md", repo.read(SHEET))


ACTS = "released/instruction/LX-WI-01/A-0~1111111111111111.acts.yaml"


@attack("45", "STRAY", ACTS)
def an_empty_list_of_acts(repo: DocsRepo) -> None:
    head = 'number: "LX-WI-01"\nclass: "instruction"\nrevision: "A/0"\n'
    head += f'content: "sha256:{"1" * 64}"\n'
    repo.write(ACTS, head.encode() + b"status: log\nevents: []\n")


@attack("45", "STRAY", "released/instruction/LX-WI-01/A-0.acts.yaml")
def a_list_of_acts_that_does_not_say_of_which_text(repo: DocsRepo) -> None:
    head = cut.cut_yaml(repo.read(COPY)).head
    repo.write("released/instruction/LX-WI-01/A-0.acts.yaml",
               head + b"status: log\nevents: []\n")  # fmt: skip


@attack("45", "STRAY", "released/instruction/LX-WI-01/rejects.yaml")
def an_empty_list_of_rejects(repo: DocsRepo) -> None:
    head = b'number: "LX-WI-01"\nclass: "instruction"\n'
    repo.write("released/instruction/LX-WI-01/rejects.yaml", head + b"status: log\nevents: []\n")


@attack("45", "STRAY", "copies/procedure/LX-CX-2026-01/A-0~0123456789abcdef/001.yaml")
def a_folder_of_copies_of_a_twin(repo: DocsRepo) -> None:
    repo.write("copies/procedure/LX-CX-2026-01/A-0~0123456789abcdef/001.yaml", repo.read(COPY))


@attack("45", "STRAY", "delegations/li.si.yaml")
def a_delegation_that_nobody_judges_yet(repo: DocsRepo) -> None:
    repo.write("delegations/li.si.yaml", b"person: li.si\n")


@attack("45", "STRAY-NAME", "Plans")
def a_folder_that_looks_like_one_of_those_to_come(repo: DocsRepo) -> None:
    repo.write("Plans/2026.yaml", b"plan: 1\n")


@attack("111", "STRAY", "documents/.gitattributes")
def attributes_in_a_governed_folder(repo: DocsRepo) -> None:
    repo.write("documents/.gitattributes", b"*.md text eol=crlf\n")


@attack("111", "STRAY", "released/instruction/LX-WI-01/.gitattributes")
def attributes_beside_a_released_file(repo: DocsRepo) -> None:
    repo.write("released/instruction/LX-WI-01/.gitattributes", b"* export-ignore\n")


@attack("62", "PATH-COLLISION", "released/instruction/LX-WI-01/a-0.md")
def a_released_file_that_differs_by_case(repo: DocsRepo) -> None:
    repo.write("released/instruction/LX-WI-01/a-0.md", repo.read(SHEET))


@attack("62", "PATH-COLLISION", "documents/instruction/LX-wi-01.md")
def a_working_text_that_differs_by_case(repo: DocsRepo) -> None:
    repo.write("documents/instruction/LX-wi-01.md",
               repo.read(DRAFT).replace(b"LX-WI-03", b"LX-wi-01"))  # fmt: skip


@attack("62", "PATH-COLLISION", "documents/INSTRUCTION/LX-WI-09.md")
def a_class_folder_that_differs_by_case(repo: DocsRepo) -> None:
    repo.write("documents/INSTRUCTION/LX-WI-09.md", repo.read(DRAFT))


@attack("62", "PATH-COLLISION", "documents/instruction/LX-WI%E2%80%9101.md")
def a_number_with_another_dash(repo: DocsRepo) -> None:
    repo.write("documents/instruction/LX-WI%E2%80%9101.md", repo.read(DRAFT))


@attack("62", "PATH-COLLISION", "copies/procedure/lx-cx-2026-01/A-0/003.yaml")
def a_copy_in_a_folder_that_differs_by_case(repo: DocsRepo) -> None:
    repo.write("copies/procedure/lx-cx-2026-01/A-0/003.yaml", repo.read(COPY))


# modes


@attack("61", "BAD-MODE", SHEET)
def a_link_in_place_of_a_released_file(repo: DocsRepo) -> None:
    repo.write(SHEET, b"../../../documents/instruction/LX-WI-01.md", SYMLINK)


@attack("61", "BAD-MODE", SHEET_WORKING)
def a_link_in_place_of_a_working_text(repo: DocsRepo) -> None:
    repo.write(SHEET_WORKING, b"../../released/instruction/LX-WI-01/A-0.md", SYMLINK)


@attack("61", "BAD-MODE", "documents/instruction/LX-WI-09.md")
def a_new_link_among_the_documents(repo: DocsRepo) -> None:
    repo.write("documents/instruction/LX-WI-09.md", b"LX-WI-01.md", SYMLINK)


@attack("61", "BAD-MODE", "released/instruction/LX-WI-01/A-1.md")
def a_new_link_among_the_released(repo: DocsRepo) -> None:
    repo.write("released/instruction/LX-WI-01/A-1.md", b"A-0.md", SYMLINK)


@attack("61", "BAD-MODE", DRAFT)
def a_draft_that_can_be_run(repo: DocsRepo) -> None:
    repo.write(DRAFT, repo.read(DRAFT), EXECUTABLE)


@attack("61", "BAD-MODE", SHEET_WORKING)
def a_working_text_that_can_be_run(repo: DocsRepo) -> None:
    repo.write(SHEET_WORKING, repo.read(SHEET_WORKING), EXECUTABLE)


@attack("61", "BAD-MODE", COPY)
def a_link_in_place_of_a_copys_log(repo: DocsRepo) -> None:
    repo.write(COPY, b"002.yaml", SYMLINK)


@attack("61", "BAD-MODE", "documents/instruction/LX-WI-09.md", gates="RV")
def a_submodule_among_the_documents(repo: DocsRepo) -> None:
    repo.write("documents/instruction/LX-WI-09.md", b"0" * 39 + b"1", SUBMODULE)


@attack("61", "BAD-MODE", "released", gates="RV")
def a_link_in_place_of_all_that_is_released(repo: DocsRepo) -> None:
    repo.delete("released")
    repo.write("released", b"elsewhere", SYMLINK)


@attack("61", "BAD-MODE", "documents/instruction", gates="RV")
def a_link_in_place_of_a_class(repo: DocsRepo) -> None:
    repo.delete("documents/instruction")
    repo.write("documents/instruction", b"../elsewhere", SYMLINK)


@attack("45", "STRAY", "released/instruction/LX-WI-01", gates="RV")
def a_file_in_place_of_a_documents_folder(repo: DocsRepo) -> None:
    repo.delete("released/instruction/LX-WI-01")
    repo.write("released/instruction/LX-WI-01", b"x\n")


@attack("59", "DRAFT-PLACE", "documents/instruction/-x.md")
def a_name_that_begins_with_a_dash(repo: DocsRepo) -> None:
    repo.write("documents/instruction/-x.md", repo.read(DRAFT))


@attack("59", "DRAFT-PLACE", "documents/instruction/LX\nWI.md")
def a_name_with_a_line_end(repo: DocsRepo) -> None:
    repo.write("documents/instruction/LX\nWI.md", repo.read(DRAFT))


@attack("85", "DRAFT-PLACE", "documents/nul/LX-WI-09.md")
def a_name_that_windows_reserves(repo: DocsRepo) -> None:
    repo.write("documents/nul/LX-WI-09.md", repo.read(DRAFT))


# numbers


@attack(
    "69", "NUMBER-CHARSET", "documents/instruction/LX-WI-%EF%BC%90%EF%BC%99.md",
    signing=SUBMIT._replace(number="LX-WI-０９"),
)  # fmt: skip
def full_width_digits_in_a_number(repo: DocsRepo) -> None:
    repo.draft("LX-WI-０９", class_="instruction")


@attack("35", "NUMBER-TAKEN", "documents/procedure/LX-WI-03.md")
def a_number_that_another_class_has_taken(repo: DocsRepo) -> None:
    repo.write("documents/procedure/LX-WI-03.md",
               repo.read(DRAFT).replace(b"class: instruction", b"class: procedure"))  # fmt: skip


@attack(
    "33", "NUMBER-REUSE", "documents/procedure/LX-WI-01.md",
    also=(Told("CHAIN-SHORT-LATER", "documents/procedure/LX-WI-01.md"),),
)  # fmt: skip
def a_released_number_in_another_class(repo: DocsRepo) -> None:
    text = repo.read(DRAFT).replace(b"class: instruction", b"class: procedure")
    text = text.replace(b"LX-WI-03", b"LX-WI-01").replace(b"A/0", b"A/1")
    repo.write("documents/procedure/LX-WI-01.md", text)


@attack("33", "NUMBER-REUSE", "documents/instruction/LX-WI-O1.md")
def a_number_that_looks_like_a_released_one(repo: DocsRepo) -> None:
    repo.write("documents/instruction/LX-WI-O1.md",
               repo.read(DRAFT).replace(b"LX-WI-03", b"LX-WI-O1"))  # fmt: skip
