"""All that a plugin may import from qms; `__all__` is the contract, `API_VERSION` its version.

A rule in a plugin, whole::

    from qms.api import Change, Finding, Rule, Step, hookimpl, on_each

    def title_is_short(change: Change, step: Step):
        document = change.document
        if document is not None and len(document.title) > 40:
            yield Finding("TITLE-LONG", values={"title": document.title}, about=document.about)

    @hookimpl
    def rules(policy):
        yield Rule(
            name="title-is-short", codes=("TITLE-LONG",), judge=on_each("document", title_is_short)
        )
"""

from importlib import import_module
from typing import TYPE_CHECKING, Final

from qms.api_version import API_VERSION
from qms.domain.kinds.act import CORE_ACTS, Act
from qms.domain.kinds.brought import filed, growing
from qms.domain.kinds.chain import Chain, ChainStep, ClassChain, RoundActs, Seat
from qms.domain.kinds.copy_numbers import recognised, twin_of
from qms.domain.kinds.days import DayOf, typed_day
from qms.domain.kinds.days import on as day_on
from qms.domain.kinds.document import Asset, Document
from qms.domain.kinds.filed import FiledText
from qms.domain.kinds.head_field import HeadField
from qms.domain.kinds.kind import COPY, WORKING, Kind, Law
from qms.domain.kinds.legacy_paper import Legacy
from qms.domain.kinds.log import ACTS, Log
from qms.domain.kinds.look import PageLook
from qms.domain.kinds.near import close_to, near, near_numbers
from qms.domain.kinds.numbering import Numbering, VersionScheme
from qms.domain.kinds.policy import (
    HEAD_OF,
    IN_CHARGE_OF,
    MEMBER_OF,
    PREPARER,
    Department,
    DocumentClass,
    Holding,
    Organisation,
    Person,
    Policy,
    Role,
    id_called,
)
from qms.domain.kinds.recorded import (
    RELEASED,
    EffectiveOf,
    Event,
    Filed,
    NoEffect,
    NoEffectOf,
    PolicyEntry,
    Released,
)
from qms.domain.kinds.unknown_names import unknown_names
from qms.domain.library.numbers import Use
from qms.domain.register.gone_classes import gone_class
from qms.domain.register.register import Register
from qms.domain.verdict.rule import Change, Rule, Step, on_each
from qms.domain.verdict.state import NUMBERS, Index, Item, State
from qms.findings import (
    Finding,
    Level,
    Place,
    QmsError,
    Reason,
    Refused,
    ShellText,
    refused,
    shell_word,
)
from qms.formats.digests import parse_day, parse_time, printed_time
from qms.formats.facts import CONDITIONS
from qms.formats.glyph_files import Glyphs
from qms.formats.names import look
from qms.formats.paths import copy_path, document_path, parse_path, released_path
from qms.formats.schema import (
    EN,
    ZH,
    Field,
    Row,
    Type,
    anything,
    boolean,
    day,
    integer,
    list_of,
    mapping_of,
    named,
    one_of,
    read,
    record,
    text,
    union,
)
from qms.formats.slots import Notice, Statement
from qms.formats.strict_yaml import Value
from qms.formats.tree import Tree
from qms.hook_values import ClassSetting, Command, NamedFact, Probe, Task
from qms.hookspecs import hookimpl
from qms.texts import Text

if TYPE_CHECKING:
    from qms.domain.kinds.head_field import leaves
    from qms.domain.kinds.held_copy import HeldCopy
    from qms.domain.library.called import DEPARTMENT, PERSON, name_of
    from qms.domain.library.cards import CardRow
    from qms.domain.library.controlled_list import Listed, listed
    from qms.domain.library.differences import (
        FactChange,
        Mark,
        Paragraph,
        Piece,
        body_differences,
        head_differences,
    )
    from qms.domain.library.filed_texts import TextAt, texts_of
    from qms.domain.library.library import Library
    from qms.domain.library.signed import Signed, signatures
    from qms.domain.library.status import Status
    from qms.font_faces import FontFace
    from qms.formats.canonical_json import Json
    from qms.formats.path_commands import is_path, path_commands
    from qms.glyph_font import DRAWN_FAMILY, glyph_font, glyph_name
    from qms.letters import (
        ORDINARY_LETTERS,
        OUR_SANS,
        OUR_SERIF,
        our_digests,
        our_fonts,
        unprintable,
    )
    from qms.listings import Cell, Cells, Column, ListRequest, Named, NamedList, cell_word
    from qms.printing import (
        Amended,
        NamedPrint,
        NamedSheet,
        PrintedField,
        PrintedLine,
        RenderRequest,
        Stamped,
        StampRequest,
    )
    from qms.session import Drafted, NewDraft, NewEvent, Session, Written

