"""Issue 9: all that is printed keeps its promises, PDF/A-3a and PDF/UA-1, by veraPDF (DC-18)."""

import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Final

import pikepdf
import pytest
from PIL import Image

from qms.api import Text
from qms_publish.base_pdf import render_base
from qms_publish.sheet import Language, Sheet, SignatureLine

Verdict = Callable[[Sequence[Path]], list[str]]
pytestmark = pytest.mark.archive

TEXTS: Final[Mapping[str, str]] = {
    "headings": "# 一\n\n## 1 目的\n\n### 1.1 范围 Scope\n\n#### 细则\n\n##### 五\n\n###### 六",
    "lists": "- 甲\n  - 乙\n    1. 丙\n    2. 丁\n\n3. 预备\n2. 点火\n\n（1）一\n（2）二",
    "empty form": "| 日期 | 姓名 | 结果 |\n|---|---|---|",
    "blanks": "| 日期 | 姓名 |\n|---|---|\n| | |\n| ____ | __/__ |",
    "long table": "| 甲 | 乙 |\n|---|:-:|\n" + "| 一行文字 | 600*400*25 |\n" * 120,
    "emphasis": "**注意：**请 *先* 断电，~~作废~~，`code`，***都***。",
    "code": "```python\nx = 1\n```\n",
    "quotation": "> 引文\n>\n> - 一\n> - 二\n\n---\n\n下文",
    "links": "见[程序](LX-CX-2019-01.md)、<https://a.b/c>、[甲][1]。\n\n[1]: https://a.b",
    "pictures": '![流程](assets/flow.svg)\n\n图1 流程\n\n![照片](assets/photo.png "图2 说明")',
    "table without head words": "| | |\n|---|---|\n| 甲 | ![流程](assets/fading.svg) |",
    "nothing": "无",
}
"""Each kind of thing that a text may hold."""


def _flow() -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 20"><rect x="1" y="1" width="58" '
        b'height="18" fill="#fff" stroke="#333"/><text x="30" y="12" font-size="5" '
        b'text-anchor="middle">\xe6\xb5\x81\xe7\xa8\x8b A-1</text></svg>'
    )


def _fading() -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="90mm" viewBox="0 0 60 20"><linearGradient '
        b'id="g"><stop stop-color="red"/><stop offset="1" stop-opacity=".5"/></linearGradient>'
        b'<rect width="58" height="18" fill="url(#g)"/></svg>'
    )


def _raster(mode: str, form: str) -> bytes:
    data = BytesIO()
    Image.new(mode, (40, 30)).save(data, form)
    return data.getvalue()


def _printed(
    folder: Path, name: str, language: Language, assets: Mapping[str, bytes], body: str
) -> Path:
    sheet = Sheet(
        number="LX-WI-02",
        revision="A/1",
        revision_text=Text("A版1次修订", "A, 1"),
        title="铣床",
        title_en="Milling",
        company=Text("林先", "Lin Xian"),
        class_name=Text("作业指导书", "Work instruction"),
        owner="技术部",
        controlled=True,
        status=Text("已发布", "Released"),
        body=body,
        language=language,
        signatures=(
            SignatureLine(
                act="prepare", meaning=Text("编制", "Prepared"), name="Lin",
                at="2026-11-20 09:00:00 +08:00", day="2026-11-20", fingerprint="SHA256:abc",
            ),
        ),
        assets=assets,
    )  # fmt: skip
    made = folder / f"{name}-{language}.pdf"
    made.write_bytes(render_base(sheet, created=datetime(2026, 11, 20, tzinfo=UTC)))
    return made


def test_each_kind_of_text_in_both_languages(broken: Verdict, tmp_path: Path) -> None:
    assets = {
        "assets/flow.svg": _flow(),
        "assets/fading.svg": _fading(),
        "assets/photo.png": _raster("RGB", "PNG"),
    }
    languages: tuple[Language, ...] = ("zh", "en")
    files = [
        _printed(tmp_path, name, one, assets, text)
        for name, text in TEXTS.items()
        for one in languages
    ]

    assert broken(files) == []


def test_each_kind_of_picture(broken: Verdict, tmp_path: Path) -> None:
    """Of grey in 16 bits, of four inks, with a palette and with holes: all are converted."""
    kinds = (
        ("1", "PNG", "png"), ("L", "PNG", "png"), ("I;16", "PNG", "png"), ("P", "PNG", "png"),
        ("LA", "PNG", "png"), ("RGBA", "PNG", "png"), ("RGB", "JPEG", "jpg"), ("L", "JPEG", "jpg"),
        ("CMYK", "JPEG", "jpg"),
    )  # fmt: skip
    files = [
        _printed(
            tmp_path,
            f"{mode.replace(';', '')} {form}",
            "zh",
            {"assets/flow.svg": _flow(), f"assets/photo.{ending}": _raster(mode, form)},
            TEXTS["pictures"].replace("photo.png", f"photo.{ending}"),
        )
        for mode, form, ending in kinds
    ]

    assert broken(files) == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the demo prints into: originals, copies, drafts, what is obsolete."""
    folder = tmp_path_factory.mktemp("demo") / "demo"
    subprocess.run(
        [sys.executable, "-m", "qms.testing.demo", str(folder)], check=True, capture_output=True
    )
    return folder


def test_all_that_the_demo_prints(demo: Path, broken: Verdict) -> None:
    files = sorted(demo.rglob("*.pdf"))
    kinds = {one.stem.rpartition("_")[2].partition("-")[0] for one in files}

    assert {"controlled", "uncontrolled", "draft"} <= kinds
    assert broken(files) == []


def test_a_broken_promise_is_told(demo: Path, broken: Verdict, tmp_path: Path) -> None:
    """Else a validator that says yes to everything would do."""
    first = min(demo.rglob("*.pdf"))
    changed = tmp_path / "changed.pdf"
    with pikepdf.open(first) as pdf:
        del pdf.Root.StructTreeRoot
        pdf.save(changed)

    assert any(line.startswith("broken") for line in broken([changed]))
