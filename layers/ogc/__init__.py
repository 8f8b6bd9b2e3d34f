"""OGC API - Features: the layers of the exported files, answered by pygeoapi from memory.

`collections` makes the layers ready, `places` and `selection` choose from one, `provider` is what
pygeoapi asks, `config` tells pygeoapi what there is, `parameters` checks what is asked, `pages`
draws HTML, `server` answers, `running` listens.
"""
