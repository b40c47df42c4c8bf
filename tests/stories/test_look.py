"""DC-18: a company's colours, words and logo: bound by the policy, printed as it was signed."""

from pathlib import Path

import pytest

from qms.domain.kinds.look import contrast, read_look
from qms.domain.kinds.own_name import first_strange
from qms.resources import template_folder
from qms.testing.office import Office
from qms.testing.published import pages

NUMBER = "LX-WI-01"
SIGNERS = ("gao.feng", "guan.ning")
LOOK = """colours: {headings: "#1f5f3f"}
wording: {cover: {zh: 内部资料}, foot: {zh: 翻印必究, en: All rights reserved}}
logo: look/logo.svg
"""
LOGO = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="45" viewBox="0 0 90 45">'
    '<path d="M5 40 L25 5 L45 40 Z" fill="#1f5f3f"/></svg>'
)


@pytest.fixture
def looking(drafted: Office) -> Office:
    """LX with a look in force, and a work instruction released under it."""
    drafted.write("look.yaml", LOOK)
    drafted.write("look/logo.svg", LOGO)
    for signer in SIGNERS:
        drafted.qms("policy", "sign", by=signer)
    drafted.qms("submit", NUMBER, by="gong.yi")
    drafted.qms("sign", NUMBER, by="fu.yi")
    drafted.qms("release", NUMBER, by="wen.kong")
    return drafted


def printed(office: Office, name: str, *options: str) -> Path:
    """What a machine prints that has printed nothing yet."""
    out = office.folder.parent / name
    office.environment["XDG_CACHE_HOME"] = f"{out}-cache"
    office.qms("publish", "--unsigned", "--out", str(out), *options, by="wen.kong")
    return out / "work-instruction"


def words(pdf: Path) -> str:
    return "\n".join(pages(pdf))


def test_a_look_is_printed_as_the_policy_binds_it(looking: Office) -> None:
    assert "look/logo.svg" in looking.text("policy/0002/policy.yaml")
    assert looking.call("check", "--all").findings == ()

    said = words(printed(looking, "out") / f"{NUMBER}_A-0_uncontrolled.pdf")

    assert "内部资料" in said
    assert said.count("翻印必究") == 3, "on each page"


def test_what_was_released_keeps_the_look_of_its_day(looking: Office) -> None:
    name = f"{NUMBER}_A-0_uncontrolled.pdf"
    before = (printed(looking, "one") / name).read_bytes()
    looking.edit("look.yaml", "翻印必究", "不得复制")
    (looking.folder / "look" / "logo.svg").unlink()
    looking.edit("look.yaml", "logo: look/logo.svg\n", "")
    for signer in SIGNERS:
        looking.qms("policy", "sign", by=signer)

    assert (printed(looking, "two") / name).read_bytes() == before
    looking.qms("revise", NUMBER, "--summary", "改", by="gong.yi")
    looking.edit(
        f"documents/work-instruction/{NUMBER}.md", "## 1 目的\n\n无", "## 1 目的\n\n点检。"
    )
    looking.qms("submit", NUMBER, by="gong.yi")
    looking.qms("sign", NUMBER, by="fu.yi")
    looking.qms("release", NUMBER, by="wen.kong")
    folder = printed(looking, "three", "--obsolete")
    assert "不得复制" in words(folder / f"{NUMBER}_A-1_uncontrolled.pdf")
    assert "翻印必究" in words(folder / f"{NUMBER}_A-0_obsolete.pdf")
    cover = pages(folder / f"{NUMBER}_A-0_obsolete.pdf")[0]
    assert "作废Obsolete" in cover
    assert not any(one in cover for one in ("已发布", "受控状态", "分发号", "持有者"))
    assert looking.call("verify").findings == ()


