"""Entry of the application: page set-up and navigation, nothing else."""

from layers import navigation
from layers.shell import guarded, set_up
from layers.state import language
from layers.words import words

set_up()
page = navigation.register(words(language()))
with guarded():
    page.run()
