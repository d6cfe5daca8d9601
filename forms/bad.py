"""What is wrong with a form, and the bounds within which one is read."""

from __future__ import annotations

from lxml import etree

LARGEST_FORM = 5_000_000  # bytes
LARGEST_LIST = 30_000_000  # bytes of one external list
MOST_CELLS = 500_000  # of one external list: some 350 MB of memory
_DEEPEST = 60  # elements


class BadForm(Exception):
    """The definition can't be used; the text says what and where."""


def parsed(xml: bytes, what: str = "the form", largest: int = LARGEST_FORM) -> etree._Element:
    """The element that `xml` holds, read without entities, document types or the network.

    Raises:
        BadForm: it is not XML, or not safe to read.
    """
    if len(xml) > largest:
        raise BadForm(f"{what} is larger than {largest // 1_000_000} MB")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadForm(f"{what} is not XML: {error}") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadForm(f"a document type is not allowed in {what}")
    if _depth(root) > _DEEPEST:
        raise BadForm(f"{what} is nested deeper than {_DEEPEST}")
    return root


def _depth(root: etree._Element) -> int:
    deepest, level = 0, 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        level += 1 if event == "start" else -1
        deepest = max(deepest, level)
    return deepest
