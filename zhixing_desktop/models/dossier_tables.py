"""The tables of the dossier, as the program speaks of them (see ``tables``)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text, UniqueConstraint

from zhixing_desktop.models.columns import (
    METADATA,
    flag,
    maybe,
    must,
    ref,
    row_id,
    whole,
    words,
)
from zhixing_desktop.models.types import Day, JsonText, Moment

dossier_items = Table(
    "dossier_items",
    METADATA,
    row_id(),
    ref("case_id", "cases.id"),
    words("side"),
    whole("place"),
    whole("position"),
    words("name"),
    words("number", ""),
    words("source"),
    words("medium", "both"),
    maybe("thing_on", Day),
    maybe("node", Integer),
    words("subject", "case"),
    maybe("work_item", Integer),
    words("material", ""),
    ref("paper_id", "papers.id", nullable=True),
    ref("service_id", "services_of_papers.id", nullable=True),
    words("state"),
    whole("current"),
    whole("pages"),
    words("filed_by"),
    must("filed_at", Moment),
    maybe("withdrawn_by", Text),
    maybe("withdrawn_at", Moment),
    words("reason", ""),
    whole("version", 1),
    Index("dossier_items_by_case", "case_id", "side", "place", "position", "id"),
    Index("dossier_items_by_paper", "paper_id"),
    Index("dossier_items_by_service", "service_id"),
)
"""The things filed in the dossiers (件); ``state`` is ``filed`` or ``withdrawn``.

