"""``python -m studio.bench`` measures the window and prints JSON."""

import json

from studio.bench.window import measure

if __name__ == "__main__":
    print(json.dumps(measure()))
