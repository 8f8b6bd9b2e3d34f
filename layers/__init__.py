"""How things are shown: map layers, legend, styles, words and safe HTML."""