``side``: ``main`` (正卷) or ``side`` (副卷); ``place``: the number of the catalogue's item, 0 where
nobody has said yet; ``position``: its order within that.  ``number`` is the paper's own (文号).
``source``: ``made`` (本院制作), ``submitted`` (当事人提交), ``obtained`` (调取), ``served``
(送达凭证), ``other``.  ``medium``: ``both``, ``paper`` (only on paper), ``electronic`` (never
printed).
``thing_on`` is the day of the thing itself.  ``node``, ``subject``, ``work_item`` and ``material``
say to what duty of which instance it belongs; ``paper_id`` and ``service_id`` what it is the
evidence of.  ``current`` is the number of its newest version, ``pages`` how many that has.
"""

dossier_versions = Table(
    "dossier_versions",
    METADATA,
    row_id(),
    ref("item_id", "dossier_items.id"),
    whole("number"),
    must("originals", JsonText),
    must("cuts", JsonText),
    words("pdf"),
    whole("pages"),
    must("corners", JsonText),
    must("notes", JsonText),
    words("reason", ""),
    words("made_by"),
    must("made_at", Moment),
    UniqueConstraint("item_id", "number", name="dossier_versions_once"),
)
"""The versions of each.  ``originals``: digests in ``files`` of what came, as it came; ``cuts``:
the pages of record as ``[original, page, turn]``, both from 0 on, turned clockwise by degrees;
``pdf``: the digest of these pages as one PDF, empty where there are none (a sound recording; pages
on paper only); ``corners``: where on each page the stamp has room; ``notes``: what was seen on
taking in."""

dossier_tray = Table(
    "dossier_tray",
    METADATA,
    row_id(),
    words("digest"),
    must("cuts", JsonText),
    words("name"),
    words("source"),
    whole("pages"),
    ref("case_id", "cases.id", nullable=True),
    words("hint", ""),
    words("state"),
    ref("item_id", "dossier_items.id", nullable=True),
    words("arrived_by"),
    must("arrived_at", Moment),
    maybe("settled_by", Text),
    maybe("settled_at", Moment),
    words("reason", ""),
    whole("version", 1),
    Index("dossier_tray_by_state", "state", "id"),
    Index("dossier_tray_by_digest", "digest"),
)
"""Scans of which nobody has said yet where they belong; ``state`` is ``waiting``, ``filed`` or
``aside``.  ``digest`` is that of the whole file in ``files``, ``cuts`` are its pages that wait here
(as in ``dossier_versions``), ``source`` is ``folder``, ``stack``, ``dropped`` or ``pasted``,
``hint`` what was seen on it in words."""

dossier_volumes = Table(
    "dossier_volumes",
    METADATA,
    row_id(),
    ref("case_id", "cases.id"),
    words("side"),
    whole("number"),
    words("state"),
    whole("pages"),
    must("layout", JsonText),
    must("front", JsonText),
    flag("duplex", default=True),
    words("holder"),
    words("place", ""),
    maybe("due_on", Day),
    maybe("bound_by", Text),
    maybe("bound_at", Moment),
    whole("version", 1),
    UniqueConstraint("case_id", "side", "number", name="dossier_volumes_once"),
)
"""The paper volumes (册): ``state`` is ``open`` or ``bound``; ``layout`` the content pages in it as
they were printed last, ``[page, insert, item, version, page of the item]``; ``front``: the digests
in ``files`` of ``cover``, ``catalogue`` and ``closing_note`` as they were printed last; ``duplex``:
printed on both sides; ``holder``: who has it."""

dossier_moves = Table(
    "dossier_moves",
    METADATA,
    row_id(),
    ref("volume_id", "dossier_volumes.id"),
    words("kind"),
    words("from_holder"),
    words("to_holder"),
    words("place", ""),
    words("purpose", ""),
    maybe("due_on", Day),
    words("who"),
    must("at", Moment),
    Index("dossier_moves_by_volume", "volume_id", "id"),
)
"""Who took a paper volume from whom, and for what (交接、借阅、归还)."""

dossier_prints = Table(
    "dossier_prints",
    METADATA,
    row_id(),
    ref("case_id", "cases.id"),
    words("side"),
    whole("volume"),
    words("kind"),
    must("pages", JsonText),
    words("printer", ""),
    whole("copies", 1),
    words("who"),
    must("at", Moment),
    Index("dossier_prints_by_case", "case_id", "side", "volume", "id"),
)
"""What was printed: ``kind`` is ``volume``, ``added`` or ``labels``; ``pages`` as in
``dossier_volumes.layout``."""

dossier_proofs = Table(
    "dossier_proofs",
    METADATA,
    row_id(),
    ref("case_id", "cases.id"),
    words("side"),
    whole("volume"),
    words("scan"),
    must("expected", JsonText),
    whole("scanned"),
    must("findings", JsonText),
    flag("same", default=False),
    must("measure", JsonText),
    words("certificate", ""),
    words("who"),
    must("at", Moment),
    Index("dossier_proofs_by_case", "case_id", "side", "volume", "id"),
)
"""A paper volume held against the electronic one: which scan (digest), what was expected (as in
``dossier_volumes.layout``), how many pages came, what was found, by which measure; ``certificate``:
the digest of the 核对证明 in ``files``."""

dossier_copies = Table(
    "dossier_copies",
    METADATA,
    row_id(),
    ref("case_id", "cases.id"),
    words("recipient"),
    words("basis"),
    must("content", JsonText),
    must("masked", JsonText),
    whole("pages"),
    words("digest"),
    words("who"),
    must("at", Moment),
    Index("dossier_copies_by_case", "case_id", "id"),
)
"""Copies given to parties: to whom, on what ground, which pages, what was masked for good."""

archive_packages = Table(
    "archive_packages",
    METADATA,
    row_id(),
    ref("case_id", "cases.id"),
    words("state"),
    words("name"),
    words("digest"),
    must("content", JsonText),
    Column("bytes", BigInteger, nullable=False),
    words("retention", ""),
    words("archive_number", ""),
    words("made_by"),
    must("made_at", Moment),
    maybe("handed_by", Text),
    maybe("handed_at", Moment),
    maybe("settled_by", Text),
    maybe("settled_at", Moment),
    words("receipt", ""),
    must("points", JsonText),
    whole("version", 1),
    Index("archive_packages_by_case", "case_id", "id"),
    Index("archive_packages_by_state", "state", "made_at"),
)
"""The packages of whole cases for the archive: ``state`` is ``made``, ``handed``, ``received`` or
``returned``; ``digest`` that of the bag's manifest, ``content`` the versions that lie in it;
``points``: what the archive has returned it for."""

file_checks = Table(
    "file_checks",
    METADATA,
    Column("digest", Text, primary_key=True),
    must("checked_at", Moment),
    words("fault", ""),
    Index("file_checks_by_time", "checked_at"),
)
"""When a kept file was last read whole, and what was wrong; not journalled, a measurement."""
