"""A realistic Chinese procedure of nine pages, set once for all tests of this folder."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from qms.api import Amended, Text
from qms.testing.read_pdf import letters_of
from qms_publish.base_pdf import render_base
from qms_publish.sheet import Sheet, SignatureLine

CREATED = datetime(2026, 10, 29, 8, 0, tzinfo=UTC)
FINGERPRINT = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
SENTENCE = (
    "本公司的文件由归口部门组织编制，编制人应当熟悉所述过程，"
    "并在提交审核前自行核对文件编号、版本、引用文件和表单编号是否正确。"
)
STEPS = (
    "编制文件 Draft",
    "审核 Review",
    "会签 Co-sign",
    "批准 Approve",
    "发布、分发 Release, issue",
)


def flow_chart() -> bytes:
    """The steps from top to bottom, one unit a millimetre."""
    boxes = "".join(
        f'<rect x="36" y="{22 * at + 1}" width="48" height="10" rx="1" fill="#fff" '
        f'stroke="#24476b" stroke-width="0.35"/>'
        f'<text x="60" y="{22 * at + 7}" font-size="3.5" text-anchor="middle">{step}</text>'
        + (f'<path d="M60 {22 * at + 11} V{22 * at + 23}" stroke="#24476b"/>' if at < 4 else "")
        for at, step in enumerate(STEPS)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 102" '
        f'font-family="SimSun, serif">{boxes}</svg>'
    ).encode()


def _body() -> str:
    clauses = "\n\n".join(f"5.2.{at} {SENTENCE}{SENTENCE}" for at in range(1, 9))
    issue = "\n".join(
        f"| {at} | LX-CX-2019-{at:02d} 控制程序及其附件 | 生产制造部 | {at} |"
        for at in range(1, 31)
    )
    wide = " | ".join(f"第{at}列" for at in range(1, 13))
    cells = "\n".join("| " + " | ".join("2026-11-05" for _ in range(12)) + " |" for _ in range(6))
    return f"""# 文件控制程序

## 1 目的 Purpose

{SENTENCE}
为使现场使用的文件均为有效版本，
特制定本程序，见 <https://example.org/iso9001>。

## 2 适用范围 Scope

适用于体系文件，也适用于外来文件。参见[记录控制程序](LX-CX-2019-02.md)。

## 3 职责 Responsibilities

表1 职责分工 Responsibilities

| 部门 Department | 职责 | 记录 |
|---|---|---|
| 行政部 Administration | 归口管理：编号、登记、分发、回收<br>维护受控文件清单 | LX-R-01 |
| 品控部 Quality | 组织体系文件的审核；每年至少一次评审 | LX-R-02 |

## 4 流程 Process

![文件控制流程图](../../assets/flow.svg)

图1 文件控制流程 Document control flow

## 5 工作程序 Procedure

### 5.1 编制 Drafting

1. 与适用的法律法规、标准和顾客要求一致；
2. 可操作、可检查：
   - 编写人对内容负责；
   - 审核人对适宜性负责。

> 注：表单作为文件管理。**填写后的表单为记录**。

### 5.2 审核与批准 Review and approval

{clauses}

### 5.3 分发 Issue

表2 分发份数

| 序号 | 文件 | 部门 | 份数 |
|---|---|---|---:|
{issue}

## 附录 A 评审记录 Appendix A Review record

| {wide} |
|{"---|" * 12}
{cells}

## 附录 B 说明 Appendix B Notes

{SENTENCE}
"""


def _signed(act: str, meaning: Text, name: str, department: str, title: str) -> SignatureLine:
    return SignatureLine(
        act=act,
        meaning=meaning,
        name=name,
        department=department,
        title=title,
        at="2026-10-28 09:15 +08:00",
        day="2026-10-28",
        fingerprint=FINGERPRINT,
    )


@pytest.fixture(scope="session")
def procedure() -> Sheet:
    """A released procedure with six signatures, two amendments, tables and a flow chart."""
    return Sheet(
        number="LX-CX-2019-01",
        revision="A/1",
        revision_text=Text("第A版第1次修改", "Version A, change 1"),
        title="文件控制程序",
        title_en="Control of documents",
        company=Text("龙芯仪表（苏州）有限公司", "Longxin Instruments (Suzhou) Co., Ltd."),
        class_name=Text("程序文件", "Procedure"),
        owner="行政部",
        controlled=True,
        status=Text("已发布", "Released"),
        standards=("GB/T 19001-2016", "GJB 9001C-2017"),
        signatures=(
            _signed("prepare", Text("编制", "Prepared"), "张三", "行政部", "文控员"),
            _signed("review", Text("审核", "Reviewed"), "李四", "行政部", "部长"),
            _signed("co-sign", Text("会签", "Co-signed"), "王五", "品控部", "部长"),
            _signed("co-sign", Text("会签", "Co-signed"), "赵六", "生产制造部", "部长"),
            _signed("approve", Text("批准", "Approved"), "欧阳建国", "管理层", "副总经理"),
            _signed("publish", Text("发布", "Published"), "孙七", "行政部", "文控员"),
        ),
        amendments=(
            Amended(
                revision="A/0",
                day=date(2019, 3, 1),
                summary="首次发布。",
                prepared_by="张三",
                approved_by="",
            ),
            Amended(
                revision="A/1",
                day=date(2026, 10, 28),
                summary="增加表单管理要求；更新引用标准的版本。",
                prepared_by="张三",
                approved_by="欧阳建国",
                change="LX-R-05-2026-003",
            ),
        ),
        published=date(2026, 10, 29),
        effective=date(2026, 11, 5),
        body=_body(),
        assets={"assets/flow.svg": flow_chart()},
        path="documents/procedure/LX-CX-2019-01.md",
        body_line=14,
    )


@pytest.fixture(scope="session")
def base_pdf(procedure: Sheet) -> bytes:
    """The procedure's base PDF."""
    return render_base(procedure, created=CREATED)


@pytest.fixture(scope="session")
def long_sheet(procedure: Sheet) -> Sheet:
    """The same with everything that can be long, long."""
    return replace(
        procedure,
        number="LX-QP-CX-2019-0012",
        revision="B/12",
        revision_text=Text("第B版第12次修改", "Version B, change 12"),
        title="卫星用微电子器件鉴定检验与质量一致性检验、筛选及破坏性物理分析报告编写控制程序",
        owner="质量与可靠性保证中心",
        signatures=procedure.signatures * 2,
        amendments=procedure.amendments * 7,
    )


@pytest.fixture(scope="session")
def text_of() -> Callable[..., str]:
    """What pdftotext reads, without spaces: where it sets them depends on its mode."""
    return letters_of
