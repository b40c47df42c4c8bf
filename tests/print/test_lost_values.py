"""A value whose sign Markdown takes for the mark of an item or a quotation is refused (DC-18).

A minus that became a dot is another value, and nobody who reads the paper can tell.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.print.conftest import Press, Told


@pytest.mark.parametrize(
    "unit",
    [
        " USD", "USD", " EUR", " $", " ¥", " mm/m", " K/min", " ℃/h", " D", " deg", " mils", " h",
        " 百分点", "个百分点", " dBμV", " kg·m^2^", "^3^", "±1", " 层", " 英寸", " mL/min",
        " 西门子", " 毫米汞柱", " 微应变", " 立方米", " 公斤力", " 英里", " 屈光度",
        "万元", " 刻度", " 千瓦时", " 伏安", " 毫安时",
    ],
)  # fmt: skip
def test_an_item_of_which_only_a_value_is_left_is_one(told: "Told", unit: str) -> None:
    """A unit that no list has is one too: USD and mm/m came out without their minus."""
    assert told(f"- 5{unit}\n- 3{unit}") == [("SIGN-LOST", 1)]
    assert told(f"* 5{unit}\n* 3{unit}") == []


@pytest.mark.parametrize(
    "text",
    [
        "- 5S\n- 8D", "- 40Cr\n- 65Mn", "- 5 人\n- 3 级", "- 3 车间\n- 4 车间", "- 5 pcs\n- 3 sets",
        "- 3 bolts\n- 5 nuts", "- 100 mL 量筒\n- 250 mL 烧杯", "- 5 吨叉车\n- 10 吨叉车",
        "- 1.甲\n- 2.乙", "- 5.1 总则\n- 5.2 职责", "准备：\n- 100 mL 量筒\n- 20 L 桶",
        "- 3 年（下限）\n- 2 年（上限）", "- 2026 计划\n- 2027 计划", "- 45 钢板\n- 304 不锈钢",
        "- 3 坐标测量机\n- 2 次元影像仪", "- 6 寸晶圆\n- 8 寸晶圆", "- 3 卡尺\n- 2 螺丝\n- 1 玉米",
        "- 5 加工单元\n- 2 保安", "- 1 分厂\n- 2 分厂",
    ],
)  # fmt: skip
def test_an_item_that_counts_or_names_is_none(told: "Told", text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("扣分：\n\n- 5 分 未戴帽\n- 10 分 未挂牌", 3),
        ("扣分标准\n- 5分：未戴帽\n- 10分：未挂牌", 2),
        ("## 扣分\n\n- 5 分 未戴帽\n- 10 分 未挂牌", 3),
        ("**地下层：**\n\n- 1 层 车库\n- 2 层 机房", 3),
        ("时区：\n\n- 5 h 纽约\n- 8 h 洛杉矶", 3),
        ("利润（万元）：\n\n- 100 成本\n- 20 税金", 3),
    ],
)
def test_amounts_below_a_label_of_what_is_less_are_values(
    told: "Told", text: str, line: int
) -> None:
    assert told(text) == [("SIGN-LOST", line)]
    assert told(text.replace("\n- ", "\n* ")) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("+ 86 10 8888 8888", 1),
        ("+ 86 10 8888 8888\n+ 86 21 6666 6666", 1),
        ("电话：\n\n+ 86 10 8888 8888", 3),
        ("联系电话：\n+ 86 10 8888 8888", 2),
        ("Contact:\n\n+ 49 30 1234567 (Berlin)", 3),
        ("供应商电话 Supplier phone\n\n+ (86) 10 8888", 3),
        ("国际区号：\n\n+ 86 中国", 3),
        ("加分：\n\n+ 3 分 提案", 3),
        ("奖励：\n\n+ ¥200 提案", 3),
        ("+ 1 台备用", 1),
        ("+ **3** 分", 1),
        ("+ 三分 提案\n+ 两天", 1),
        ("> + 半天", 1),
        ("1. 甲\n   + 86 10", 2),
    ],
)
def test_a_plus_before_a_number_is_a_letter(
    press: "Press", told: "Told", text: str, line: int
) -> None:
    """That of a telephone number was a dot on paper, and nobody was told."""
    assert told(text) == [("SIGN-LOST", line)]

    written = text.replace("+ ", "\\+ ")
    assert told(written) == []
    paper = written.replace("\\", "").replace("**", "").replace("> ", "")
    assert press.read_back([written], numbers=True) == ["".join(paper.split())]


@pytest.mark.parametrize("text", ["+ 甲\n+ 乙", "+ 一般要求\n+ 二次加工", "+ 十字槽螺钉\n+ 万用表"])
def test_a_list_of_words_may_begin_with_a_plus(told: "Told", text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "库存变动：\n\n- 30 台\n- 12 台",
        "较上月：\n\n- 5 人 生产部\n- 2 人 质量部",
        "较上月\n\n- 5 人 生产部",
        "Change vs. last month:\n\n- 5 pcs bolts\n- 3 pcs nuts",
        "上月对照：\n\n- 5 人 生产部\n- 2 人 质量部",
        "March against February:\n\n- 5 pcs bolts\n- 3 sets nuts",
        "工具变动：\n\n- 5 把\n- 2 把",
    ],
)
def test_amounts_below_a_label_of_differences_may_be_less(told: "Told", text: str) -> None:
    """Each way out of it is one step."""
    assert told(text) == [("SIGN-LOST", 3)]
    assert told(text.replace("\n- ", "\n\\- ")) == []
    if text.count("\n- ") > 1:
        assert told(text.replace("\n- ", "\n* ")) == []


@pytest.mark.parametrize(
    "label",
    ["教材", "容器", "培训对象", "生产部", "评分标准", "1. 称量", "Findings", "Budget", "处方"],
)
@pytest.mark.parametrize("items", ["- 30 本 说明书\n- 2 本 手册", "- 25 kg 淀粉\n- 40 kg 乳糖"])
def test_amounts_below_any_other_label_are_there(told: "Told", label: str, items: str) -> None:
    """A print master's honest lists were refused: two of five."""
    assert told(f"{label}：\n\n{items}") == []


