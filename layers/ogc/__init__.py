"""OGC API - Features: the layers of the exported files, answered by pygeoapi from memory.

`collections` makes the layers ready, `table` selects from one, `provider` is what pygeoapi asks,
`config` tells pygeoapi what there is, `pages` draws HTML, `server` answers requests.
"""
