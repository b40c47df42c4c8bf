"""The hooks that a plugin may implement: one documented function each.

Two entry-point groups. **qms.rules** is pure and all that `verify` and the server hook load: no
hook and nothing it returns may read files, clock, network or environment. **qms.tools** is for
people's commands and for printing. A plugin names its module under one or both groups; the name
of the entry point is what the policy admits. Values are frozen; no hook changes what it gets.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pluggy

from qms.domain.kinds.act import Act
from qms.domain.kinds.chain import Chain
from qms.domain.kinds.document import Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.head_field import HeadField
from qms.domain.kinds.kind import Kind
from qms.domain.kinds.numbering import Numbering, VersionScheme
from qms.domain.kinds.policy import Person, Policy
from qms.domain.verdict.rule import Rule
from qms.findings import Finding, Place
from qms.formats.glyph_files import Glyphs
from qms.formats.strict_yaml import Value
from qms.hook_values import ClassSetting, Command, NamedFact, Probe, Task

if TYPE_CHECKING:  # what only commands and printing need, no check loads
    from qms.domain.kinds.held_copy import HeldCopy
    from qms.domain.library.library import Library
    from qms.listings import ListRequest, NamedList
    from qms.printing import NamedPrint, RenderRequest, Stamped, StampRequest

hookspec = pluggy.HookspecMarker("qms")
hookimpl = pluggy.HookimplMarker("qms")


class RuleHooks(Protocol):
    """Group **qms.rules**: pure; answered by every plugin that the policy admits."""

    @hookspec
    def rules(self, policy: Policy) -> Iterable[Rule]:
        """Rules that this plugin adds to every check, signature, push and verification.

        Called once per policy, not per document. A rule must be pure: it gets a step and returns
        findings. All answers are joined and run in the order of their names.

        New in API 1. Example: `plugins/qms_numbering/rules.py`.
        """
        ...

    @hookspec
    def kinds(self) -> Iterable[Kind]:
        """Kinds of lists and texts that this plugin brings, below `records/` or `external/`.

        Called once per run. All answers are joined; one name or folder twice is an error. The law
        of a kind is the core's: what was validly recorded never goes.

        New in API 1. Example: `docs/plugins.md`, "A kind of its own".
        """
        ...

    @hookspec
    def acts(self) -> Iterable[Act]:
        """Acts that this plugin knows how to judge, with their closed facts.

        Called once per run. All answers are joined; one name twice is an error, and so is one that
        is kept for another kind (`qms.domain.kinds.act.KIND_OF`).

        New in API 1. Example: `plugins/qms_copies/acts.py`.
        """
        ...

    @hookspec
    def codes(self) -> Path:
        """The TOML file with this plugin's part of the code table (see `qms.codes`).

        Called only when there is something to print. All answers are joined.

        New in API 1. Example: `plugins/qms_numbering/data/codes.toml`.
        """
        ...

    @hookspec
    def settings(self) -> Iterable[ClassSetting]:
        """Keys of a class in qms.yaml that belong to this plugin; all others are refused.

        Called once per run. All answers are joined.

        New in API 1. Example: `plugins/qms_approval/rules.py`.
        """
        ...

    @hookspec
    def head_fields(self, policy: Policy, class_id: str) -> Iterable[HeadField[object]]:
        """Keys that this plugin adds to the heads of documents of a class; others are refused.

        Called once for each class and policy. All answers are joined; one key twice is an error,
        and so is one of the core's. What a key's value says is signed with the text: it is printed
        whole, behind the signatures. Its type may never change what it takes.

        New in API 1. Example: `docs/plugins.md`, "A key in the head".
        """
        ...

    @hookspec(firstresult=True)
    def chain(
        self, policy: Policy, document: Document, days: tuple[date | None, ...]
    ) -> Chain | None:
        """The approval chain that this document must run through under this policy (DC-04).

        `days` are those of the document's statements, in their order, None where their policy isn't
        there; empty for a draft, and where no role of the policy begins or ends on a day. A day is
        never to be read from the time of a statement: it goes by the zone of the policy that this
        names. `Policy.holders` takes None: without a day those who hold a role last.

        One answer: None leaves it to the next plugin. May raise `Refused` for the configuration.

        New in API 1. Example: `plugins/qms_approval/rules.py`.
        """
        ...

    @hookspec(firstresult=True)
    def act_chain(
        self, policy: Policy, text: FiledText, act: str, owner: str, days: tuple[date | None, ...]
    ) -> Chain | None:
        """The chain that the class of a text has for an act (`acts` in qms.yaml).

        Of texts with a `ClassChain`; `owner` is the department of one. All else is as for `chain`.

        New in API 1. Example: `plugins/qms_approval/rules.py`.
        """
        ...

    @hookspec(firstresult=True)
    def numbering(self, policy: Policy, class_id: str) -> Numbering | None:
        """How the numbers of a class are written and allocated (DC-02).

        One answer: None leaves it to the next plugin. May raise `Refused`.

        New in API 1. Example: `plugins/qms_numbering/rules.py`.
        """
        ...

    @hookspec(firstresult=True)
    def version_scheme(self, policy: Policy, class_id: str) -> VersionScheme | None:
        """How the revisions of a class are written and ordered (DC-03).

        One answer: None leaves it to the next plugin. May raise `Refused`.

        New in API 1. Example: `plugins/qms_numbering/rules.py`.
        """
        ...


class ToolHooks(Protocol):
    """Group **qms.tools**: commands and printing; never loaded by `verify`."""

    @hookspec
    def commands(self) -> Iterable[Command]:
        """Commands that this plugin adds to `qms`; their modules are not imported for `--help`.

        Called once per run. All answers are joined; a name of the core's can't be taken.

        New in API 1. Example: `plugins/qms_copies/tools.py`.
        """
        ...

    @hookspec
    def listings(self) -> "Iterable[NamedList]":
        """Lists that people ask for by name: `qms lists`.

        Called once per call of it; the function that a `NamedList` names is imported only when its
        list is asked for. The core makes a table, JSON, CSV, XLSX and HTML of it, and a page by
        `render_list`. All answers are joined; one name twice is an error.

        New in API 1. Example: `plugins/qms_copies/tools.py`.
        """
        ...

    @hookspec
    def facts(self) -> Iterable[NamedFact]:
        """Questions that this plugin answers by name, whoever asks: ``copies-out`` of a number.

        Called once per run. All answers are joined; one name twice is an error. Whoever asks for
        a name that no admitted plugin answers gets `Refused` FACT-UNKNOWN.

        New in API 1. Example: `plugins/qms_copies/tools.py`.
        """
        ...

    @hookspec
    def probes(self, language: str) -> Iterable[Probe]:
        """What this plugin looks at on this machine: for `qms doctor`.

        Called once per call of it. All answers are joined.

        New in API 1. Example: `plugins/qms_publish/tools.py`.
        """
        ...

    @hookspec
    def waiting(self, library: "Library", person: Person, now: datetime) -> Iterable[Task]:
        """What waits for `person` to be done by this plugin's commands: for `qms todo`.

        Called once for each person that is asked about; `library.told` keeps what is found out of
        all numbers. Nobody is named whose command would be refused. Texts that go round, policies
        and rulings are said by the core, whose commands sign them: whichever plugin gives their
        chain, they wait for the same persons. All answers are joined.

        New in API 1. Example: `plugins/qms_copies/tools.py`.
        """
        ...

    @hookspec(firstresult=True)
    def render(self, request: "RenderRequest") -> bytes | None:
        """The base PDF of a revision: the same bytes for the same request.

        One answer: None leaves it to the next plugin. Called in a process of its own; may read
        nothing but what it is given and what travels with the plugin.

        New in API 1. Example: `plugins/qms_publish/tools.py`.
        """
        ...

    @hookspec
    def prints(self) -> "Iterable[NamedPrint]":
        """What this plugin can print beyond documents: its texts, notices, pages of records.

        Asked by `qms preview` and `publish`. All answers are joined; one name twice is an error.

        New in API 1. Example: `docs/plugins.md`, "A text that goes round".
        """
        ...

    @hookspec(firstresult=True)
    def render_list(self, request: "ListRequest") -> bytes | None:
        """The base PDF of a list: the same bytes for the same request.

        One answer: None leaves it to the next plugin. Called as `render`.

        New in API 1. Example: `plugins/qms_publish/tools.py`.
        """
        ...

    @hookspec
    def printable(
        self,
        document: Document,
        assets: Mapping[str, bytes],
        place: Place,
        glyphs: Glyphs,
        facts: Mapping[str, Value],
    ) -> Iterable[Finding]:
        """What in a text could not be printed; asked before anybody signs it.

        `assets` are the pictures that it may show by path, read when asked for: those that it
        lists, of a draft all. `place` is where its body begins. `glyphs` are the letters that the
        company draws itself. `facts` are what the head says that stands behind the signatures: of a
        document the keys of plugins, of a text of a plugin's kind, for which a document stands
        that is none, all of them. All answers are joined. `check` asks it of every working text
        that changed, so it must be quick; a text of which it finds anything is not sent round.

        New in API 1. Example: `plugins/qms_publish/tools.py`.
        """
        ...

    @hookspec
    def shown(self, document: Document) -> Iterable[str]:
        """The paths of the pictures that a text shows, whether its head lists them or not.

        Called when a text is sent, whose head then gets them with their digests, and for drafts
        that are printed. Paths are those of files in the repo: ``assets/flow.svg``. All answers
        are joined. What is shown by no form that the plugin prints is none.

        New in API 1. Example: `plugins/qms_publish/tools.py`.
        """
        ...

    @hookspec
    def pixels(self, picture: bytes) -> Iterable[int]:
        """How many pixels `printable` unpacks to judge a picture: by what its file says of itself.

        A gate counts those of a push, for which others wait. All answers are added up; no answer is
        none. It must unpack nothing.

        New in API 1. Example: `plugins/qms_publish/tools.py`.
        """
        ...

    @hookspec
    def printable_fields(
        self, fields: Mapping[str, str], path: str, glyphs: Glyphs
    ) -> Iterable[Finding]:
        """What in single printed fields could not be printed: a name, a title, a holder.

        `fields` are their texts by where they stand in the file at `path` (``persons.0.name.zh``).
        Asked before anybody signs a policy that brings them. `glyphs` as for `printable`. All
        answers are joined.

        New in API 1. Example: `plugins/qms_publish/tools.py`.
        """
        ...

    @hookspec
    def printable_picture(
        self, path: str, data: bytes, place: Place, glyphs: Glyphs
    ) -> Iterable[Finding]:
        """What keeps a single picture from being printed: the logo that a policy is to bind.

        `place` is where it is named. By the same rules as the pictures of texts; `glyphs` as for
        `printable`. All answers are joined.

        New in API 1. Example: `plugins/qms_publish/tools.py`.
        """
        ...

    @hookspec
    def markable(self, mark: "StampRequest") -> Iterable[Finding]:
        """What keeps a copy's mark from being drawn, on whatever page; asked before it is issued.

        `mark` has no base PDF. All answers are joined.

        New in API 1. Example: `plugins/qms_watermark/tools.py`.
        """
        ...

    @hookspec(firstresult=True)
    def stamp(self, request: "StampRequest") -> "Stamped | None":
        """The base PDF with a copy's mark on every page, and how many there are.

        The same bytes for the same request.

        One answer: None leaves it to the next plugin.

        New in API 1. Example: `plugins/qms_watermark/tools.py`.
        """
        ...

    @hookspec
    def toolchain(self) -> Iterable[str]:
        """What else than the plugin's own files decides which bytes it prints.

        Fonts by their digests, libraries by their versions: what was printed by another set is
        made anew. Called once per publishing run, before anything is printed; may raise `QmsError`
        for what this machine lacks. All answers are joined.

        New in API 1. Example: `plugins/qms_publish/tools.py`.
        """
        ...

    @hookspec
    def held_copies(self, library: "Library", number: str) -> "Iterable[HeldCopy]":
        """The numbered copies of a document that are out, of all its revisions.

        Called for each number that is printed or listed. An event that has no effect
        (`library.no_effect`) doesn't count. All answers are joined.

        New in API 1. Example: `plugins/qms_copies/tools.py`.
        """
        ...
