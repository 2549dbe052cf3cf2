"""``python -m studio.bench`` measures the window and prints JSON."""

import json
import sys

from studio.bench import SHORT
from studio.bench.window import measure

if __name__ == "__main__":
    print(json.dumps(measure(is_short=SHORT in sys.argv)))
