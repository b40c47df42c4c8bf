"""DC-02: the next free number, scopes of the count, derived numbers, numbers typed by hand."""

import pytest

from qms.api import Place, Refused
from qms_numbering.display import Display
from qms_numbering.pattern import NumberPattern
from qms_numbering.spelling import charset_fault, mended

PROCEDURE = NumberPattern.parse("XX/QP-{seq:02}")
RECORD = NumberPattern.parse("XX/QPR-{seq of procedure}-{seq:02}")


def test_the_first_number_of_a_year_is_one() -> None:
    rule = NumberPattern.parse("LX-CX-{year}-{seq:02}")

    number = rule.next_free(["LX-CX-2019-01", "LX-CX-2019-02"], {"year": 2020})

    assert number == "LX-CX-2020-01"


def test_the_count_follows_the_highest_and_fills_no_gap() -> None:
    rule = NumberPattern.parse("LX-CX-{year}-{seq:02}")

    number = rule.next_free(["LX-CX-2019-07", "LX-CX-2019-02", "LX-R-99"], {"year": "2019"})

    assert number == "LX-CX-2019-08"


def test_a_count_that_runs_across_years_does_not_begin_anew() -> None:
    rule = NumberPattern.parse("LX-CX-{year}-{seq:02 across year}")

    number = rule.next_free(["LX-CX-2019-07"], {"year": 2020})

    assert number == "LX-CX-2020-08"


def test_a_count_runs_across_the_clauses_of_the_standard() -> None:
    rule = NumberPattern.parse("JD/QMB{clauses}-{seq:02 across clauses}")

    number = rule.next_free(["JD/QMB4.2.3-01", "JD/QMB8.5.2/8.5.3-05"], {"clauses": "7.1"})

    assert number == "JD/QMB7.1-06"


def test_a_count_across_all_has_one_scope() -> None:
    rule = NumberPattern.parse("{code}-{letter}{seq:04 across all}")

    number = rule.next_free(["AR-L7765", "BR-M0003"], {"code": "CR", "letter": "N"})

    assert number == "CR-N7766"


def test_a_count_may_cross_one_field_and_begin_anew_for_another() -> None:
    rule = NumberPattern.parse("{letter}-{code}-{year}-{seq:02 across letter and code}")

    number = rule.next_free(
        ["A-AA-2019-04", "B-BB-2019-05", "C-CC-2020-09"],
        {"letter": "D", "code": "DD", "year": 2019},
    )

    assert number == "D-DD-2019-06"


def test_the_hundredth_number_is_wider() -> None:
    rule = NumberPattern.parse("LX-R-{seq:02}")

    assert rule.next_free(["LX-R-99"], {}) == "LX-R-100"
    assert rule.next_free(["LX-R-99", "LX-R-100"], {}) == "LX-R-101"


def test_a_number_is_passed_over_if_its_twin_is_taken() -> None:
    rule = NumberPattern.parse("LX-R-{seq:02}")

    number = rule.next_free(["LX-R-01", "LX-R-O2", "lx-r-03", "LX—R—04"], {})

    assert number == "LX-R-05"


def test_the_last_number_is_the_last() -> None:
    rule = NumberPattern.parse("LX-R-{seq}")

    with pytest.raises(Refused) as refusal:
        rule.next_free(["LX-R-999999999"], {})

    assert refusal.value.finding.code == "NUMBER-FULL"


def test_a_pattern_without_a_count_gives_its_number_once() -> None:
    rule = NumberPattern.parse("LX-SH-{year}")

    assert rule.next_free([], {"year": 2019}) == "LX-SH-2019"
    with pytest.raises(Refused) as refusal:
        rule.next_free(["LX-SH-2019"], {"year": 2019})
    assert refusal.value.finding.code == "NUMBER-FULL"


