"""What is said in Chinese is said in Chinese throughout."""

import pytest

from qms.testing.mended import committed
from qms.testing.office import Office

NUMBER = "LX-WI-01"
TEXT = f"documents/work-instruction/{NUMBER}.md"


def test_chinese_sentences_name_fields_and_acts_in_chinese(released: Office) -> None:
    released.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    committed(released)
    released.qms("submit", NUMBER, by="gong.yi")

    answer = released.call("sign", NUMBER, by="fu.yi", lang="zh")

    assert "与 A/0 相比：版本、修改内容不同；正文改动 0 处" in answer.out
    assert "版本：[-A/0-] {+A/1+}" in released.call("diff", NUMBER, lang="zh").out
    answer = released.call("receive", NUMBER, "001", by="gong.yi", lang="zh")
    assert f"{NUMBER} 没有可办理签收的分发号 001" in answer.err


def test_nothing_is_said_to_differ_where_only_the_body_does(released: Office) -> None:
    released.qms("revise", NUMBER, "--summary", "首次发布", by="gong.yi")
    released.edit(TEXT, "# 车床", "# 铣床")
    committed(released)
    released.qms("submit", NUMBER, by="gong.yi")

    answer = released.call("sign", NUMBER, by="fu.yi", lang="zh")

    assert "与 A/0 相比：版本不同；正文改动 1 处" in answer.out


@pytest.mark.parametrize("command", [("--help",), (), ("policy",), ("sign", "--help")])
def test_the_usage_is_in_chinese(lx: Office, command: tuple[str, ...]) -> None:
    answer = lx.call(*command, lang="zh")

    assert "Usage" not in answer.out + answer.err


def test_classes_and_departments_are_known_by_their_names(lx: Office) -> None:
    """Whoever reads 作业指导书 in the list types that, not the id."""
    lx.qms("new", "作业指导书", "--title", "车床", "--owner", "技术部", by="gong.yi")

    text = lx.text("documents/work-instruction/LX-WI-01.md")
    assert "class: work-instruction" in text
    assert "owner: technical" in text
    assert "LX-WI-01" in lx.qms("list", "--class", "Work instruction", "--department", "技术部")
    told = lx.call("new", "作业指导", "--title", "车床", by="gong.yi")
    assert told.findings == ("CLASS-UNKNOWN",)
    assert "work-instruction (作业指导书)" in told.err
