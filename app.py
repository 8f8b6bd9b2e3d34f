"""Entry of the application: page set-up and navigation, nothing else."""

import streamlit as st

from layers.shell import guarded, set_up

set_up()
page = st.navigation([st.Page("pages/map.py", title="Bản đồ", default=True)], position="hidden")
with guarded():
    page.run()
