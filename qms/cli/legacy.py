"""`qms legacy`: begin a document where the paper system left it, at C/3 for instance."""

from datetime import date
from pathlib import Path

import click

from qms.cli.draft_commands import say_made
from qms.cli.languages import both
from qms.cli.typed_day import PaperDay
from qms.domain.kinds.legacy_paper import Legacy
from qms.jobs.documents.bringing_in import bring_in, evidence
from qms.jobs.sessions.work_session import WorkSession
from qms.session import NewDraft


@click.command(
    help=both(
        "代录体系建立前已批准的文件：从原有编号和版本开始，经本类别完整审批链签署后生效。",
        "Bring in a document that was approved before this system: it begins at the number and "
        "revision it has on paper, and the class's whole chain signs it as it stands.",
    )
)
@click.argument("class_id", metavar="CLASS")
@click.option("--number", required=True, help=both("原有编号", "the number it has"))
@click.option(
    "--revision", required=True,
    help=both("现行版本，按本类别的写法，如 C/3", "where it stands, as its class writes it: C/3"),
)  # fmt: skip
@click.option("--title", required=True, help=both("文件名称", "the title, as printed"))
@click.option("--title-en", help=both("英文名称", "the title in English"))
@click.option(
    "--owner", help=both("归口部门；默认为本人部门", "owning department; yours by default")
)
@click.option(
    "--approved", required=True, type=PaperDay(), help=both("原批准日期", "day of the old approval")
)
@click.option(
    "--published", required=True, type=PaperDay(), help=both("原发布日期", "day of the old issue")
)
@click.option(
    "--effective", required=True, type=PaperDay(),
    help=both("原实施日期", "day on which it came into force"),
)  # fmt: skip
@click.option(
    "--by", required=True, help=both("原批准人及职务", "who approved it then, and as what")
)
@click.option(
    "--evidence", "scans", multiple=True, metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=both("签字页扫描件；可重复，只记入摘要", "a scan of the signed page; its digest is kept"),
)  # fmt: skip
@click.pass_obj
def legacy(  # noqa: PLR0913 - what a paper says
    session: WorkSession,
    *,
    class_id: str,
    number: str,
    revision: str,
    title: str,
    title_en: str | None,
    owner: str | None,
    approved: date,
    published: date,
    effective: date,
    by: str,
    scans: tuple[Path, ...],
) -> None:
    """Write the draft of a legacy revision into the work tree."""
    kept = evidence(scans)
    paper = Legacy(
        approved=approved, effective=effective, published=published, by=by,
        evidence=tuple(digest for digest, _ in kept),
    )  # fmt: skip
    asked = NewDraft(
        class_id=class_id, title=title, title_en=title_en, number=number, owner=owner,
        revision=revision, legacy=paper,
    )  # fmt: skip
    made = bring_in(session, asked)
    for digest, path in kept:
        session.say(f"{digest}  {path}（请妥善保存原件）", f"{digest}  {path} (keep this file)")
    say_made(session, made)
