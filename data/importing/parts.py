"""An import in the making: the sheets of a file, each read and checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from data.importing import boundaries, nodes, observations, parks, plots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Mapping as MappingOf

    from data.importing.context import Checked, Context, Draft
    from data.importing.fields import Kind
    from data.importing.findings import ImportFinding
    from data.importing.headers import Proposal
    from data.importing.mappings import Mapping
    from data.importing.shapes import Placed
    from data.importing.systems import Candidate
    from data.untrusted import Sheet

Accept = Literal["none", "sound", "all"]


class Ways(NamedTuple):
    """How rows of a kind are checked, and what they would write."""

    check: Callable[..., tuple[Checked, Placed | None]]
    drafts: Callable[..., Iterable[Draft]]


WAYS: dict[Kind, Ways] = {
    "parks": Ways(parks.check, parks.drafts),
    "plots": Ways(plots.check_plots, plots.plot_drafts),
    "leases": Ways(plots.check_leases, plots.lease_drafts),
    "observations": Ways(observations.check, observations.drafts),
    "boundaries": Ways(boundaries.check, boundaries.drafts),
    "nodes": Ways(nodes.check, nodes.drafts),
}


# Fields that change what the rest of a row says: a plan would become a fact without its `nature`.
ESSENTIAL = frozenset(
    {
        "area",
        "area_kind",
        "metric",
        "value",
        "qualifier",
        "scope",
        "nature",
        "lease_status",
        "plot_id",
        "use",
        "tenant",
        "node_name",
        "node_type",
    }
)


@dataclass(frozen=True)
class Part:
    """One sheet of a file, read and checked.

    Attributes
    ----------
    sheet
        As read.
    kind
        What its rows are, None where that can't be told.
    mapping
        How it was read, None without a kind.
    proposals
        What its headers may mean; empty where a mapping was given.
    checked
        Rows by field with their geometry, None where nothing could be read.
    findings
        On this sheet, in the order of its rows.
    owner
        By row of the file: the row of `checked` under which it went on, where that is another
        one (corner points of a parcel).
    candidates
        Coordinate systems to choose from, where one must be chosen.
    crs
        Coordinate system that was used, "" for none.
    layer
        Of the application itself, where it wrote the sheet; "" for any other sheet.
    read
        What is read, where that isn't the sheet as it stands.
    """

    sheet: Sheet
    kind: Kind | None
    mapping: Mapping | None
    proposals: tuple[Proposal, ...] = ()
    checked: Checked | None = None
    findings: tuple[ImportFinding, ...] = ()
    owner: MappingOf[int, int] = field(default_factory=dict)
    candidates: tuple[Candidate, ...] = ()
    crs: str = ""
    layer: str = ""
    read: Sheet | None = None

    @property
    def blocked(self) -> bool:
        """Whether an error on the sheet as a whole keeps all of its rows out."""
        return self.checked is None or any(
            one.severity == "error" and not one.row for one in self.findings
        )

    @property
    def faults(self) -> dict[int, frozenset[str]]:
        """By row with errors: the fields at fault; none where the whole row is."""
        found: dict[int, frozenset[str]] = {}
        whole: set[int] = set()
        for one in self.findings:
            if one.severity == "error" and one.row:
                row = self.owner.get(int(one.row), int(one.row))
                found[row] = found.get(row, frozenset()) | frozenset(one.fields)
                if not one.fields or ESSENTIAL & set(one.fields):
                    whole.add(row)
        return found | dict.fromkeys(whole, frozenset())


@dataclass(frozen=True)
class Import:
    """A file, read and checked, of which nothing is stored yet.

    Attributes
    ----------
    file, sha256
        Its name as the user calls it, and its digest.
    province
        Key of the province that it was held against.
    source
        Row of sources that new rows name.
    parts
        Its sheets.
    """

    file: str
    sha256: str
    province: str
    source: MappingOf[str, str]
    contexts: tuple[Context, ...]
    parts: tuple[Part, ...]

    @property
    def findings(self) -> tuple[ImportFinding, ...]:
        """All findings, sheet by sheet in the order of the rows."""
        return tuple(one for part in self.parts for one in part.findings)

    @property
    def has_errors(self) -> bool:
        """Whether any row or sheet can't be taken as it is."""
        return any(one.severity == "error" for one in self.findings)

    @property
    def kind(self) -> Kind | None:
        """What the file holds, by its first sheet that could be read."""
        return next((part.kind for part in self.parts if part.checked is not None), None)

    @property
    def mappings(self) -> tuple[Mapping, ...]:
        """How its sheets were read, to be edited or kept."""
        return tuple(part.mapping for part in self.parts if part.mapping is not None)