@pytest.mark.parametrize("path", ["look.yaml", "look/logo.svg"])
def test_a_look_that_nobody_signed_is_on_no_page(looking: Office, path: str) -> None:
    name = f"{NUMBER}_A-0_uncontrolled.pdf"
    before = (printed(looking, "one") / name).read_bytes()
    looking.write(path, looking.text(path).replace("1f5f3f", "7a1f5f"))

    assert (printed(looking, "two") / name).read_bytes() == before, "only edited"
    looking.git("commit", "-q", "-am", "Pushed past the gate")
    answer = looking.call("publish", "--unsigned", by="wen.kong")
    assert (answer.code, answer.findings) == (1, ("POLICY-FILE",))
    assert looking.call("verify").findings == ("POLICY-FILE",)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("#1f5f3f", "#8aa0b5", "LOOK-COLOUR"),
        ("#1f5f3f", "green", "FIELD-FORM"),
        ('"#1f5f3f"', "#1f5f3f", "YAML-COMMENT"),
        ('{headings: "#1f5f3f"}', "\n  headings: #1f5f3f", "YAML-COMMENT"),
        ("headings:", "stamp:", "FIELD-UNKNOWN"),
        ("内部资料", "受控文件", "LOOK-WORDS"),
        ("内部资料", "受 · 控", "LOOK-WORDS"),
        ("内部资料", "受｜控", "LOOK-WORDS"),
        ("内部资料", "版次 B/9", "LOOK-WORDS"),
        ("内部资料", "生效日期 2099-01-01", "LOOK-WORDS"),
        ("内部资料", "自 2099-01-01 起", "LOOK-WORDS"),
        ("内部资料", "第 1 页 共 1 页", "LOOK-WORDS"),
        ("内部资料", "正本", "LOOK-WORDS"),
        ("内部资料", "已簽發", "LOOK-WORDS"),
        ("All rights reserved", "CON TROLLED", "LOOK-WORDS"),
        ("All rights reserved", "Сontrolled", "LOOK-WORDS"),
        ("All rights reserved", "Copy 007", "LOOK-WORDS"),
        ("All rights reserved", "Revision B/9", "LOOK-WORDS"),
        ("All rights reserved", "Void", "LOOK-WORDS"),
        ("All rights reserved", "Authorised", "LOOK-WORDS"),
        ("All rights reserved", "ＤＲＡＦＴ", "LOOK-WORDS"),
        ("All rights reserved", "Approved for release", "LOOK-WORDS"),
        ("翻印必究", "翻印必究" * 20, "LOOK-LENGTH"),
        ("翻印必究", "翻印必究\U00030f00", "LETTER-MISSING"),
        ("look/logo.svg", "look/none.svg", "LOOK-LOGO"),
        ("look/logo.svg", "assets/logo.svg", "FIELD-FORM"),
    ],
)
def test_a_look_that_is_not_one_is_told_before_it_is_signed(
    lx: Office, old: str, new: str, code: str
) -> None:
    lx.write("look.yaml", LOOK.replace(old, new))
    lx.write("look/logo.svg", LOGO)

    for lang in ("zh", "en"):
        answer = lx.call("check", lang=lang)
        assert (answer.code, set(answer.findings)) == (1, {code, "LOOK-UNREAD"}), answer
    assert lx.call("policy", "sign", by="gao.feng").findings == (code,)


def test_a_look_that_is_named_is_looked_at(lx: Office) -> None:
    """Below what is wrong with it stood that no rule looks at this file."""
    lx.write("look.yaml", LOOK.replace("#1f5f3f", "#eeeeee"))
    lx.write("look/logo.svg", LOGO)

    answer = lx.call("check", "look.yaml", lang="en")

    assert set(answer.findings) == {"LOOK-COLOUR", "LOOK-UNREAD"}
    assert "no rule looks" not in answer.out


def test_a_logo_is_judged_like_any_picture(lx: Office) -> None:
    lx.write("look.yaml", LOOK)
    lx.write("look/logo.svg", LOGO.replace("<path", '<image href="http://e.invalid/a.png"/><path'))

    assert lx.call("policy", "sign", by="gao.feng").findings == ("PICTURE-ADDRESS",)


@pytest.mark.parametrize(
    ("said", "codes"),
    [("受 控", ("LOOK-LETTERS",)), ("СONTROLLED", ("LOOK-LETTERS",)), ("QX", ("LOOK-LETTERS",))],
)
def test_a_logo_says_nothing_but_the_company_s_name(
    lx: Office, said: str, codes: tuple[str, ...]
) -> None:
    """DC-18: a red frame with 受控 in it would be the stamp, on each page."""
    lx.write("look.yaml", LOOK)
    letters = f'<text x="46" y="20" font-size="6" fill="#c8102e">{said}</text>'
    lx.write("look/logo.svg", LOGO.replace("<path", f"{letters}<path"))

    assert lx.call("policy", "sign", by="gao.feng").findings == codes


