"""Entry of the application: page set-up and navigation, nothing else.

Streamlit runs this file as a script for every session. The server imports it once, and finds the
application with the one route that pages need beside Streamlit's own.
"""

from contextlib import suppress

import streamlit as st

from layers import navigation
from layers.assets import use_local_scripts
from layers.plot_tiles import route
from layers.shell import guarded, set_up
from layers.state import language
from layers.words import words

if __name__ == "__main__":
    set_up()
    page = navigation.register(words(language()))
    with guarded():
        page.run()
else:
    navigation.ignore_files()
    with suppress(OSError):  # a page that needs them says why it can't
        use_local_scripts()
    app = st.App(__file__, routes=route.routes())
