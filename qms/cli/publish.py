"""`qms publish`: PDFs and their manifest."""

from pathlib import Path

import click

from qms.jobs import publish as job
from qms.jobs.session import WorkSession


@click.command()
@click.argument("numbers", nargs=-1)
@click.option("--out", default="published", type=click.Path(file_okay=False, path_type=Path),
              help="Output folder. 输出文件夹。")  # fmt: skip
@click.option("--drafts", is_flag=True, help="Drafts and texts in review too. 包括草稿。")
@click.option("--obsolete", is_flag=True, help="Superseded revisions too. 包括作废版本。")
@click.option("--unsigned", is_flag=True, help="Leave the manifest unsigned. 清单不签名。")
@click.pass_obj
def publish(
    session: WorkSession,
    numbers: tuple[str, ...],
    out: Path,
    *,
    drafts: bool,
    obsolete: bool,
    unsigned: bool,
) -> None:
    """Print PDFs: uncontrolled ones, and each controlled copy that is out.  发布 PDF。"""
    chosen = frozenset(session.find_number(text) for text in numbers)
    wanted = job.Wanted(numbers=chosen, drafts=drafts, obsolete=obsolete)
    done = job.publish(session, wanted, out, signed=not unsigned)
    made = sum(1 for one in done if one.made)
    for one in done:
        session.say(f"{out / one.file}", f"{out / one.file}")
    session.say(
        f"共 {len(done)} 个文件，新生成 {made} 个；清单：{out / job.MANIFEST}",
        f"{len(done)} files, {made} made; manifest: {out / job.MANIFEST}",
    )
