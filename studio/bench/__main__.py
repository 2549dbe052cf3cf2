"""``python -m studio.bench`` measures the window and prints JSON; its start begins here, with no other import."""

import json
import sys

from studio.bench import SEARCH, SHORT, STYLE, SWITCH

if __name__ == "__main__":
    if SEARCH in sys.argv:
        from studio.bench import search_page

        print(json.dumps(search_page.measure()))
    elif STYLE in sys.argv:
        from studio.bench import style_page

        print(json.dumps(style_page.measure()))
    elif SWITCH in sys.argv:
        from studio.bench import switching

        print(json.dumps(switching.measure()))
    else:
        from studio.bench import window

        print(json.dumps(window.measure(is_short=SHORT in sys.argv)))