_FOR_TOOLS: Final = {
    "qms.domain.kinds.held_copy": ("HeldCopy",),
    "qms.domain.kinds.head_field": ("leaves",),
    "qms.domain.library.differences": (
        "FactChange",
        "Mark",
        "Paragraph",
        "Piece",
        "body_differences",
        "head_differences",
    ),
    "qms.domain.library.filed_texts": ("TextAt", "texts_of"),
    "qms.domain.library.library": ("Library",),
    "qms.domain.library.called": ("DEPARTMENT", "PERSON", "name_of"),
    "qms.domain.library.cards": ("CardRow",),
    "qms.domain.library.controlled_list": ("Listed", "listed"),
    "qms.domain.library.signed": ("Signed", "signatures"),
    "qms.domain.library.status": ("Status",),
    "qms.font_faces": ("FontFace",),
    "qms.formats.canonical_json": ("Json",),
    "qms.formats.path_commands": ("is_path", "path_commands"),
    "qms.glyph_font": ("DRAWN_FAMILY", "glyph_font", "glyph_name"),
    "qms.letters": (
        "ORDINARY_LETTERS",
        "OUR_SANS",
        "OUR_SERIF",
        "our_digests",
        "our_fonts",
        "unprintable",
    ),
    "qms.listings": ("Cell", "Cells", "Column", "ListRequest", "NamedList", "Named", "cell_word"),
    "qms.printing": (
        "Amended",
        "NamedPrint",
        "PrintedField",
        "PrintedLine",
        "RenderRequest",
        "NamedSheet",
        "StampRequest",
        "Stamped",
    ),
    "qms.session": ("Drafted", "NewDraft", "NewEvent", "Session", "Written"),
}
"""What commands and printing use: no rule needs it, so that no check loads it."""


def __getattr__(name: str) -> object:
    for module, names in _FOR_TOOLS.items():
        if name in names:
            return getattr(import_module(module), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "ACTS",
    "API_VERSION",
    "CONDITIONS",
    "COPY",
    "CORE_ACTS",
    "DEPARTMENT",
    "DRAWN_FAMILY",
    "EN",
    "HEAD_OF",
    "IN_CHARGE_OF",
    "MEMBER_OF",
    "NUMBERS",
    "ORDINARY_LETTERS",
    "OUR_SANS",
    "OUR_SERIF",
    "PERSON",
    "PREPARER",
    "RELEASED",
    "WORKING",
    "ZH",
    "Act",
    "Amended",
    "Asset",
    "CardRow",
    "Cell",
    "Cells",
    "Chain",
    "ChainStep",
    "Change",
    "ClassChain",
    "ClassSetting",
    "Column",
    "Command",
    "DayOf",
    "Department",
    "Document",
    "DocumentClass",
    "Drafted",
    "EffectiveOf",
    "Event",
    "FactChange",
    "Field",
    "Filed",
    "FiledText",
    "Finding",
    "FontFace",
    "Glyphs",
    "HeadField",
    "HeldCopy",
    "Holding",
    "Index",
    "Item",
    "Json",
    "Kind",
    "Law",
    "Legacy",
    "Level",
    "Library",
    "ListRequest",
    "Listed",
    "Log",
    "Mark",
    "Named",
    "NamedFact",
    "NamedList",
    "NamedPrint",
    "NamedSheet",
    "NewDraft",
    "NewEvent",
    "NoEffect",
    "NoEffectOf",
    "Notice",
    "Numbering",
    "Organisation",
    "PageLook",
    "Paragraph",
    "Person",
    "Piece",
    "Place",
    "Policy",
    "PolicyEntry",
    "PrintedField",
    "PrintedLine",
    "Probe",
    "QmsError",
    "Reason",
    "Refused",
    "Register",
    "Released",
    "RenderRequest",
    "Role",
    "RoundActs",
    "Row",
    "Rule",
    "Seat",
    "Session",
    "ShellText",
    "Signed",
    "StampRequest",
    "Stamped",
    "State",
    "Statement",
    "Status",
    "Step",
    "Task",
    "Text",
    "TextAt",
    "Tree",
    "Type",
    "Use",
    "Value",
    "VersionScheme",
    "Written",
    "anything",
    "body_differences",
    "boolean",
    "cell_word",
    "close_to",
    "copy_path",
    "day",
    "day_on",
    "document_path",
    "filed",
    "glyph_font",
    "glyph_name",
    "gone_class",
    "growing",
    "head_differences",
    "hookimpl",
    "id_called",
    "integer",
    "is_path",
    "leaves",
    "list_of",
    "listed",
    "look",
    "mapping_of",
    "name_of",
    "named",
    "near",
    "near_numbers",
    "on_each",
    "one_of",
    "our_digests",
    "our_fonts",
    "parse_day",
    "parse_path",
    "parse_time",
    "path_commands",
    "printed_time",
    "read",
    "recognised",
    "record",
    "refused",
    "released_path",
    "shell_word",
    "signatures",
    "text",
    "texts_of",
    "twin_of",
    "typed_day",
    "union",
    "unknown_names",
    "unprintable",
]
