"""Attacks with names, modes and bytes: what may not lie where it lies, or be read as it reads."""

import pytest

from qms.formats import cut
from qms.formats.tree import EXECUTABLE, SUBMODULE, SYMLINK
from qms.testing import DocsRepo
from qms.testing.attacks import SUBMIT, Attack, Attacks

SHEET = "released/instruction/LX-WI-01/A-0.md"
SHEET_WORKING = "documents/instruction/LX-WI-01.md"
IN_REVIEW = "documents/instruction/LX-WI-02.md"
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


@attack("45", "STRAY", "Released")
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


@attack("45", "STRAY", "Plans")
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


@attack("59", "STRAY", "documents/instruction/-x.md")
def a_name_that_begins_with_a_dash(repo: DocsRepo) -> None:
    repo.write("documents/instruction/-x.md", repo.read(DRAFT))


@attack("59", "STRAY", "documents/instruction/LX\nWI.md")
def a_name_with_a_line_end(repo: DocsRepo) -> None:
    repo.write("documents/instruction/LX\nWI.md", repo.read(DRAFT))


@attack("85", "STRAY", "documents/nul/LX-WI-09.md")
def a_name_that_windows_reserves(repo: DocsRepo) -> None:
    repo.write("documents/nul/LX-WI-09.md", repo.read(DRAFT))


# bytes: the released file, where nothing else may be said


def changed(repo: DocsRepo, path: str, old: bytes, new: bytes) -> None:
    assert old in repo.read(path)
    repo.replace(path, old, new)


@attack("60", "BYTES-CR", DRAFT, signing=SUBMIT)
def windows_line_ends(repo: DocsRepo) -> None:
    repo.write(DRAFT, repo.read(DRAFT).replace(b"\n", b"\r\n"))


@attack("60", "BYTES-CR", SHEET)
def windows_line_ends_in_a_released_file(repo: DocsRepo) -> None:
    repo.write(SHEET, repo.read(SHEET).replace(b"\n", b"\r\n"))


@attack("60", "BYTES-BOM", DRAFT, signing=SUBMIT)
def a_byte_order_mark(repo: DocsRepo) -> None:
    repo.write(DRAFT, b"\xef\xbb\xbf" + repo.read(DRAFT))


@attack("65", "YAML-DUPLICATE", DRAFT, signing=SUBMIT)
def a_key_twice(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"owner: technical\n", b"owner: technical\nowner: quality\n")


@attack("65", "YAML-DUPLICATE", SHEET)
def a_key_twice_in_a_released_file(repo: DocsRepo) -> None:
    changed(repo, SHEET, b"owner: technical\n", b"owner: technical\nowner: quality\n")


@attack("66", "YAML-CONTROL", DRAFT, signing=SUBMIT)
def a_line_separator_in_a_value(repo: DocsRepo) -> None:
    changed(repo, DRAFT, "文件控制程序".encode(), "文件\u2028owner: quality".encode())


@attack("66", "YAML-CONTROL", DRAFT, signing=SUBMIT)
def a_next_line_character_in_a_value(repo: DocsRepo) -> None:
    changed(repo, DRAFT, "文件控制程序".encode(), "文件\u0085owner: quality".encode())


@attack("67", "YAML-FORBIDDEN", DRAFT, signing=SUBMIT)
def an_alias(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"owner: technical\n", b"owner: &a technical\nstandard: *a\n")


@attack("67", "YAML-FORBIDDEN", DRAFT)
def a_tag(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"owner: technical\n", b"owner: !!python/name:os.system technical\n")


@attack("67", "YAML-FORBIDDEN", DRAFT)
def a_merge_key(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"owner: technical\n", b"owner: technical\n<<: {title: x}\n")


@attack("67", "YAML-FORBIDDEN", DRAFT)
def very_deep_nesting(repo: DocsRepo) -> None:
    deep = b"[" * 20_000 + b"]" * 20_000
    changed(repo, DRAFT, b"owner: technical\n", b"owner: technical\nclauses: " + deep + b"\n")


@attack("68", "YAML-TYPE", DRAFT, signing=SUBMIT)
def a_quoted_truth_value(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"controlled: true", b'controlled: "true"')


@attack("68", "YAML-TYPE", DRAFT)
def another_word_for_true(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"controlled: true", b"controlled: yes")


@attack("70", "UNICODE", DRAFT, signing=SUBMIT)
def a_character_that_turns_the_reading_direction(repo: DocsRepo) -> None:
    changed(repo, DRAFT, "文件控制程序".encode(), "文件\u202e序程制控".encode())


