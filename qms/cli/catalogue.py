"""The commands there are: name, where each is, what it does. None is imported for `--help`."""

from typing import Final, NamedTuple

from qms.texts import Text


class CommandRow(NamedTuple):
    """One command. `session` tells those whose click object is a `Session`: they get no context."""

    name: str
    target: str
    help: Text
    session: bool = False
    begins: bool = False
    """Whether it may be called in a folder that is no repository yet: then that becomes one."""
    keeps: bool = False
    """Whether it is about the policy itself, and so works without the plugins that it asks for."""
    writes: bool = False
    """Whether it writes in the repo: then it first finishes what a killed command left."""
    reads: bool = False
    """Whether it only shows, and so works where this clone lacks the trunk."""
    looks: bool = False
    """Whether it takes what this machine found out before, unless ``--no-cache`` is given."""
    shown: tuple[str, ...] = ()
    """Of a group that writes: which of its commands only show."""
    only_shows: bool = False
    """Whether it has nothing to try without writing, and signs nothing."""

    def of(self, command: str) -> "CommandRow":
        """The row of one command of this group."""
        if command not in self.shown:
            return self
        return self._replace(keeps=False, writes=False, reads=True, only_shows=True)


class Section(NamedTuple):
    """Commands that belong together in the help."""

    title: Text
    rows: tuple[CommandRow, ...]


def _act(
    name: str, zh: str, en: str, module: str = "round_commands", *, writes: bool = True
) -> CommandRow:
    target = f"qms.cli.{module}:{name}"
    return CommandRow(name, target, Text(zh, en), session=True, writes=writes)


def _read(name: str, zh: str, en: str, module: str = "") -> CommandRow:
    own = f"{name}_" if name == "list" else name  # `list` is Python's
    return CommandRow(name, f"qms.cli.{module or name}:{own}", Text(zh, en))


def _look(name: str, zh: str, en: str, module: str = "") -> CommandRow:
    return _read(name, zh, en, module)._replace(looks=True)


CORE: Final = (
    Section(
        Text("写文件", "Write"),
        (
            _act("new", "新建文件", "Begin a document", "draft_commands"),
            _act(
                "legacy", "代录体系建立前批准的文件", "Bring in what was approved before", "legacy"
            ),
            _act(
                "revise",
                "修改或换版已发布的文件",
                "Open the next revision of a document",
                "draft_commands",
            ),
            _act(
                "restore",
                "撤销对已发布文本的直接改动",
                "Undo an edit of a released text",
                "draft_commands",
            ),
            _act(
                "preview",
                "预览版面：草稿也可，不必提交",
                "See a draft as a page",
                "preview",
                writes=False,
            )._replace(reads=True),
            _act("submit", "送审", "Send a text round for approval"),
            CommandRow(
                "sync",
                "qms.cli.sync:sync",
                Text("同步：取回、合并、共享", "Fetch what others did, unite it, share yours"),
                writes=True,
            ),
            _act(
                "fix",
                "修正状态等小问题",
                "Mend what can be mended without a signature",
                "draft_commands",
                writes=False,  # it finishes what was left as its own work
            ),
        ),
    ),
    Section(
        Text("审批", "Approve"),
        (
            _act(
                "todo", "待办：等我处理的事项", "What waits for me", "todo_command", writes=False
            )._replace(reads=True, looks=True),
            _act("sign", "签署轮到我的步骤", "Sign the step that is open for me"),
            _act("reject", "退回，写明理由", "Reject a text, with a reason"),
            _act("release", "发布：确定日期并归档", "Publish: fix the days and file the revision"),
            _act(
                "publish",
                "生成 PDF 和清单",
                "Print PDFs and their manifest",
                "publish",
                writes=False,
            ),
            _act(
                "settle",
                "裁定以哪一个条目为准",
                "Decide which of several stands",
                "ruling_commands",
            ),
            _act("annul", "裁定某条目作废", "Rule an entry out for good", "ruling_commands"),
            _act("ratify", "追认某条目", "Let an entry stand all the same", "ruling_commands"),
        ),
    ),
    Section(
        Text("查阅", "Browse"),
        (
            _look("list", "受控文件清单", "The list of controlled documents"),
            _look(
                "lists",
                "按名称列清单，可写成文件",
                "Lists by name, as table or file",
                "named_lists",
            ),
            _look("show", "一份文件：状态、等谁、签名", "One document: status and signatures"),
            _look("history", "谁在何时以何身份签署了什么", "Who signed what, when, as what"),
            _read("diff", "两个版本的差异", "What differs between two revisions"),
            _look("asof", "某日有效的文件", "What was in force on a day"),
        ),
    ),
    Section(
        Text("检查与验证", "Check and prove"),
        (
            _read("check", "检查尚未共享的更改", "Check what changed, before anybody sees it"),
            _read("verify", "从根版本起验证全部历史", "Verify the whole history from its root"),
        ),
    ),
    Section(
        Text("体系", "The system"),
        (
            _act(
                "init", "建立体系并签署第 1 版策略", "Set up a docs repo", "policy_commands"
            )._replace(begins=True, keeps=True),
            _act(
                "policy", "策略：人员、角色、类别", "People, roles, classes", "policy_commands"
            )._replace(keeps=True, shown=("chains",)),
            _read("hook", "门禁：共享仓库检查每次推送", "The gate of the shared repository"),
            _read(
                "plugins",
                "插件：版本、来源、接口",
                "Plugins: version, origin, hooks",
                "plugin_list",
            ),
            _read("doctor", "检查本机环境", "Look at this machine's set-up"),
        ),
    ),
)
"""The core's commands, as the help shows them."""

PLUGINS: Final = Text("插件命令", "From plugins")


def core_row(name: str) -> CommandRow | None:
    """The core's command of this name, or None."""
    return next((row for section in CORE for row in section.rows if row.name == name), None)
