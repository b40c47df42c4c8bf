"""`DocsRepo`: a docs repo with a life, made for a test in milliseconds.

Acts write the very bytes that the commands write, with real signatures, but judge nothing: so the
same builder makes honest histories and attacks, and `check` and `verify` are asked afterwards.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from qms.domain.kinds.document import PUBLISHED, Document
from qms.domain.kinds.log import COPY_HEAD, render_head
from qms.domain.kinds.manifest_text import with_digests
from qms.domain.kinds.pins import BUNDLED, PluginPin
from qms.domain.kinds.reading import parsed_copy, parsed_document
from qms.domain.register import next_slots as laying
from qms.domain.register.policies import AGREE, FILE, policy_subject
from qms.domain.register.revisions import signed_by_step
from qms.formats import cut, slots
from qms.formats.canonical_json import Json
from qms.formats.head_edit import drop_key, set_key, set_text
from qms.formats.paths import asset_path, copy_path, document_path, policy_folder, released_path
from qms.formats.slots import EVENT_STEP, Base, Notice, Statement
from qms.jobs.documents.rejecting import list_of_rejects, with_reject
from qms.jobs.judging.verification import Report, verify
from qms.jobs.policies.policy_rounds import first_manifest
from qms.plugins import Hooks
from qms.storage.repository import Repository
from qms.testing.built_history import BuiltHistory
from qms.testing.checked import checked
from qms.testing.company import SMALL, Company
from qms.testing.desk import Desk, class_of, last_act
from qms.testing.gitrepo import TICK
from qms.testing.head_lines import spelled_value
from qms.testing.installed_rows import pin_of, spelled
from qms.testing.merging import ATTRIBUTES
from qms.testing.office import Answer, Office
from qms.testing.told_findings import Told, told

ROOT_ID: Final = "0123456789abcdef0123456789abcdef"


@dataclass(slots=True)
class DocsRepo(Desk):
    """A docs repo. See `Desk` for statements, `GitRepo` for branches, merges and the work tree.

    `root` is the commit that filed policy version 1.
    """

    root: str = ""

    @classmethod
    def make(cls, path: Path, company: Company = SMALL) -> "DocsRepo":
        """A docs repo whose policy version 1 is signed and filed, on branch main."""
        repo = cls(BuiltHistory.init(path))
        repo.history.git("config", "qms.allowUnencryptedKey", "true")
        ordered = tuple(map(PluginPin, sorted(BUNDLED)))
        repo.hooks = Hooks(ordered)
        repo.write(".gitattributes", ATTRIBUTES)
        manifest = first_manifest(ordered, "policy-keeper", company.quorum)
        head = set_text(cut.cut_yaml(manifest).head, "id", ROOT_ID)
        repo.root = repo.file_policy(company, head)
        return repo

    # the life of a document

    def draft(self, number: str, *, body: str = "# 目的\n\n正文。\n", **head: str) -> str:
        """Write a draft with `head` fields for the next commit; gives its path.

        Keys that plugins add are written as YAML (``drawn="{paper: A4}"``).
        """
        fields = {
            "number": number, "title": "文件控制程序", "class": class_of(number),
            "revision": "A/0", "controlled": "true", "owner": "technical",
            "prepared_by": "sun.ba", "summary": "首次发布",
        } | {name.rstrip("_"): text for name, text in head.items()}  # fmt: skip
        lines = "".join(f"{name}: {spelled_value(name, value)}\n" for name, value in fields.items())
        path = document_path(fields["class"], number)
        tail = "status: draft\napprovals: []\n"
        self.write(path, f"---\n{lines}{tail}---\n{body}".encode())
        return path

    def revise(self, number: str, *, body: str | None = None, **head: str) -> str:
        """Write the next revision as a draft for the next commit; gives its path."""
        newest = self.newest(number)
        if newest is None:
            raise AssertionError(f"{number} was never released")
        letter, _, count = newest.revision.partition("/")
        changed = {"revision": f"{letter}/{int(count) + 1}", "summary": "修改"}
        path = self.working_path(number)
        parts = cut.cut_markdown(self.read(path))
        lines = drop_key(parts.head, "legacy")
        for name, value in (changed | {n.rstrip("_"): t for n, t in head.items()}).items():
            lines = set_key(lines, name, spelled_value(name, value))
        text = body.encode() if body is not None else (parts.body or b"") + b"\n\xe6\x94\xb9\n"
        tail = b"status: draft\napprovals: []\n"
        data = cut.join(replace(parts, head=lines, tail=tail, body=text))
        if "class_" in head or "class" in head:
            self.delete(path)
            path = document_path(parsed_document(data).class_id, number)
        self.write(path, data)
        return path

    def submit(self, number: str, **changed: Any) -> str:
        """`prepared_by` signs, and the chain's notices are laid; gives the commit."""
        document = self.document(number)
        kept = laying.kept_by_submit(document)
        chain = self.chain(document)
        last = max((slot.round for slot in kept), default=0)
        given: dict[str, Any] = {"round": last + 1, **changed}
        laid = replace(document, slots=kept)
        signed = self.statement(laid, chain.steps[0], document.prepared_by, **given)
        self.put_slots(number, (*kept, signed, *laying.notices(self.persons(document), [signed])))
        return self.commit(f"Submit {number} {document.revision}")

    def sign(self, number: str, *persons: str, **changed: Any) -> str:
        """Persons sign the step that is open, by default all that it needs; gives the commit.

        Not the last step: that is `publish`.
        """
        for person in persons or self.waiting(number):
            document = self.document(number)
            task = self._task(document, person)
            signed = self.statement(document, task.step, person, **changed)
            waiting = laying.notices(self.persons(document), [*document.signed(), signed])
            self.put_slots(number, (*document.statements, signed, *waiting))
            self.commit(f"{task.step.act.capitalize()} {number} {document.revision}")
        return self.tip

    def waiting(self, number: str) -> tuple[str, ...]:
        """The persons whose signatures the open step still needs."""
        document = self.document(number)
        signed = signed_by_step(document.signed())
        return tuple(
            person
            for step, persons in laying.waiting_for(self.persons(document), document)
            for person in persons[: step.missing(signed.get(str(step.number), ()))]
        )

    def _task(self, document: Document, person: str) -> laying.OpenStep:
        task = laying.seat_of(self.chain(document), document, person)
        if task is None:
            raise AssertionError(f"{person} has nothing to sign in {document.about}")
        return task

    def reject(self, number: str, person: str, reason: str = "不符合", **changed: Any) -> str:
        """A person rejects the text instead of signing the open step; gives the commit."""
        document = self.document(number)
        step = self._task(document, person).step
        signed = self.statement(document, step, person, act="reject", reason=reason, **changed)
        self.put_slots(number, laying.with_signed(document.slots, signed))
        path = list_of_rejects(document)
        before = self.read(path) if self.has(path) else None
        self.write(path, with_reject(before, document, signed))
        return self.commit(f"Reject {number} {document.revision}")

    def publish(
        self, number: str, person: str | None = None, *, effective: date | None = None,
        **changed: Any,
    ) -> str:  # fmt: skip
        """The last step is signed and the revision filed; gives the commit."""
        document = self.document(number)
        signer = person or self.waiting(number)[0]
        step = self._task(document, signer).step
        day = self.policy_file.policy.day(self.now + TICK)
        days = {"published": str(day), "effective": str(effective or day + timedelta(days=7))}
        given: dict[str, Any] = {"data": days if step.act == "publish" else {}, **changed}
        signed = self.statement(document, step, signer, **given)
        kept = document.statements
        return self.file(number, (*kept, signed))

    def file(self, number: str, listed: Iterable[Statement], status: str | None = None) -> str:
        """File a text with these slots as released, whatever they are worth; gives the commit."""
        document = self.document(number)
        data = self.put_slots(number, listed, status)
        key = document.class_id, number, document.revision
        place = released_path(*key)
        beside = last_act(self.document(number)).partition(":")[2][:16]
        self.write(released_path(*key, beside) if self.has(place) else place, data)
        for asset in document.assets:
            self.write(asset_path(asset.sha256), self.read(asset.path))
        return self.commit(f"Release {number} {document.revision}")

    def release(
        self, number: str, *, effective: date | None = None, body: str | None = None, **head: str
    ) -> str:
        """The whole way from a draft to a released revision; gives the commit.

        A number that was released before is revised.
        """
        if not self.has(self.working_path(number)):
            self.draft(number, **{"body": body} if body is not None else {}, **head)
            self.commit(f"Draft {number}")
        elif self.document(number).status == PUBLISHED:
            self.revise(number, body=body, **head)
            self.commit(f"Revise {number}")
        if _is_open(self.document(number)):
            self.submit(number)
        while not self.is_at_last(self.document(number)):
            self.sign(number)
        return self.publish(number, effective=effective)

    # copies

    def event(  # noqa: PLR0913 - every field that a test may forge
        self,
        act: str,
        number: str,
        copy: str,
        person: str = "wang.wu",
        *,
        revision: str | None = None,
        role: str | None = "document-controller",
        data: Mapping[str, Json] | None = None,
        **changed: Any,
    ) -> str:
        """Add an event to the life of a copy; gives the commit."""
        document = next(
            one for one in reversed(self.released(number)) if revision in (None, one.revision)
        )
        path = copy_path(document.class_id, number, document.revision, copy)
        before = self.read(path) if self.has(path) else _empty_log(document, copy)
        log = parsed_copy(before)
        signed = self.sign_slot(
            Notice(act, EVENT_STEP, role, person),
            log.subject,
            log.content,
            base=Base(document.revision, document.content),
            after=laying.heads(log.events) or (last_act(document),),
            data=data,
            **changed,
        )
        tail = slots.render_tail(slots.Tail("log", (*log.events, signed), log=True))
        self.write(path, cut.with_tail(before, tail))
        return self.commit(f"{act.capitalize()} {number} {document.revision} {copy}")

    def issue(self, number: str, copy: str, holder: str = "zhou.jiu", **given: Any) -> str:
        """Issue a copy of the newest released revision (or of `revision`); gives the commit."""
        data: dict[str, Json] = {
            "content": self.released(number)[-1].content,
            "department": "quality",
            "holder": holder,
            "place": None,
            "quantity": 1,
        }
        return self.event("issue", number, copy, data=data, **given)

    def receive(self, number: str, copy: str, holder: str = "zhou.jiu", **given: Any) -> str:
        """The holder confirms a copy; gives the commit."""
        given = {"role": None, "data": {"by": holder}, **given}
        return self.event("receive", number, copy, holder, **given)

    def recall(self, number: str, copy: str, **given: Any) -> str:
        """A copy is called back; gives the commit."""
        given = {"data": {"due": str(self.now.date() + timedelta(days=7))}, **given}
        return self.event("recall", number, copy, **given)

    def give_back(self, number: str, copy: str, **given: Any) -> str:
        """A copy comes back; gives the commit."""
        given = {"data": {"state": "good"}, **given}
        return self.event("return", number, copy, **given)

    # the policy

    def policy(
        self,
        change: Callable[[Company], Company] = lambda company: company,
        *,
        by: Sequence[str] | None = None,
        keys: Mapping[str, str] = MappingProxyType({}),
        files: Mapping[str, bytes] = MappingProxyType({}),
        **changed: Any,
    ) -> str:
        """File the next policy version with a changed company, signed by `by`; gives the commit.

        By default as many holders of the quorum's role sign as it needs; the first one files.
        `keys` are set in the head of policy.yaml, `files` stand in place of the company's.
        """
        manifest = self.read("policy.yaml")
        version = self.policy_file.policy.version + 1
        head = set_key(cut.cut_yaml(manifest).head, "version", str(version))
        head = head.partition(b"\n")[2] if head.startswith(b"id:") else head
        for name, value in keys.items():
            head = set_key(head, name, value)
        return self.file_policy(change(self.company), head, by, files, **changed)

    def file_policy(
        self,
        company: Company,
        head: bytes,
        by: Sequence[str] | None = None,
        files: Mapping[str, bytes] = MappingProxyType({}),
        **changed: Any,
    ) -> str:
        """Sign and file a policy version whose manifest begins with `head`; gives the commit."""
        first = b"\nversion: 1\n" in b"\n" + head
        contents = {
            ".gitattributes": self.read(".gitattributes"),
            "people.yaml": company.people_yaml(),
            "qms.yaml": company.qms_yaml(),
            **files,
        }
        self.companies[contents["people.yaml"] + contents["qms.yaml"]] = company
        manifest = with_digests(head + b"status: draft\napprovals: []\n", contents)
        content = cut.cut_yaml(manifest).content
        governing = company if first else self.company
        before = None if first else self.policy_file
        version = 1 if before is None else before.policy.version + 1
        base = None if before is None else Base(str(version - 1), before.content)
        if first:
            changed = {"repo": content, **changed}
        signers = by or governing.roles["policy-keeper"][: governing.quorum]
        laid: list[Statement] = []
        for act, step, person in (
            *((AGREE, "1", one.split(" ")[0]) for one in signers),
            (FILE, "2", signers[0].split(" ")[0]),
        ):
            last = () if before is None else slots.statements_in(before.slots)
            after = laying.heads(laid) or tuple(one.id for one in last[-1:])
            fields: dict[str, Any] = {"name": governing.person(person).name, **changed}
            laid.append(
                self.sign_slot(
                    Notice(act, step, "policy-keeper", person),
                    policy_subject(version),
                    content,
                    base=base,
                    after=after,
                    by=self.key_under(governing, person),
                    **fields,
                )
            )
        tail = slots.render_tail(slots.Tail("signed", slots.in_order(laid)))
        data = cut.with_tail(manifest, tail)
        for name, one in {**contents, "policy.yaml": data}.items():
            self.write(name, one)
            if name != ".gitattributes":
                self.write(f"{policy_folder(version)}/{name}", one)
        return self.commit(f"File policy {version}")

    def admit(self, name: str) -> str:
        """The next policy lists a plugin that is installed here; gives the commit."""
        pins = (*self.policy_file.policy.plugins, pin_of(name))
        commit = self.policy(keys={"plugins": spelled(pins)})
        self.hooks = Hooks(pins)
        return commit

    def check(self, *, whole: bool = False, index: bool = False) -> list[Told]:
        """What `qms check` says of the work tree, which is laid out first; see `edit`.

        It looks at what differs from the shared trunk. AssertionError where nothing does: what is
        silent because nobody looked proves nothing. `whole` looks at every file.
        """
        with Repository.find(self.lay_out()) as repository:
            report = checked(repository, self.hooks, whole=whole, index=index, now=self.now)
        if not report.files and not report.findings:
            raise AssertionError(
                "check looked at no file: the trunk has all that is here. Work on a branch "
                "(`repo.branch`), leave it uncommitted (`repo.edit`), or ask for `whole=True`"
            )
        return told(report.findings)

    def verify(self, *, root: str | None = None, tip: str | None = None) -> list[Told]:
        """What `qms verify` says of the current branch, from the repo's own root."""
        return told(self.report(root=root, tip=tip).findings)

    def report(self, *, root: str | None = None, tip: str | None = None) -> Report:
        """The whole report of `qms verify`."""
        self.history.flush()
        with Repository.find(self.path) as repository:
            return verify(repository, root=root or self.root, tip=tip or self.tip,
                          now=self.now, today=self.today)  # fmt: skip

    def qms(self, *arguments: str, by: str | None = None) -> Answer:
        """Run `qms` in the work tree with a person's key, and take over what it committed."""
        office = Office(self.lay_out(), self.path.parent / "keys", self.now)
        signing = () if by is None else ("--key", str(self.key_of(by).file(office.keys)))
        answer = office.call(*signing, *arguments)
        self.now = office.now
        self.take_over()
        return answer

    @property
    def today(self) -> date:
        """The organisation's day of the clock, by the newest policy that can be read."""
        return self.readable.policy.day(self.now)


def _is_open(document: Document) -> bool:
    """Whether a text must be submitted: never signed, rejected, or edited since."""
    contents = {slot.content for slot in document.signed()}
    return document.rejected() is not None or contents != {document.content}


def _empty_log(document: Document, copy: str) -> bytes:
    names = {"number": document.number, "class": document.class_id, "revision": document.revision}
    return render_head(COPY_HEAD, names | {"copy": copy}) + b"status: log\nevents: []\n"
