"""A run as something to show or to use elsewhere: film, contact sheet, and its generator. Knows no window.

The first eleven read run folders and know no torch; the others are imported when a generator is taken elsewhere.

    options.py   which epochs are shown, how fast, and what may be asked for
    timeline.py  what is told of a run: words, epochs, curves
    axes.py      ranges and ticks of a plot
    style.py     colors, letters, smooth lines
    legend.py    the words of a plot and its values at a moment
    chart.py     one plot: pale as a whole, strong up to a moment
    frames.py    where everything stands in a picture of the film
    palette.py   256 colors for all pictures of a GIF
    encoders.py  pictures become MP4 or GIF
    film.py      the film
    sheet.py     the contact sheet
    path_film.py, samples.py   a walk through latent space; samples as a picture, as arrays, as a walk
    generator_module.py   z and labels to pictures from 0 to 1
    onnx_file.py   a generator as ONNX
    script.py, script_text.py   a generator as weights with a short script

Whoever saves iterates: each ``Progress`` says how many pictures of how many are done, and closing the generator
cancels, which leaves nothing behind.
"""

from engine.export.film import film, last_picture, preview, save
from engine.export.options import KINDS, ExportOptions, seconds_of
from engine.export.sheet import contact_sheet

__all__ = ["KINDS", "ExportOptions", "contact_sheet", "film", "last_picture", "preview", "save", "seconds_of"]
