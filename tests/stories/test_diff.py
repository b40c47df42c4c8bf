"""`qms diff` of texts that nobody has signed: anybody may write them, of any size."""

from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"


def test_a_text_that_is_too_large_to_print_is_not_compared(released: Office) -> None:
    """Row 266 (L: RENDER-LIMIT): it said all of it, and was at work for hours."""
    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    released.write(TEXT, released.text(TEXT) + "- 上电前检查绝缘\n" * 40_000)

    answer = released.call("diff", NUMBER)

    assert answer.code == 1
    assert f"{TEXT}: error RENDER-LIMIT: too large to be set: characters of the" in answer.err
    assert "RENDER-LIMIT" in released.call("check").findings


def test_a_long_text_is_compared_whatever_else_is_wrong_with_it(released: Office) -> None:
    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    released.write(TEXT, released.text(TEXT) + "\n<b>甲\n" + "\n上电前检查绝缘。\n" * 12_000)

    answer = released.call("diff", NUMBER)

    assert answer.code == 0
    assert "{+<b>甲+}" in answer.out
