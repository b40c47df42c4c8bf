"""What the copies plugin adds to the command line (group qms.tools); imports nothing heavy."""

from collections.abc import Iterable

from qms.api import Command, hookimpl


@hookimpl
def commands() -> Iterable[Command]:
    """Commands on controlled copies."""
    module = "qms_copies.commands"
    yield Command("issue", f"{module}:issue", "发放受控文件（登记分发号）", "Issue controlled copies")
    yield Command("receive", f"{module}:receive", "签收受控文件", "Sign for a copy received")
    yield Command("recall", f"{module}:recall", "通知回收受控文件", "Start a recall of copies")
    yield Command("return", f"{module}:return_copy", "登记收回的受控文件", "Record a copy as back")
    yield Command("replace", f"{module}:replace", "遗失补发（原分发号作废）", "Replace a lost copy")
    yield Command("copies", f"{module}:copies", "查看发放回收记录", "List the copies of a document")
