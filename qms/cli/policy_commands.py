"""Commands on the policy: init, and policy sign, propose, chains, keep, key, letter."""

from functools import partial
from pathlib import Path

import click

from qms.cli.asking import require_agreement
from qms.cli.catalogue import CORE
from qms.cli.languages import both
from qms.findings import shell_word
from qms.jobs.documents import glyph_drawing
from qms.jobs.policies import policy_rounds, start
from qms.jobs.policies.founding import NEED, ROLE
from qms.jobs.policies.policy_chains import endless_lines
from qms.jobs.policies.policy_open import propose_policy
from qms.jobs.policies.policy_sides import keep_policy
from qms.jobs.sessions.work_session import WorkSession
from qms.storage.signer import public_key_file
from qms.texts import EN, ZH, counted


@click.command(
    help=both(
        "建立体系：空仓库先得到模板，登记公钥后再次运行，签署第 1 版策略。",
        "Set up a docs repo: an empty one gets the template; once keys are entered, call it "
        "again to sign policy version 1.",
    )
)
@click.option("--quorum", default=ROLE, help=both("签署策略的角色", "the role that signs policies"))
@click.option("--need", default=NEED, help=both("需要几人签署", "how many of them must"))
@click.pass_obj
def init(session: WorkSession, quorum: str, need: int) -> None:
    """Copy the template, or sign policy version 1."""
    copied = start.copy_template(session)
    if copied:
        session.say(
            f"已复制模板（{copied} 个文件）。\n"
            "下一步：qms policy key 人员 公钥文件（每人一次），然后再次运行 qms init",
            f"Copied the template ({counted(copied, 'file')}).\n"
            "Next: qms policy key PERSON KEY.pub for each person, then qms init again",
        )
        return
    _show(session, policy_rounds.sign_policy(session, start.new_manifest(session, quorum, need)))


@click.group(
    help=both("策略：人员、角色、类别，以及由谁签署。", "People, roles, classes: the policy.")
)
def policy() -> None:
    """The policy and who signs it."""


@policy.command(
    short_help=both("展示改动，签署策略", "Show what changes, and sign it"),
    help=both(
        "显示 people.yaml、qms.yaml 的改动，询问后签署同意；最后一人签署即生效。",
        "Show what people.yaml and qms.yaml change, ask, and agree to it; the last one to agree "
        "files it.",
    ),
)
@click.option("--yes", is_flag=True, help=both("不询问即签署", "sign without being asked"))
@click.pass_obj
def sign(session: WorkSession, *, yes: bool) -> None:
    """Sign the open policy version."""
    agree = partial(require_agreement, session, "签署以上内容？", "Sign this?", yes=yes)
    core = {row.name for section in CORE for row in section.rows}
    _show(session, policy_rounds.sign_policy(session, agree=agree, core_commands=core))


@policy.command(
    short_help=both("提出改动，待人签署", "Lay your changes open for signing"),
    help=both(
        "把 people.yaml、qms.yaml、look.yaml 的改动提交为待签署的下一版；签署之前不起任何作用。",
        "Lay what you edited in people.yaml, qms.yaml and look.yaml open as the next version, for "
        "the keepers to sign; until they have, it changes nothing.",
    ),
)
@click.pass_obj
def propose(session: WorkSession) -> None:
    """Lay the next policy version open."""
    done = propose_policy(session)
    if not done.written.commit:
        session.say("试运行，未写入。", "Dry run, nothing written.")
        return
    names = ", ".join(done.waiting)
    session.say(
        f"策略第 {done.version} 版已提出，须 {done.need} 人签署（{names}）；"
        "在此之前仍按现行版本。下一步：qms sync",
        f"Policy {done.version} is proposed; {done.need} must sign ({names}). Until then the "
        "version in force goes on. Next: qms sync",
    )


@policy.command(
    short_help=both("无人能走完审批的", "What nobody could complete, and why"),
    help=both(
        "按现行策略，哪些类别、哪些部门的文件无人能走完审批，原因何在。",
        "Which classes' and departments' texts nobody could complete under the policy in force, "
        "and why.",
    ),
)
@click.pass_obj
def chains(session: WorkSession) -> None:
    """Print what can't be completed under the policy in force."""
    lines = endless_lines(session, session.policy)
    if not lines:
        session.say("各类文件都能走完审批。", "Texts of every class can be completed.")
    at = (ZH, EN).index(session.language)
    session.table([("chain", "无法走完审批的" if at == 0 else "Can't be completed")],
                  [[one[at]] for one in lines])  # fmt: skip


