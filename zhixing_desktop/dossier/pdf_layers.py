"""Layers of a PDF (optional content): what is hidden when it opens stays hidden on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pikepdf import Dictionary, Object, Pdf

_HIDDEN = "/ZhixingHidden"
"""Stands in a hidden layer while the parts of a PDF are joined: the list of layers is lost then."""


def mark_layers(pdf: Pdf) -> bool:
    """Mark the hidden layers of an opened PDF; tell whether it has layers at all."""
    layers = _layers(pdf)
    for layer, off in layers:
        if off:
            layer[_HIDDEN] = True
    return bool(layers)


def settle_layers(pdf: Pdf) -> None:
    """List the layers of a PDF whose hidden ones are marked, and take the marks away."""
    from pikepdf import Array, Dictionary, Name, String

    known, hidden = Array(), Array()
    for thing in pdf.objects:
        if isinstance(thing, Dictionary) and thing.get("/Type") == "/OCG":
            known.append(thing)
            if _HIDDEN in thing:
                del thing[_HIDDEN]
                hidden.append(thing)
    if len(known):
        default = Dictionary(Name=String(""), OFF=hidden, Order=Array())
        pdf.Root[Name.OCProperties] = Dictionary(OCGs=known, D=default)


def _layers(pdf: Pdf) -> list[tuple[Object, bool]]:
    from pikepdf import Array, Dictionary

    said = pdf.Root.get("/OCProperties")
    if not isinstance(said, Dictionary):
        return []
    default: Object = said.get("/D", Dictionary())
    if not isinstance(default, Dictionary):
        default = Dictionary()
    off_first = default.get("/BaseState") == "/OFF"
    named = _numbers(default, "/ON" if off_first else "/OFF")
    listed = said.get("/OCGs")
    found: list[tuple[Object, bool]] = []
    for layer in listed if isinstance(listed, Array) else ():
        if isinstance(layer, Dictionary) and layer.is_indirect:
            found.append((layer, (layer.objgen in named) != off_first))
    return found


def _numbers(default: Dictionary, key: str) -> set[tuple[int, int]]:
    from pikepdf import Array

    listed = default.get(key)
    return {one.objgen for one in listed} if isinstance(listed, Array) else set()
