"""The application on data that attacks. Run as a module; options are those of Streamlit."""

from __future__ import annotations

import sys
from unittest import mock

from streamlit.web.cli import main

from geo.snapshot import load_province, snapshot
from layers import store
from tests.hostile import attack_province, attack_snapshot

if __name__ == "__main__":
    # `store` is imported once a process, so the pages use what stands in its names here.
    mock.patch.object(
        store,
        "load_province",
        lambda key, **options: attack_province(load_province(key, **options)),
    ).start()
    mock.patch.object(
        store,
        "snapshot",
        lambda province, as_of: attack_snapshot(snapshot(province, as_of)),
    ).start()
    main(["run", "app.py", *sys.argv[1:]])