@policy.command(
    short_help=both("两份策略相争时选定一份", "Of two rival policies keep to one"),
    help=both(
        "同一版本有两份策略且无从判断先后时，选定自己遵循的一份；此后所签内容即为其作证。",
        "Where two policies of one version stand beside each other and nothing tells which came "
        "first, keep to one of them: what you sign from then on speaks for it.",
    ),
)
@click.argument("folder")
@click.pass_obj
def keep(session: WorkSession, folder: str) -> None:
    """Keep to one side of a policy fork."""
    entry = keep_policy(session, folder)
    session.say(
        f"此后按 {entry.folder} 签署，直到有结论为止。",
        f"What you sign from now on is signed under {entry.folder}, until it is decided.",
    )


@policy.command(
    short_help=both("登记公钥", "Enter a person's public key"),
    help=both(
        "登记某人的公钥（写入 people.yaml）；策略签署后生效。",
        "Enter a person's public key in people.yaml; in force once the policy is signed.",
    ),
)
@click.argument("person")
@click.argument("public_key", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def key(session: WorkSession, person: str, public_key: Path) -> None:
    """Add a public key to a person's row."""
    start.add_key(session, person, public_key_file(public_key))
    founded = session.repository.head() is not None
    following = "qms policy sign" if founded else "qms init"
    session.say(
        f"已登记 {person} 的公钥。全部登记之后：{following}",
        f"Entered the key of {person}. When all are entered: {following}",
    )


@policy.command(
    short_help=both("为字体没有的字取字形", "Draw a letter that no font has"),
    help=both(
        "字体中没有的字（如姓名用字）：从含有该字的字体文件取其字形，由策略绑定后即可打印。",
        "A letter that no font of qms has, as in a name: take its drawing from a font file that "
        "has it; once the policy is signed it can be printed.",
    ),
)
@click.argument("letter")
@click.argument("font", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def letter(session: WorkSession, letter: str, font: Path) -> None:
    """Draw a letter of the company's own."""
    path = glyph_drawing.draw(session, letter, font)
    session.say(
        f"已写入 {path}（请在浏览器中核对字形）。下一步：qms policy sign",
        f"Wrote {path} (look at it in a browser). Next: qms policy sign",
    )


def _show(session: WorkSession, done: policy_rounds.PolicySigned) -> None:
    if not done.written.commit:
        session.say("试运行，未写入。", "Dry run, nothing written.")
    elif done.missing and done.version == 1:
        session.say(
            f"策略第 1 版：还需 {done.missing} 人签署（{', '.join(done.waiting)}）。"
            "下一步：git push origin HEAD:founding；对方：git pull origin founding，"
            "qms policy sign",
            f"Policy 1: {done.missing} more must sign ({', '.join(done.waiting)}). "
            "Next: git push origin HEAD:founding; they: git pull origin founding, "
            "qms policy sign",
        )
    elif done.missing:
        session.say(
            f"策略第 {done.version} 版：还需 {done.missing} 人签署（{', '.join(done.waiting)}）。"
            "下一步：qms sync",
            f"Policy {done.version}: {done.missing} more must sign ({', '.join(done.waiting)}). "
            "Next: qms sync",
        )
        if done.version > 1:
            session.say(
                f"您的同意一直有效，撤回提交也不例外，直到另一个第 {done.version} 版归档："
                "要终止它，请修改 people.yaml（哪怕一条注释），再由法定人数运行 qms policy sign。",
                "Your agreement stays good, whoever reverts it, until another version "
                f"{done.version} is filed: to end it change people.yaml (a comment will do), "
                "and let the quorum run qms policy sign.",
            )
    else:
        session.say(
            f"策略第 {done.version} 版已生效（{done.written.commit[:10]}）。下一步：qms sync",
            f"Policy {done.version} is in force ({done.written.commit[:10]}). Next: qms sync",
        )
        if done.trunk:
            begin = f"git push origin {shell_word(f'HEAD:refs/heads/{done.trunk}')}"
            session.say(
                f"主干从此为 {done.trunk}。推送后还需：{begin}；"
                f"之后人人在该分支上工作：git fetch，git switch {shell_word(done.trunk)}",
                f"From now on {done.trunk} is the trunk. After the push: {begin}; "
                f"then all work on that branch: git fetch, git switch {shell_word(done.trunk)}",
            )
