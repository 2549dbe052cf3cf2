"""The lab report of a run: one HTML file with all that a run tells, its pictures in it. Knows no window and no torch.

``written`` makes the page in the language of the moment; whoever prints it as PDF does so from that page.
"""

from engine.report.page import save_html, written

__all__ = ["save_html", "written"]
