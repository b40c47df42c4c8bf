"""Commands on the policy: init, policy sign, policy key."""

from pathlib import Path

import click

from qms.jobs import policies, start
from qms.jobs.session import WorkSession


@click.command()
@click.option("--quorum", default="policy-keeper", help="Role that signs policies. 体系授权角色。")
@click.option("--need", default=2, help="How many of them must. 需几人签署。")
@click.pass_obj
def init(session: WorkSession, quorum: str, need: int) -> None:
    """Make policy version 1 of this repo and sign it.  建立体系并签署第 1 版策略。

    An empty repo gets the template first: fill in the keys, then call it again.
    """
    copied = start.copy_template(session)
    if copied:
        session.say(
            f"已复制模板（{copied} 个文件）。请用 qms policy key 登记公钥，然后再次运行 qms init。",
            f"Copied the template ({copied} files). Enter keys with qms policy key, then qms init.",
        )
        return
    start.write_manifest(session, quorum, need)
    _show(session, policies.sign_policy(session))


@click.group()
def policy() -> None:
    """The policy: people, roles, classes, and who signs them.  策略。"""


@policy.command()
@click.pass_obj
def sign(session: WorkSession) -> None:
    """Agree to the policy as people.yaml and qms.yaml now say; the last one files it."""
    _show(session, policies.sign_policy(session))


@policy.command()
@click.argument("person")
@click.argument("public_key", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_obj
def key(session: WorkSession, person: str, public_key: Path) -> None:
    """Enter a person's public key in people.yaml; in force once the policy is signed."""
    start.add_key(session, person, public_key.read_text(encoding="utf-8"))
    session.say(
        f"已登记 {person} 的公钥。下一步：qms policy sign",
        f"Entered the key of {person}. Next: qms policy sign",
    )


def _show(session: WorkSession, done: policies.PolicySigned) -> None:
    if done.missing:
        session.say(
            f"策略第 {done.version} 版：还需 {done.missing} 人签署（{', '.join(done.waiting)}）。",
            f"Policy {done.version}: {done.missing} more must sign ({', '.join(done.waiting)}).",
        )
    else:
        session.say(
            f"策略第 {done.version} 版已生效（{done.written.commit[:10]}）。",
            f"Policy {done.version} is filed and in force ({done.written.commit[:10]}).",
        )
