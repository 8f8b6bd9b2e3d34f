"""The kept workspace: what users bring in, as revisions that can be undone, and their scenarios.

`data.workspace.change` says what a revision holds, `data.workspace.store` keeps revisions in a
GeoPackage file or in PostGIS, `data.workspace.merge` lays them over the bundled facts.
"""
