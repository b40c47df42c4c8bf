"""Kinds that a plugin brings, below `records/` or `external/`: lists that grow, filed texts.

They get what copies and released revisions have: each is judged once and for ever, none may go, and
rules see what changed.
"""

from collections.abc import Sequence
from functools import lru_cache, partial

from qms.domain.kinds.chain import RoundActs
from qms.domain.kinds.document import ASSETS
from qms.domain.kinds.filed import parse_filed
from qms.domain.kinds.kind import FREE_FOR_PLUGINS, ChainOf, Holds, Kind, Law
from qms.domain.kinds.log import log_head, parse_log
from qms.domain.kinds.named_head import NAMES
from qms.findings import refused
from qms.formats.paths import MARKDOWN, PathPattern
from qms.formats.schema import Field, RecordType


def growing(
    name: str,
    form: str,
    *fields: Field[object],
    holds: Holds | None = None,
    own_numbers: bool = True,
) -> Kind:
    """A kind of lists, for a plugin to bring.

    `form` is written like ``records/gauges/{class}/{number}.yaml``; it has a number, lies below
    ``records/`` or ``external/``, and its names are keys of the head. `fields` are the further
    keys, typed (`log.head[FIELD]`): text of one line, words, days, integers, booleans, lists and
    records of these, without a default, since a head has one spelling (`qms.domain.kinds.log`).
    `name` is the `kind` of what its statements are about. Without `own_numbers` its numbers are
    those of something else, such as documents. Raises `Refused` KIND-FORM for what is none.
    """
    path, head = _form_of(name, form, fields)
    if head.rows() is None:
        like = "text() integer() boolean() day() one_of(…) list_of(…) record(…)"
        keys = ", ".join(field.name for field in fields)
        raise refused("KIND-FORM", kind=name, form=keys, like=like)
    parse = lru_cache(maxsize=4096)(partial(parse_log, kind=name, head=head))
    return Kind(
        name=name, law=Law.GROWS, form=path, parse=parse, holds=holds, head=head,
        own_numbers=own_numbers,
    )  # fmt: skip


def filed(  # noqa: PLR0913 - what a kind of texts may have, by name
    name: str,
    form: str,
    *fields: Field[object],
    chain: ChainOf,
    own_numbers: bool = True,
    pictures: bool = False,
    rounds: RoundActs | None = None,
) -> Kind:
    """A kind of texts that a chain signs and files as a whole, for a plugin to bring.

    Once filed they never change or go. `form`, `name` and `fields` are as those of `growing`; a
    form that ends in ``.md`` has a body, and a further key may have any type (`text.facts[FIELD]`).
    The acts of its chain are the plugin's own, of this kind. With `pictures` the last key of its
    head is `assets`, as documents have it (`text.assets`): each of them is filed with it and stays.
    With `rounds` its texts go round before they are filed, as documents do, by `qms submit`, `sign`
    and `reject`: they are the act of whoever submits, the chain's first, and that of a rejection,
    which has a reason. What goes round lies beside (`qms.domain.kinds.kind.beside`); without
    `rounds` no command writes it. Raises `Refused` KIND-FORM.
    """
    listed: tuple[Field[object], ...] = (ASSETS,) if pictures else ()
    path, head = _form_of(name, form, fields, listed)
    parse = partial(
        parse_filed, kind=name, head=head, is_markdown=path.ending == MARKDOWN, rounds=rounds
    )
    return Kind(
        name=name, law=Law.FIXED, form=path, parse=lru_cache(maxsize=4096)(parse), chain=chain,
        own_numbers=own_numbers, has_pictures=pictures, has_rounds=rounds is not None,
        rounds=rounds,
    )  # fmt: skip


def _form_of(
    name: str, form: str, fields: Sequence[Field[object]], listed: Sequence[Field[object]] = ()
) -> tuple[PathPattern, RecordType]:
    """Path and head of a kind; `listed` are the core's own keys behind the plugin's `fields`.

    A key that is spelled as the core's list of pictures would let a release that keeps none read
    what one that kept them has filed.
    """
    path = PathPattern.of(form)
    top, _, inside = path.folder.partition("/")
    taken = [field.name for field in fields if field.name in NAMES or field.name == ASSETS.name]
    if top not in FREE_FOR_PLUGINS or not inside or "number" not in path.names or taken:
        like = "records/gauges/{class}/{number}.yaml"
        raise refused("KIND-FORM", kind=name, form=form, like=like)
    return path, log_head(path.names, *fields, *listed)
