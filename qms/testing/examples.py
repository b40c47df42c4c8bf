"""The files that the test vectors are about: one small repository, by hand.

A policy, a released revision, one that was rejected and goes round again, a copy's life, acts that
are still reserved, revisions signed with keys of every type, and one that began on paper.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from qms.formats.paths import acts_path
from qms.formats.slots import Base, Notice
from qms.testing.signed_file import SEEN, Keyring, SignedFile

if TYPE_CHECKING:
    from qms.formats.canonical_json import Json

_HEAD: Final = {
    "number": "LX-CX-2019-01",
    "title": "文件控制程序",
    "class": "procedure",
    "revision": "A/0",
    "controlled": "true",
    "owner": "quality",
    "prepared_by": "zhang.san",
    "summary": "首次发布",
}
_BODY: Final = "# 文件控制程序\n\n本程序规定文件的编制、审核、批准与发放。\n"
_OPENED: Final = {"effective": "2026-12-01", "published": "2026-11-23"}


def _quoted(head: Mapping[str, str], **more: str) -> Mapping[str, str]:
    """The head of a list about a document, in its one spelling."""
    named = {key: head[key] for key in ("number", "class", "revision")} | more
    return {key: f'"{value}"' for key, value in named.items()}


class Examples:
    """The files that the vectors are about: one small repository."""

    def __init__(self, keys: Keyring) -> None:
        self.keys = keys
        self.policy = self._policy()
        self.repo = self.policy.content
        self.released = self._released()
        self.rejected = self._rejected()
        self.acts = self._acts()
        self.copy = self._copy()
        self.other_keys = self._other_keys()
        self.more_keys = self._more_keys()
        self.later_acts = self._later_acts()
        self.rulers = self._rulers()
        self.legacy = self._legacy()
        self.later_policy = self._later_policy()

    def file(self, path: str, head: Mapping[str, str], body: str | None, status: str) -> SignedFile:
        """A file of this repository, without slots."""
        kind = "copy" if path.startswith("copies/") else "document"
        return SignedFile(self.keys, path, kind, head, body, status, self.repo)

    def _policy(self) -> SignedFile:
        head = {
            "id": f'"{1:032}"',
            "version": "1",
            "rulebook": "1",
            "plugins": "[]",
            "quorum": "{role: management, need: 1}",
            "floors": "{min_signers: 2, self_approval: false}",
            "files": "[]",
        }
        file = SignedFile(self.keys, "policy/0001/policy.yaml", "policy", head, None, "signed")
        agreed = file.sign("policy-agree", "1", "management", "zhao.liu", minute=0)
        file.sign("policy-file", "2", "management", "zhao.liu", minute=1, after=[agreed.id])
        return file

    def _later_policy(self) -> SignedFile:
        """Every key that the head of a policy may have: its schema is one for ever."""
        press = self.keys.line("ecdsa-p256")
        digest = self.repo
        head = {
            "version": "2",
            "rulebook": "1",
            "plugins": "[{name: copies}, "
            f'{{name: titles, distribution: acme-titles, digest: "{digest}"}}, '
            '{name: labels, distribution: acme-labels, version: ">=1.2,<2"}, '
            "{name: dropped, distribution: acme-dropped, void: true}]",
            "quorum": "{role: management, need: 1}",
            "floors": "{min_signers: 2, self_approval: false, assurance: file, paper: false, "
            "delegation_days: 30, emergency_days: 7, temporary_days: 90, legacy: closed}",
            "publishers": f'[{{key: "{press}", name: press}}]',
            "files": f'[{{path: people.yaml, sha256: "{digest}"}}, '
            f'{{path: qms.yaml, sha256: "{digest}"}}]',
            "more": "{colour: red, limits: {pages: 12}}",
        }
        path = "policy/0002/policy.yaml"
        file = SignedFile(self.keys, path, "policy", head, None, "signed", self.repo)
        base = Base("1", self.policy.content)
        agreed = file.sign(
            "policy-agree", "1", "management", "zhao.liu", minute=50, base=base,
            after=[self.policy.statements[-1].id],
        )  # fmt: skip
        file.sign(
            "policy-file", "2", "management", "zhao.liu", minute=51, base=base, after=[agreed.id]
        )
        return file

    def _released(self) -> SignedFile:
        file = self.file("released/procedure/LX-CX-2019-01/A-0.md", _HEAD, _BODY, "published")
        last = file.sign("prepare", "1", "preparer", "zhang.san", minute=10)
        for step, (act, role, person) in enumerate(
            (
                ("review", "head-of-quality", "li.si"),
                ("co-sign", "head-of-production", "zhao.liu"),
                ("approve", "management-representative", "zhao.liu"),
            ),
            2,
        ):
            last = file.sign(act, str(step), role, person, minute=10 + step, after=[last.id])
        file.sign(
            "publish", "5", "document-controller", "wang.wu", minute=20, after=[last.id],
            data=_OPENED,
        )  # fmt: skip
        return file

    def _rejected(self) -> SignedFile:
        head = _HEAD | {"revision": "A/1", "summary": '"外来文件: 跟踪"'}
        file = self.file("documents/procedure/LX-CX-2019-01.md", head, _BODY, "in-review")
        base = Base("A/0", self.released.content)
        first = file.sign(
            "prepare", "1", "preparer", "zhang.san", minute=30, base=base,
            after=[self.released.statements[-1].id],
        )  # fmt: skip
        rejected = file.sign(
            "reject", "2", "head-of-quality", "li.si", minute=31, base=base, after=[first.id],
            reason='第 3 章缺少 "外来文件"',
        )  # fmt: skip
        file.sign(
            "prepare", "1", "preparer", "zhang.san", minute=32, base=base, after=[rejected.id],
            number=2,
        )  # fmt: skip
        file.slots += (
            Notice("review", "2", "head-of-quality", "li.si"),
            Notice("approve", "10", "management-representative", "zhao.liu"),
        )
        return file

    def _acts(self) -> SignedFile:
        head = _quoted(_HEAD, content=self.released.content)
        path = acts_path("procedure", "LX-CX-2019-01", "A/0", self.released.content)
        file = self.file(path, head, None, "log")
        base = Base("A/0", self.released.content)
        gone = file.sign(
            "withdraw", "1", "management-representative", "zhao.liu", minute=40, base=base,
            after=[self.released.statements[-1].id], reason="附图有误",
        )  # fmt: skip
        file.sign(
            "obsolete", "1", "management-representative", "zhao.liu", minute=41, base=base,
            after=[gone.id], reason="被 LX-CX-2026-07 代替",
            data={"effective": "2026-12-31", "replaced_by": "LX-CX-2026-07"},
        )  # fmt: skip
        return file

    def _copy(self) -> SignedFile:
        head = _quoted(_HEAD, copy="003")
        path = "copies/procedure/LX-CX-2019-01/A-0/003.yaml"
        file = self.file(path, head, None, "log")
        after = self.released.statements[-1].id
        facts: Mapping[str, Mapping[str, Json]] = {
            "issue": {
                "content": self.released.content,
                "department": "production",
                "holder": "li.si",
                "place": "一车间",
                "quantity": 1,
            },
            "receive": {"by": "li.si"},
            "replace": {"by": "004"},
            "recall": {"due": "2026-12-31"},
            "return": {"state": "good"},
        }
        for minute, (act, data) in enumerate(facts.items(), 50):
            event = file.sign(
                act, "event", None if act == "receive" else "document-controller",
                "li.si" if act == "receive" else "wang.wu", minute=minute, after=[after],
                base=Base("A/0", self.released.content), data=data,
            )  # fmt: skip
            after = event.id
        return file

    def _other_keys(self) -> SignedFile:
        head = _HEAD | {"number": "LX-CX-2019-02"}
        file = self.file("released/procedure/LX-CX-2019-02/A-0.md", head, _BODY, "approved")
        first = file.sign("prepare", "1", "preparer", "zhang.san", minute=10, key="rsa-3072")
        file.sign(
            "approve", "2", "management-representative", "zhao.liu", minute=11,
            after=[first.id], key="sk-ed25519",
        )  # fmt: skip
        return file

    def _more_keys(self) -> SignedFile:
        head = _HEAD | {"number": "LX-CX-2019-03"}
        file = self.file("released/procedure/LX-CX-2019-03/A-0.md", head, _BODY, "approved")
        first = file.sign("prepare", "1", "preparer", "zhang.san", minute=10, key="ecdsa-p256")
        file.sign(
            "approve", "2", "management-representative", "zhao.liu", minute=11,
            after=[first.id], key="sk-ecdsa-p256",
        )  # fmt: skip
        return file

    def _later_acts(self) -> SignedFile:
        """Acts that are reserved: their keys are fixed, the values here are examples."""
        head = _quoted(_HEAD | {"number": "LX-CX-2019-02"}, content=self.other_keys.content)
        path = acts_path("procedure", "LX-CX-2019-02", "A/0", self.other_keys.content)
        file = self.file(path, head, None, "log")
        first, last = (slot.id for slot in self.other_keys.statements)
        facts: Mapping[str, Mapping[str, Json]] = {
            "settle": {"annulled": [first], "stands": last},
            "ratify": {"entry": last},
            "annul": {"entry": last},
            "incident": {"from": SEEN, "lost": [last], "to": SEEN},
        }
        after = last
        for minute, (act, data) in enumerate(facts.items(), 30):
            event = file.sign(
                act, "1", "management-representative", "zhao.liu", minute=minute, after=[after],
                base=Base("A/0", self.other_keys.content), data=data,
                reason="服务器恢复了旧备份",
            )  # fmt: skip
            after = event.id
        return file

    def _rulers(self) -> SignedFile:
        head = _HEAD | {"number": "CEE/QP 01", "revision": "B-2"}
        body = "---\nstatus: draft\napprovals: []\n---\n...\n\n```\nstatus: log\n```\n"
        path = "released/procedure/CEE/QP%2001/B%2D2.md"
        file = self.file(path, head, body, "approved")
        file.sign("prepare", "1", "preparer", "zhang.san", minute=10)
        return file

    def _legacy(self) -> SignedFile:
        """A revision that began on paper, its names and scans as many as may be."""
        by, scans = "张三（总经理）、" * 25, (f'"sha256:{at:064x}"' for at in range(1, 65))
        head = _HEAD | {
            "number": "LX-CX-2009-04",
            "revision": "C/3",
            "legacy": "{approved: 2019-03-01, effective: 2019-04-01, published: 2019-03-15, "
            f'by: "{by}", evidence: [{", ".join(scans)}]}}',
        }
        path = "released/procedure/LX-CX-2009-04/C-3.md"
        file = self.file(path, head, _BODY, "published")
        first = file.sign("prepare", "1", "preparer", "zhang.san", minute=10)
        approved = file.sign(
            "approve", "2", "management-representative", "zhao.liu", minute=11, after=[first.id]
        )
        file.sign(
            "publish", "3", "document-controller", "wang.wu", minute=12, after=[approved.id],
            data=_OPENED,
        )  # fmt: skip
        return file