@pytest.mark.parametrize(
    "text",
    [
        "所需人员：\n\n- 2 人 操作\n- 1 人 检验",
        "Tools:\n\n- 2 sets wrenches\n- 1 set pliers",
        "## 随机附件\n\n- 2 把 扳手\n- 1 套 密封件",
        "3. 固化：\n   - 10 min 室温\n   - 20 min 80 ℃",
        "要求：\n\n- 3 个工作日内报告\n- 2 名审核员签字",
        "车间：\n\n- 3 车间\n- 4 车间",
    ],
)
def test_things_people_and_times_below_a_label_are_a_list(told: "Told", text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "扣分：\n\n- 未戴帽\n- 未挂牌",
        "工具：\n\n- 5 kg 砝码\n- 10 kg 砝码",
        "时区调整由信息部负责，每年核对一次\n\n- 2 kg 样品\n- 3 kg 样品",
        "偏差处理：\n\n- 3 个工作日内报告\n- 5 个工作日内关闭",
        "变更：\n\n- 5.1 总则\n- 5.2 职责",
    ],
)
def test_other_items_below_a_label_are_a_list(told: "Told", text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "what",
    [
        "三年", "一级", "两次", "二次", "两人", "三千分", "百分之五十", "万分之一", "a 点",
        "十", "IT7", "H7", "M8", "Ra3.2", "σ", "π", "Ⅲ", "III 级", "半年",
        "百分之五", "平均值", "额定值", "上限", "下限", "x+1", "x", "the upper limit",
    ],
)  # fmt: skip
def test_a_line_quoted_alone_that_begins_as_what_is_compared_with_is_refused(
    press: "Press", told: "Told", what: str
) -> None:
    """More than three years came out as a quotation of three years."""
    assert told(f"> {what}") == [("SIGN-LOST", 1)]
    assert told(f"判定：\n\n> {what} 时报废") == [("SIGN-LOST", 3)]

    assert told(f"\\> {what} 时报废") == []
    assert press.read_back([f"\\> {what}"]) == [f">{what}".replace(" ", "")]


@pytest.mark.parametrize(
    "text",
    [
        "> 一般情况下不得使用。", "> 一、目的", "> 十分重要", "> 三是加强检查",
        "> 一个文件只有一个编号",
        "> 千分尺每年检定一次。", "> 百分表应归零。", "> 二次检验由质量部进行。",
        "> 两人同时签字。",
        "> 万用表使用前检查。", "> 三坐标测量机每年校准。", "> a 类件不得返工。",
        "> 注意事项", "> 半成品入库", "> ISO 9001 是标准", "> LX-CX-2019 适用", "> A note.",
        "> 价值观：诚信", "> 值班人员签字", "> Upper management decides.",
        "> **三**年", "> Q1：甲", "> 平均值：见表 1", "> 上级批准",
    ],
)  # fmt: skip
def test_a_quotation_of_words_is_one(told: "Told", text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("期初 + 入库\n- 出库\n- 报废", 2),
        ("期初 + 入库\n- 出库", 2),
        ("A - B\n- C\n- D", 2),
        ("单价 × 数量\n- 折扣\n- 税", 2),
        ("单价×数量\n- 折扣\n- 税", 2),
        ("1. 期初 + 入库\n   - 出库\n   - 报废", 2),
    ],
)
def test_a_sum_without_a_result_goes_on_below_its_operator(
    told: "Told", text: str, line: int
) -> None:
    assert told(text) == [("SIGN-LOST", line)]


@pytest.mark.parametrize(
    "text",
    [
        "期初 + 入库：\n- 出库\n- 报废",
        "期初 + 入库\n\n- 出库\n- 报废",
        "螺栓 M8×20\n- 甲\n- 乙",
        "A-01 至 A-05\n- 甲\n- 乙",
    ],
)
def test_a_list_below_a_size_or_a_label_is_one(told: "Told", text: str) -> None:
    assert told(text) == []