@pytest.mark.parametrize(
    ("texts", "strange"),
    [
        (("凌霄精密设备有限公司", "Lingxiao Precision Equipment Co., Ltd."), ""),
        (("凌霄", "精密设备"), ""),
        (("LINGXIAO", "Precision"), ""),
        (("Ling xiao", "Co., Ltd"), ""),
        (("LX",), "LX"),
        (("C", "O", "P", "Y"), "C"),
        (("精", "设"), "精"),
        (("Co", "Co"), "Co"),
        (("设备", "精密"), "精密"),
        (("Equipment", "Precision"), "Precision"),
        (("lin", "gxiao"), "lin"),
        (("凌霄", "凌霄"), "凌霄"),
    ],
)
def test_all_texts_of_a_logo_say_the_name_once(texts: tuple[str, ...], strange: str) -> None:
    """DC-18: letter by letter a name gives every word."""
    names = ("凌霄精密设备有限公司", "Lingxiao Precision Equipment Co., Ltd.")

    assert first_strange(texts, names) == strange


def test_a_logo_is_not_spelt_out_letter_by_letter(lx: Office) -> None:
    """DC-18: each letter of 受控 may be of the company's name; framed they are a stamp."""
    lx.edit("qms.yaml", "en: LX Equipment", "en: Control Led")
    lx.write("look.yaml", LOOK)
    letters = "".join(
        f'<text x="{48 + 8 * at}" y="20" font-size="6">{one}</text>'
        for at, one in enumerate("CONT")
    )
    lx.write("look/logo.svg", LOGO.replace("<path", f"{letters}<path"))

    assert lx.call("policy", "sign", by="gao.feng").findings == ("LOOK-LETTERS",)


def test_a_logo_may_say_the_company_s_name(lx: Office) -> None:
    """DC-18"""
    lx.write("look.yaml", LOOK)
    letters = '<text x="46" y="20" font-size="9">L X</text>'
    lx.write("look/logo.svg", LOGO.replace("<path", f"{letters}<path"))

    lx.qms("policy", "sign", by="gao.feng")


@pytest.mark.parametrize(
    "said",
    [
        "最新版", "正式文件", "正版", "原件", "原本", "准予使用", "实施中", "通过验证", "签字",
        "签名：陈", "Original", "Current", "Latest revision", "Certified", "Validated", "verified",
        "Signed by X", "C0NTR0LLED", "contro11ed", "controIled", "VO1D", "ᴄᴏɴᴛʀᴏʟʟᴇᴅ",
        "çontrolled", "批凖", "批淮", "核準",
        "签發", "\u2f6e受控", "编号：3", "份号 3", "No. 003", "№ 003", "003/010", "#003",
        "LX-CX-2099-01", "CEE/QP-01", "01.01.2026", "二〇二六年一月", "B版", "v2.0", "Ver. 9",
        "Edition 9",
    ],
)  # fmt: skip
def test_no_line_says_what_a_page_is_worth(said: str) -> None:
    """DC-18: in whatever letters that are read as these words, numbers, days."""
    _, faults = read_look(f'wording: {{foot: {{zh: "{said}"}}}}\n'.encode())

    assert [one.code for one in faults] == ["LOOK-WORDS"]


@pytest.mark.parametrize(
    "said",
    [
        "Reinforced Plastics Ltd.", "Original Equipment Co.", "Do not copy nor distribute",
        "To avoid accidents, validate first", "凌霄精密设备有限公司", "公正本公司之心",
        "Unter Vorbehalt aller Rechte", "电话 021-5555 1234", "No. 12 Renmin Road", "人民路12号",
        "ISO 9001", "GB/T 19001-2016", "淮安机械有限公司", "A-1 Ltd", "© 2026 LX",
        "24/7", "Validation",
    ],
)  # fmt: skip
def test_harmless_words_are_printed(said: str) -> None:
    _, faults = read_look(f'wording: {{foot: {{zh: "{said}"}}}}\n'.encode())

    assert faults == ()


def test_the_look_of_the_template_is_one(lx: Office) -> None:
    data = (template_folder() / "look.yaml").read_bytes()
    look, faults = read_look(data)
    assert faults == ()
    assert look is not None
    lx.write("look.yaml", data)
    lx.write(look.logo, (template_folder() / look.logo).read_bytes())
    lx.qms("policy", "sign", by="gao.feng")


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48)]
)
def test_contrast_is_reckoned_as_wcag_has_it(colour: str, ratio: float) -> None:
    assert round(contrast(colour), 2) == ratio