def test_a_missing_value_is_named() -> None:
    rule = NumberPattern.parse("TS{yy}-{mmdd}-{seq:02}")

    with pytest.raises(Refused) as refusal:
        rule.next_free([], {"yy": "13"})

    finding = refusal.value.finding
    assert (finding.code, finding.values["needed"]) == ("NUMBER-FIELD", "mmdd")


@pytest.mark.parametrize("value", ["19", "０２０１", "-201", "", 219])
def test_a_value_out_of_form_is_refused(value: str | int) -> None:
    rule = NumberPattern.parse("LX-SH-{year}")

    with pytest.raises(Refused) as refusal:
        rule.format({"year": value})

    assert refusal.value.finding.code == "NUMBER-FIELD"


def test_a_records_number_derives_from_its_procedures() -> None:
    given = RECORD.inherited(PROCEDURE, "XX/QP-04")

    number = RECORD.next_free(["XX/QPR-04-01", "XX/QPR-05-07"], given)

    assert given == {"seq of procedure": "04"}
    assert number == "XX/QPR-04-02"
    assert RECORD.parent == "procedure"


def test_a_filled_forms_number_holds_the_forms_whole_number() -> None:
    form = NumberPattern.parse("LX-R-{seq:02}")
    filled = NumberPattern.parse("{number of form}-{year}-{seq:03}")

    given = {**filled.inherited(form, "LX-R-05"), "year": "2026"}

    assert filled.next_free(["LX-R-05-2026-002"], given) == "LX-R-05-2026-003"


def test_what_the_parents_number_lacks_cannot_be_inherited() -> None:
    with pytest.raises(Refused) as refusal:
        NumberPattern.parse("A-{year of procedure}").inherited(PROCEDURE, "XX/QP-04")

    assert refusal.value.finding.code == "NUMBER-FIELD"


def test_a_parents_number_must_follow_its_own_rule() -> None:
    with pytest.raises(Refused) as refusal:
        RECORD.inherited(PROCEDURE, "XX/QP-4")

    assert refusal.value.finding.code == "NUMBER-FORM"


def test_a_foreign_letter_is_named_with_its_place() -> None:
    """Attack 69."""
    with pytest.raises(Refused) as refusal:
        mended("LХ-CX-2019-01")

    finding = refusal.value.finding
    assert finding.code == "NUMBER-CHARSET"
    assert finding.values == {
        "found": "LХ-CX-2019-01",
        "character": "U+0425 CYRILLIC CAPITAL LETTER HA",
        "at": "2",
        "instead": "L?-CX-2019-01",
    }


@pytest.mark.parametrize("number", ["LX‑01", "ＬX-01", "LX -01", "LX-01\u200b", "LX~01", "é"])
def test_a_file_must_hold_the_canonical_spelling(number: str) -> None:
    """Attack 69: what is understood when typed is still a fault in a file."""
    fault = charset_fault(number)

    assert fault is not None
    assert (fault.code, fault.place) == ("NUMBER-CHARSET", Place(field="number"))


@pytest.mark.parametrize(
    "typed", ["LX-01\u202e", "LX-01\u200b", "LX-01\n", "LX\u00ad-01", "e\u0301"]
)
def test_what_is_invisible_is_never_dropped_in_silence(typed: str) -> None:
    with pytest.raises(Refused) as refusal:
        mended(typed)

    assert refusal.value.finding.code == "NUMBER-CHARSET"


@pytest.mark.parametrize(
    "setting",
    [
        "",
        "{nummer}",
        "{number",
        "number}",
        {"text": "{number}", "dash": "="},
        {"text": "{number}", "dash": ""},
        {"dash": "~"},
        {"form": "{number}"},
        {"dash": 1},
    ],
)
def test_a_wrong_display_form_is_refused(setting: str | dict[str, object]) -> None:
    with pytest.raises(Refused) as refusal:
        Display.parse(setting)

    assert refusal.value.finding.code == "NUMBER-DISPLAY"