@attack("70", "UNICODE", DRAFT, signing=SUBMIT)
def a_hidden_character_in_the_body(repo: DocsRepo) -> None:
    changed(repo, DRAFT, "正文".encode(), "正\u200b文".encode())


@attack("70", "UNICODE", DRAFT)
def a_letter_that_shows_nothing_in_the_title(repo: DocsRepo) -> None:
    """Two titles that read alike: a filler of Hangul is a letter by its category."""
    changed(repo, DRAFT, "文件控制程序".encode(), "文件控制\u3164程序".encode())


@attack("70", "UNICODE", DRAFT)
def a_letter_that_shows_nothing_by_an_escape(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"owner: technical", b'owner: "technical\\uFFA0"')


@attack("70", "UNICODE", DRAFT)
def another_form_of_a_letter_in_the_body(repo: DocsRepo) -> None:
    changed(repo, DRAFT, "正文".encode(), "正\ufe00文".encode())


@attack("70", "UNICODE", DRAFT)
def a_mark_of_shorthand_in_the_body(repo: DocsRepo) -> None:
    changed(repo, DRAFT, "正文".encode(), "正\U0001bca0文".encode())


@attack("96", "CUT", DRAFT, signing=SUBMIT)
def a_second_status_line(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"status: draft\n", b"status: draft\nstatus: published\n")


@attack("96", "YAML-SYNTAX", DRAFT, signing=SUBMIT)
def a_quoted_scalar_over_the_cut(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"owner: technical\n", b'owner: technical\nchange: "a\n')


@attack("96", "TAIL", DRAFT, signing=SUBMIT)
def a_comment_in_the_tail(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"approvals: []\n", b"approvals: []\n# harmless\n")


@attack("96", "TAIL", SHEET)
def a_comment_in_the_tail_of_a_released_file(repo: DocsRepo) -> None:
    changed(repo, SHEET, b"approvals:\n", b"approvals:\n# harmless\n")


@attack("96", "TAIL", DRAFT, signing=SUBMIT)
def an_extra_key_in_the_tail(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"approvals: []\n", b"approvals: []\nowner: quality\n")


@attack("46", "TAIL", IN_REVIEW)
def two_slots_mixed_by_a_merge_that_keeps_all_lines(repo: DocsRepo) -> None:
    changed(repo, IN_REVIEW, b'    person: "li.si"\n', b'    person: "li.si"\n    person: "x.y"\n')


@attack("71", "NOT-CANONICAL", SHEET)
def a_message_with_a_key_twice(repo: DocsRepo) -> None:
    changed(repo, SHEET, b'"round":1', b'"round":1,"round":1')


@attack("71", "NOT-CANONICAL", SHEET)
def a_message_with_other_spacing(repo: DocsRepo) -> None:
    changed(repo, SHEET, b'"round":1', b'"round": 1')


@attack("71", "NOT-CANONICAL", SHEET)
def a_message_with_a_fraction(repo: DocsRepo) -> None:
    changed(repo, SHEET, b'"round":1', b'"round":1.0')


@attack("71", "NOT-CANONICAL", SHEET)
def a_message_with_half_a_character(repo: DocsRepo) -> None:
    changed(repo, SHEET, b'"reason":null', b'"reason":"\\ud800"')


@attack("72", "NOT-CANONICAL", SHEET)
def a_signature_in_another_spelling(repo: DocsRepo) -> None:
    changed(repo, SHEET, b'"signature":"U1NIU0lH', b'"signature":" U1NIU0lH')


@attack("68", "FIELD-UNKNOWN", DRAFT)
def a_key_that_nobody_knows(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"owner: technical\n", b"owner: technical\nowners: quality\n")


@attack("68", "FIELD-MISSING", DRAFT)
def a_key_left_out(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"owner: technical\n", b"")


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


@attack("33", "NUMBER-REUSE", "documents/procedure/LX-WI-01.md")
def a_released_number_in_another_class(repo: DocsRepo) -> None:
    text = repo.read(DRAFT).replace(b"class: instruction", b"class: procedure")
    text = text.replace(b"LX-WI-03", b"LX-WI-01").replace(b"A/0", b"A/1")
    repo.write("documents/procedure/LX-WI-01.md", text)


@attack("33", "NUMBER-REUSE", "documents/instruction/LX-WI-O1.md")
def a_number_that_looks_like_a_released_one(repo: DocsRepo) -> None:
    repo.write("documents/instruction/LX-WI-O1.md",
               repo.read(DRAFT).replace(b"LX-WI-03", b"LX-WI-O1"))  # fmt: skip
