"""Histories told in a few words, made real: signed statements, commits and merges.

A history is a list of steps in which labels stand for digests and commits (the words are told in
tests/vectors/standing/README.md). `Worded` builds it with real keys, so that the tool can be asked
what stands; a second verifier judges the same words without building anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from qms.domain.kinds.chain import ChainStep
from qms.domain.kinds.document import Document
from qms.domain.kinds.log import ACTS, ACTS_HEAD, parse_log, render_head
from qms.domain.kinds.manifest_text import with_digests
from qms.domain.library.effect import Effects
from qms.domain.register.policies import AGREE, FILE, policy_subject
from qms.domain.register.register import Register, Released
from qms.domain.register.revisions import chain_of
from qms.domain.register.source import TreeSource
from qms.formats import cut, slots
from qms.formats.canonical_json import Json
from qms.formats.head_edit import set_key
from qms.formats.paths import acts_path, policy_folder
from qms.formats.slots import Base, Notice, Statement, statements_in
from qms.jobs.documents.rejecting import list_of_rejects, with_reject
from qms.jobs.judging.repository_history import RepositoryHistory, judgement_of
from qms.storage.repository import Repository
from qms.testing.company import SHORT_CHAIN, SMALL, Company, Employee
from qms.testing.gitrepo import START
from qms.testing.keys import SigningKey, key
from qms.testing.repo import DocsRepo
from qms.testing.uniting import united

Step = Mapping[str, Any]

COMPANY: Final = Company(
    persons=(
        *SMALL.persons,
        Employee("wu.shi", "吴十", "quality", ("wu.shi",)),
        Employee("zheng.yi", "郑一", "quality", ("zheng.yi",)),
    ),
    heads=SMALL.heads,
    roles={
        "quality-manager": ("li.si", "zhao.liu"),
        "document-controller": ("wang.wu", "zhou.jiu"),
        "policy-keeper": ("zhao.liu", "li.si", "wang.wu"),
    },
    chains={"instruction": SHORT_CHAIN},
)
"""Two persons for each step of a release, and two who have a seat in none."""

TEAM: Final = ("sun.ba", "li.si", "wang.wu")
KEEPERS: Final = ("li.si", "wang.wu")
_LETTERS: Final = "NM"
_WORK: Final = "LX-WI-99"
_APPROVE, _PUBLISH = "2", "3"


def day(after: int) -> date:
    """A day so many days after the one that counts as 0, by which everything was signed."""
    return START.date() + timedelta(days=30 + after)


def number_of(step: Step) -> str:
    """The number that a step is about, as documents have it: N and M."""
    return f"LX-WI-{_LETTERS.index(step.get('number', 'N')) + 1:02}"


@dataclass(slots=True)
class Worded:
    """A repo in which the steps of a history are taken one by one.

    `made` are ids of statements by label: of what was released its filing, of a ruling its last.
    """

    repo: DocsRepo
    swap: bool = False
    commits: dict[str, str] = field(default_factory=dict[str, str])
    made: dict[str, str] = field(default_factory=dict[str, str])
    documents: dict[str, Document] = field(default_factory=dict[str, Document])
    policies: dict[str, tuple[str, Company]] = field(default_factory=dict[str, tuple[str, Company]])
    versions: dict[str, int] = field(default_factory=lambda: {"p1": 1})
    governs: dict[str, str] = field(default_factory=lambda: {"main": "p1"})
    _copies: dict[str, str] = field(default_factory=dict[str, str])
    _everybody: Company = COMPANY
    _rounds: dict[str, list[Statement]] = field(default_factory=dict[str, list[Statement]])

    @classmethod
    def build(cls, repo: DocsRepo, steps: Sequence[Step], *, swap: bool = False) -> "Worded":
        """The whole history; `swap` puts the other branch first in each merge."""
        history = cls(repo, swap)
        history.begin(steps)
        for step in steps:
            history.take(step)
        return history

    def begin(self, steps: Sequence[Step]) -> None:
        """What there is at the start: policy p1, revision a0, and a copy for each who works."""
        repo = self.repo
        self.policies["p1"] = repo.policy_file.content, repo.company
        self.made["p1"] = statements_in(repo.policy_file.slots)[-1].id
        self.commits["root"] = repo.tip
        self.take({"is": "release", "id": "a0", "revision": "A/0"})
        repo.release(_WORK)
        works = [step for step in steps if step["is"] == "work"]
        for count, step in enumerate(works, start=1):
            self._copies[step["id"]] = f"{count:03}"
            repo.issue(_WORK, f"{count:03}", step["by"][0])
        repo.tick(timedelta(hours=10))  # room for whoever claims earlier times
        self.commits["root"] = repo.tip

    def take(self, step: Step) -> None:
        """One step of the history."""
        kind, repo = step["is"], self.repo
        repo.checkout(step.get("on", "main"))
        now = repo.now
        repo.now -= timedelta(minutes=step.get("earlier", 0))
        if kind == "branch":
            repo.branch(step["id"])
            self.governs[step["id"]] = self.governs[step.get("on", "main")]
            self.commits[step["id"]] = repo.tip
            return
        {
            "merge": self._merge, "policy": self._policy, "release": self._release,
            "reject": self._reject, "work": self._work,
        }.get(kind, self._ruling)(step)  # fmt: skip
        self.commits[step["id"]] = repo.tip
        repo.now = max(repo.now, now)

    # statements

    def _under(self, step: Step) -> str:
        return str(step.get("policy", self.governs[self.repo.branch_name]))

    def _seen(self, step: Step, at: int = 0) -> str:
        seen: str | Sequence[str] = step.get("seen", "")
        label = seen if isinstance(seen, str) else seen[at]
        return f"sha1:{self.commits[label] if label else self.repo.tip}"

    def _given(self, step: Step, person: str, at: int = 0) -> dict[str, Any]:
        """What each statement of a step names, and the key that signs it."""
        content, company = self.policies[self._under(step)]
        return {
            "policy": content, "seen": self._seen(step, at), "by": _key(company, person),
            "name": company.person(person).name,
        }  # fmt: skip

    def _steps(self, document: Document) -> Sequence[ChainStep]:
        repo = self.repo
        return chain_of(repo.hooks, document, repo.policy_file.policy, None, repo.day).steps

    def _on_text(
        self, step: Step, document: Document, steps: Iterable[tuple[ChainStep, str, str]],
        before: Sequence[Statement] = (),
    ) -> list[Statement]:  # fmt: skip
        """Statements at steps of a text's chain, by person and act, each after the one before."""
        base = self.documents.get(step.get("base", ""))
        after = self.made.get(step.get("base", ""), "")
        laid: list[Statement] = []
        for at, (place, person, act) in enumerate(steps):
            seat = place.seat(person)
            role = place.seats[0].role if seat is None else seat.role
            named = laid[-1].id if laid else before[-1].id if before else after
            laid.append(
                self.repo.sign_slot(
                    Notice(act, str(place.number), role, person),
                    document.subject,
                    document.content,
                    base=None if base is None else Base(base.revision, base.content),
                    after=(named,) if named else (),
                    round_number=2 if before else 1,
                    data=self._days(step) if act == "publish" else {},
                    reason="不符合" if act == "reject" else None,
                    **self._given(step, person, at),
                )
            )
        return laid

    def _days(self, step: Step) -> dict[str, Json]:
        return {"published": str(day(0)), "effective": str(day(step.get("day", 0)))}

    # steps

    def _merge(self, step: Step) -> None:
        repo = self.repo
        united(repo, step["from"], swap=self.swap)
        # The root files of two versions may be mixed now; of these only names are read.
        mixed = repo.read("people.yaml") + repo.read("qms.yaml")
        repo.companies.setdefault(mixed, self._everybody)

    def _draft(self, step: Step, preparer: str) -> Document:
        number, text = number_of(step), step.get("text", step["id"])
        self.repo.draft(
            number, body=f"# 目的\n\n{text}\n", revision=step["revision"], prepared_by=preparer
        )
        return self.repo.document(number)

    def _release(self, step: Step) -> None:
        repo, persons = self.repo, step.get("by", TEAM)
        document = self._draft(step, persons[0])
        ended = [slot for reject in step.get("after", ()) for slot in self._rounds[reject]]
        places = zip(self._steps(document), persons, strict=True)
        steps = [(place, person, place.act) for place, person in places]
        laid = self._on_text(step, document, steps, ended)
        repo.file(number_of(step), (*ended, *laid))
        self.documents[step["id"]] = document
        self.made[step["id"]] = laid[-1].id

    def _reject(self, step: Step) -> None:
        """Somebody refuses a text that goes round, or, without `prepare`, one that does not."""
        repo, (person,) = self.repo, step["by"]
        document = self._draft(step, step.get("preparer", TEAM[0]))
        prepare, *later = self._steps(document)
        place = next((one for one in later if one.seat(person) is not None), later[0])
        steps = [(prepare, document.prepared_by, prepare.act)] if step.get("prepare", True) else []
        # The preparer signs before; only the last statement is the step's own.
        seen = {"seen": [step.get("seen", "")] * 2} if step.get("seen") else {}
        laid = self._on_text({**step, **seen}, document, [*steps, (place, person, "reject")])
        repo.put_slots(number_of(step), laid)
        document = repo.document(number_of(step))
        path = list_of_rejects(document)
        before = repo.read(path) if repo.has(path) else None
        repo.write(path, with_reject(before, document, laid[-1]))
        repo.commit(f"Reject {step['id']}")
        self._rounds[step["id"]] = laid
        self.made[step["id"]] = laid[-1].id

    def _work(self, step: Step) -> None:
        """Somebody signs for a copy: any signature tells what they had seen."""
        self.repo.receive(
            _WORK, self._copies[step["id"]], step["by"][0], **self._given(step, step["by"][0])
        )

    def _ruling(self, step: Step) -> None:
        """`settle`, `annul` or `ratify`, by whoever signs: complete or not."""
        act, repo = step["is"], self.repo
        named = (
            [step["of"]] if "of" in step else [*step["over"], *filter(None, [step.get("stands")])]
        )
        data: dict[str, Json] = {"entry": self.made[named[0]]}
        if act == "settle":
            data = {
                "annulled": sorted(self.made[one] for one in step["over"]),
                "stands": self.made.get(step.get("stands", "")),
            }
        home = self.documents[step.get("stands") or named[0]]
        path = acts_path(home.class_id, home.number, home.revision, home.content)
        log = parse_log(repo.read(path) if repo.has(path) else _acts(home), ACTS, ACTS_HEAD)
        behind = [self.made[one] for one in (*named, *step.get("after", ()))]
        laid: list[Statement] = []
        for at, person in enumerate(step.get("by", KEEPERS)):
            place = next((one for one in self._steps(home)[1:] if one.seat(person)), None)
            place = place or self._steps(home)[1]
            seat = place.seat(person)
            laid.append(
                repo.sign_slot(
                    Notice(act, str(place.number - 1), (seat or place.seats[0]).role, person),
                    log.subject,
                    log.content,
                    base=Base(home.revision, home.content),
                    after=(*behind, *(slot.id for slot in laid)),
                    data=data,
                    reason=step["id"],
                    **self._given(step, person, at),
                )
            )
        tail = slots.render_tail(slots.Tail("log", (*log.events, *laid), log=True))
        repo.write(path, cut.with_tail(repo.read(path) if repo.has(path) else _acts(home), tail))
        repo.commit(f"{act.capitalize()} {step['id']}")
        self.made[step["id"]] = laid[-1].id

    def _policy(self, step: Step) -> None:
        """The next version after `base`, filed by the first who signs."""
        repo, base = self.repo, step.get("base", self.governs[self.repo.branch_name])
        before, company = self.policies[base]
        changed = company
        for person in step.get("voids", ()):
            changed = changed.with_new_key(person)
        for person in step.get("adds", ()):
            changed = changed.with_person(person, f"新{person}", "quality")
            self._everybody = self._everybody.with_person(person, f"新{person}", "quality")
        version = self.versions[base] + 1
        head = set_key(cut.cut_yaml(repo.read("policy.yaml")).head, "version", str(version))
        head = head.partition(b"\n")[2] if head.startswith(b"id:") else head
        contents = {
            ".gitattributes": repo.read(".gitattributes"),
            "people.yaml": changed.people_yaml(),
            "qms.yaml": changed.qms_yaml() + f"# {step['id']}\n".encode(),
        }
        repo.companies[contents["people.yaml"] + contents["qms.yaml"]] = changed
        manifest = with_digests(head + b"status: draft\napprovals: []\n", contents)
        content = cut.cut_yaml(manifest).content
        persons = step.get("by", KEEPERS)
        laid: list[Statement] = []
        acts = [*((AGREE, one) for one in persons), (FILE, persons[0])]
        for at, (act, person) in enumerate(acts):
            named = [self.made[base], *(self.made[one] for one in step.get("ends", ()))]
            given: dict[str, Any] = self._given(step, person, at % len(persons))
            given["policy"] = before
            given |= {"by": _key(company, person), "name": company.person(person).name}
            laid.append(
                repo.sign_slot(
                    Notice(act, "1" if act == AGREE else "2", "policy-keeper", person),
                    policy_subject(version),
                    content,
                    base=Base(str(version - 1), before),
                    after=tuple(slot.id for slot in laid) or named,
                    **given,
                )
            )
        tail = slots.render_tail(slots.Tail("signed", slots.in_order(laid)))
        folder = policy_folder(version)
        if repo.has(f"{folder}/policy.yaml"):
            folder += f"~{laid[-1].id.partition(':')[2][:16]}"
        for name, data in {**contents, "policy.yaml": cut.with_tail(manifest, tail)}.items():
            repo.write(name, data)
            if name != ".gitattributes":
                repo.write(f"{folder}/{name}", data)
        repo.commit(f"File {step['id']}")
        self.governs[repo.branch_name] = step["id"]
        self.policies[step["id"]], self.versions[step["id"]] = (content, changed), version
        self.made[step["id"]] = laid[-1].id

    # what the tool says

    def verdict(self, asof: int) -> dict[str, object]:
        """Which policy stands at the tip of main, and of each number what stands on a day."""
        self.repo.checkout("main")
        self.repo.history.flush()
        with Repository.find(self.repo.path) as repository:
            judge = judgement_of(self.repo.hooks, RepositoryHistory(repository)).judge
            register = Register((TreeSource(judge, repository.tree(self.repo.tip)),))
            effects = Effects(judge, register)
            policy = effects.policy
            filed = {content: label for label, (content, _) in reversed(self.policies.items())}
            tip = self.repo.tip
            numbers = sorted({
                one.number for key, one in self.documents.items()
                if self.repo.history.is_ancestor(self.commits.get(key, tip), tip)
            })  # fmt: skip
            return {
                "policy": filed[policy.content] if policy is not None else None,
                "numbers": {
                    _LETTERS[int(number[-2:]) - 1]: self._of(effects, number, asof)
                    for number in numbers
                },
            }

    def _of(self, effects: Effects, number: str, asof: int) -> dict[str, object]:
        line = effects.line(number)
        known = {one.filing.id: one.document.content for one in effects.register.released(number)}
        history, tip = self.repo.history, self.repo.tip
        recorded = [key for key, one in self.documents.items() if one.number == number
                    and history.is_ancestor(self.commits.get(key, tip), tip)]  # fmt: skip
        lost = [key for key in recorded if self.made[key] not in known]
        if lost:
            raise AssertionError(f"{', '.join(lost)} not recorded")
        labels = {known[self.made[key]]: key for key in reversed(recorded)}

        def label(entry: Released | None) -> str | None:
            return None if entry is None else labels[entry.document.content]

        forks = {True: set[str](), False: set[str]()}
        for fork in line.forks:
            for branch in fork.branches:
                if branch is not fork.stands:
                    forks[fork.stands is None].add(labels[branch.content])
        return {
            "stands": label(effects.in_force(number, day(asof))),
            "line": [label(entry) for entry in effects.effective(number)],
            "displaced": sorted(forks[False]),
            "contested": sorted(forks[True]),
        }


def _key(company: Company, person: str) -> SigningKey:
    return key(company.signing_label(person))


def _acts(home: Document) -> bytes:
    names = {
        "number": home.number, "class": home.class_id, "revision": home.revision,
        "content": home.content,
    }  # fmt: skip
    return render_head(ACTS_HEAD, names) + b"status: log\nevents: []\n"
