"""Attacks with bytes and spellings: what may not be read as it reads."""

import pytest

from qms.testing import DocsRepo
from qms.testing.attacks import SUBMIT, Attack, Attacks

SHEET = "released/instruction/LX-WI-01/A-0.md"
IN_REVIEW = "documents/instruction/LX-WI-02.md"
DRAFT = "documents/instruction/LX-WI-03.md"

ATTACKS = Attacks()
attack = ATTACKS.add


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_what_may_not_lie_there_is_named(attack: Attack, repo: DocsRepo) -> None:
    attack.prove(repo)


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


@attack("67", "YAML-DEEP", DRAFT)
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


@attack("96", "YAML-QUOTES", DRAFT, signing=SUBMIT)
def a_quoted_scalar_over_the_cut(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"owner: technical\n", b'owner: technical\nchange: "a\n')


@attack("96", "TAIL", DRAFT, signing=SUBMIT)
def a_comment_in_the_tail(repo: DocsRepo) -> None:
    changed(repo, DRAFT, b"approvals: []\n", b"approvals: []\n# harmless\n")


@attack("96", "TAIL", SHEET)
def a_comment_in_the_tail_of_a_released_file(repo: DocsRepo) -> None:
    changed(repo, SHEET, b"approvals:\n", b"approvals:\n# harmless\n")


@attack("96", "STATUS-ABOVE", DRAFT, signing=SUBMIT)
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
