"""The statements by which a PostGIS server splits plots by zones and sums them up.

They do what :func:`geo.overlay.split` and :mod:`geo.tally` do, in the same steps. One reading of
the plots checks each and looks it up in the grid over the zones, which goes along as two arrays;
what is sound and clear of zone lines is only added up, by the set of zones that it is in. The
rest is repaired where it is invalid, cut by the pieces by it, and its parts are added up.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from geo._outlines import LARGE_REASON, ROUNDING_ULPS, THIN, THIN_REASON
from geo.chunk_sums import ALL_LAND, LARGEST_WEIGHT, WEIGHT_UNIT
from geo.tally import COARSE_BITS, FINE_BITS, LARGEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo._zone_grid import ZoneGrid
    from geo.overlay import ZoneIndex


# Beyond all coordinates on Earth, in metres.
FAR = 1e12


class Statements(NamedTuple):
    """What is run once in a transaction, and then for each part of a table.

    Attributes
    ----------
    tables
        Makes temporary tables, which go when the transaction ends; `account_piece` (zone, geom),
        `account_zone` and `account_rest` (grp, zone) and, in one row, `account_grid` (marks,
        kinds) are to be filled.
    clear
        Takes, where the table is taken in parts, the first place of a part and that after its
        last. Gives sums of the plots clear of lines: kind, columns, coarse and fine of m2, count,
        coarse and fine of the weight, its count, the least weight that is none. Keeps the others.
    cut, parts
        Split those.
    land
        Sums of parts: place, columns, coarse and fine of m2, count, count of those that have most
        of their plot, coarse and fine of the weight, its count.
    whole
        Sums of those plots: columns, coarse and fine, count, count of weights.
    wrong
        The least weight of those plots that is none.
    problems, difference
        As in :class:`geo.plot_account.Sums`.
    done
        Empties the tables for the next part.
    """

    tables: str
    clear: str
    cut: str
    parts: str
    land: str
    whole: str
    wrong: str
    problems: str
    difference: str
    done: str


def quoted(name: str) -> str:
    """Write the name of a table or column."""
    escaped = name.replace('"', '""')
    return f'"{escaped}"'


def statements(  # noqa: PLR0917
    table: str,
    shape: str,
    index: ZoneIndex,
    by: Sequence[str],
    weight: str | None,
    label: str,
    where: str,
    *,
    whole: bool,
) -> Statements:
    """Write the statements.

    Parameters
    ----------
    table
        Its name as SQL has it.
    shape
        What gives the geometry of one of `plots` in the system of the index.
    by
        What gives the text of each column.
    weight
        Column.
    label
        What names one of `plots`.
    where
        Condition, or nothing.
    whole
        The table isn't taken in parts.
    """
    columns = "".join(f", by{n}" for n in range(len(by)))
    given = "".join(f", {text} AS by{n}" for n, text in enumerate(by))
    quantity = f"plots.{quoted(weight)}::float8" if weight else "NULL::float8"
    part = "" if whole else "plots.ctid >= $1::tid AND plots.ctid < $2::tid"
    chosen = " AND ".join(term for term in (where, part) if term) or "TRUE"
    zones = len(index.keys)
    texts = "".join(f", by{n} text" for n in range(len(by)))
    tables = f"""
        CREATE TEMP TABLE account_piece (zone int, geom geometry) ON COMMIT DROP;
        CREATE TEMP TABLE account_grid (marks int[], kinds int[]) ON COMMIT DROP;
        CREATE TEMP TABLE account_zone (grp int, zone int) ON COMMIT DROP;
        CREATE TEMP TABLE account_rest (grp int, zone int) ON COMMIT DROP;
        CREATE TEMP TABLE account_plot (plot bigint, label text{texts}, weight float8,
            problem text, reason text, geom geometry, area float8, least float8) ON COMMIT DROP;
        CREATE TEMP TABLE account_cut (plot bigint, zone int, land float8) ON COMMIT DROP;
        CREATE TEMP TABLE account_part (plot bigint{texts}, weight float8, area float8,
            grp int, zone int, land float8, most boolean) ON COMMIT DROP"""
    finite = " AND ".join(
        f"abs({side}) < 'Infinity'" for side in ("west", "east", "south", "north")
    )
    largest = ", ".join(f"abs(ST_{side}(geom))" for side in ("XMin", "XMax", "YMin", "YMax"))
    power = f"floor(ln(least(greatest({largest}, 1), {FAR})) / ln(2.0::float8)) - 52"
    last_place = f"power(2.0::float8, {power})"
    spread = _taken_apart(f"area * weight / area / {WEIGHT_UNIT}") if weight else "0, 0"
    # No less than the least; both sides stay where their product is a number.
    more_than_thin = (
        f"least(east - west + north - south, {FAR}) * {THIN * ROUNDING_ULPS * math.ulp(1.0)!r}"
        f"::float8 * least(greatest(-west, east, -south, north, 1), {FAR})"
    )
    # OFFSET 0 keeps the planner from working things out twice. In the order of geometry (a
    # Hilbert curve) plots are by few pieces at a time.
    clear = f"""
        WITH seen AS (
            SELECT kind{columns}, weight, wrong,
                CASE WHEN kind IS NOT NULL THEN ST_Area(raw) END AS area,
                CASE WHEN kind IS NULL THEN raw END AS raw,
                CASE WHEN wrong <> '' THEN label::text END AS label
            FROM (
                SELECT *, CASE WHEN wrong = '' AND {_marked(index.grid)} = 0
                    AND ST_Area(raw) > {more_than_thin} AND ST_Area(raw) <= {LARGEST}::float8
                    THEN {_kind(index.grid)} END AS kind
                FROM (
                    SELECT *, {_cells(index.grid)}, CASE
                        WHEN raw IS NULL THEN 'missing'
                        WHEN ST_IsEmpty(raw) THEN 'empty'
                        WHEN GeometryType(raw) NOT IN ('POLYGON', 'MULTIPOLYGON')
                            THEN 'not_a_polygon'
                        WHEN NOT ({finite}) THEN 'not_finite'
                        WHEN ST_IsValid(raw) THEN ''
                        WHEN ST_AsText(raw) ~* 'nan|inf' THEN 'not_finite'
                        ELSE 'repaired' END AS wrong
                    FROM (
                        SELECT *, ST_XMin(box) AS west, ST_XMax(box) AS east,
                            ST_YMin(box) AS south, ST_YMax(box) AS north
                        FROM (
                            SELECT *, Box3D(raw) AS box
                            FROM (
                                SELECT {label} AS label{given}, {quantity} AS weight,
                                    ST_SetSRID(ST_Force2D({shape}), 0) AS raw
                                FROM {table} AS plots WHERE {chosen}
                                OFFSET 0) AS given
                            OFFSET 0) AS boxed
                        OFFSET 0) AS bounded
                    OFFSET 0) AS checked
                OFFSET 0) AS placed),
        near AS (
            INSERT INTO account_plot
            SELECT row_number() OVER (), label{columns}, weight,
                CASE flaw WHEN '' THEN problem ELSE flaw END,
                CASE flaw WHEN '' THEN reason WHEN 'too_large' THEN '{LARGE_REASON}'
                    ELSE '{THIN_REASON}' END,
                CASE flaw WHEN '' THEN geom END, CASE flaw WHEN '' THEN land END, least
            FROM (
                SELECT *, CASE WHEN geom IS NULL THEN ''
                    WHEN land > {LARGEST}::float8 THEN 'too_large'
                    WHEN land <= {THIN}::float8 * least THEN 'no_area' ELSE '' END AS flaw
                FROM (
                    SELECT *, ST_Area(geom) AS land,
                        least(ST_XMax(geom) - ST_XMin(geom) + ST_YMax(geom) - ST_YMin(geom),
                            {FAR}) * {ROUNDING_ULPS} * {last_place} AS least
                    FROM (
                        SELECT *,
                            CASE problem WHEN '' THEN raw WHEN 'repaired' THEN made END AS geom,
                            CASE WHEN problem IN ('repaired', 'no_area') THEN ST_IsValidReason(raw)
                                ELSE '' END AS reason
                        FROM (
                            SELECT *, CASE WHEN wrong = 'repaired' AND ST_IsEmpty(made)
                                THEN 'no_area' ELSE wrong END AS problem
                            FROM (
                                SELECT *, CASE wrong WHEN 'repaired' THEN ST_CollectionExtract(
                                    ST_MakeValid(raw, 'method=structure keepcollapsed=false'), 3)
                                    END AS made
                                FROM (
                                    SELECT * FROM seen WHERE kind IS NULL
                                    ORDER BY raw) AS left_over
                                OFFSET 0) AS mended
                            OFFSET 0) AS told
                        OFFSET 0) AS sound
                    OFFSET 0) AS measured
                OFFSET 0) AS sized)
        SELECT kind{columns}, {_taken_apart("area")}, count(*),
            {spread}, count(weight), {_least_wrong()}
        FROM seen WHERE kind IS NOT NULL
        GROUP BY kind{columns}"""  # noqa: S608
    # Plots by the same piece follow each other, so that it stays prepared; sums are taken in an
    # order of their own.
    cut = """
        INSERT INTO account_cut
        SELECT plot, zone, sum(land ORDER BY land) FROM (
            SELECT plot, zone, CASE
                WHEN ST_Covers(piece, geom) THEN area
                WHEN ST_Intersects(piece, geom) THEN ST_Area(ST_Intersection(piece, geom))
                ELSE 0 END AS land
            FROM (
                SELECT plot, zone, area, plots.geom, pieces.geom AS piece
                FROM account_plot AS plots JOIN account_piece AS pieces
                ON pieces.geom && plots.geom
                ORDER BY pieces.ctid
                OFFSET 0) AS pair
            OFFSET 0) AS cut
        GROUP BY plot, zone"""
    parts = f"""
        INSERT INTO account_part
        SELECT *,
            row_number() OVER (PARTITION BY plot, grp ORDER BY land DESC, zone) = 1
        FROM (
            SELECT plot{columns}, weight, area, grp, zone, land
            FROM account_plot JOIN account_cut USING (plot) JOIN account_zone USING (zone)
            WHERE land > least
            UNION ALL
            SELECT plot{columns}, weight, area, grp, {zones} + grp, area - coalesce(inside, 0)
            FROM account_plot CROSS JOIN (SELECT DISTINCT grp FROM account_zone) AS groups
            LEFT JOIN (
                SELECT plot, grp, sum(land ORDER BY zone) AS inside
                FROM account_cut JOIN account_rest USING (zone)
                GROUP BY plot, grp) AS rest USING (plot, grp)
            WHERE area - coalesce(inside, 0) > least
        ) AS part"""  # noqa: S608
    land = f"""
        SELECT zone{columns}, {_taken_apart("land")}, count(*), count(*) FILTER (WHERE most),
            {_taken_apart(f"land * weight / area / {WEIGHT_UNIT}")}, count(weight)
        FROM account_part GROUP BY zone{columns}"""  # noqa: S608
    measured = f"""
        SELECT {ALL_LAND}{columns}, {_taken_apart("area")}, count(*), 0,
            {_taken_apart(f"weight / {WEIGHT_UNIT}")}, count(weight)
        FROM account_plot WHERE area IS NOT NULL
        GROUP BY 1{columns}"""  # noqa: S608
    apart = [n for n, rest in enumerate(index.rests.values()) if max(rest) < zones]
    difference = f"""
        SELECT coalesce(sum(missed ORDER BY missed), 0) FROM (
            SELECT abs(sum(land ORDER BY zone) - min(area)) AS missed FROM account_part
            WHERE grp = ANY (ARRAY[{", ".join(map(str, apart))}]::int[])
            GROUP BY plot, grp) AS plot"""  # noqa: S608
    return Statements(
        tables=tables,
        clear=clear,
        cut=cut,
        parts=parts,
        land=land,
        whole=measured,
        wrong=f"SELECT {_least_wrong()} FROM account_plot",  # noqa: S608
        problems="SELECT label, problem, reason FROM account_plot WHERE problem <> ''",
        difference=difference,
        done="TRUNCATE account_plot, account_cut, account_part",
    )


def _taken_apart(value: str) -> str:
    whole = f"floor({value} * {2**COARSE_BITS}.0::float8)"
    fine = f"round(({value} * {2**COARSE_BITS}.0::float8 - {whole}) * {2**FINE_BITS}.0::float8)"
    return f"coalesce(sum({whole}::int8), 0), coalesce(sum({fine}::int8), 0)"


def _least_wrong() -> str:
    wrong = f"weight < 0 OR weight > {LARGEST_WEIGHT}::float8"  # not a number is above all
    return f"min(weight) FILTER (WHERE {wrong})"


def _cells(grid: ZoneGrid) -> str:
    """Give the rows and columns of a box as :meth:`ZoneGrid.look_up` does."""
    rows, columns = grid.kinds.shape
    cells = {
        "first_column": ("west", grid.west, columns),
        "last_column": ("east", grid.west, columns),
        "first_row": ("south", grid.south, rows),
        "last_row": ("north", grid.south, rows),
    }
    return ", ".join(
        f"floor(least(greatest(({side} - {begin!r}::float8) / {grid.side!r}::float8, 0), "
        f"{count - 1}))::int AS {name}"
        for name, (side, begin, count) in cells.items()
    )


def _marked(grid: ZoneGrid) -> str:
    across = grid.kinds.shape[1] + 1

    def mark(row: str, column: str) -> str:
        return f"{_whole('marks')}[({row}) * {across} + {column} + 1]"

    return (
        f"{mark('last_row + 1', 'last_column + 1')} - {mark('first_row', 'last_column + 1')}"
        f" - {mark('last_row + 1', 'first_column')} + {mark('first_row', 'first_column')}"
    )


def _kind(grid: ZoneGrid) -> str:
    return f"{_whole('kinds')}[first_row * {grid.kinds.shape[1]} + first_column + 1]"


def _whole(array: str) -> str:
    """Give an array as one value in memory: as it is stored, every look-up would unpack it."""
    return f"(SELECT {array} || '{{}}'::int[] FROM account_grid)"  # noqa: S608
