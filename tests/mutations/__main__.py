"""``python -m tests.mutations``: draw faults, run the tests against each, tell which survived.

One that was noticed before, in code as it is now, is not asked about again: a check that was cut short goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import signal
import sys
import time
from collections import Counter
from collections.abc import Sequence

from tests.mutations import check
from tests.mutations.memory import Noticed
from tests.mutations.operators import Mutant, mutants
from tests.mutations.targets import files_of_tests, is_equivalent, targets

SIZE, SEED, BAR = 200, 20261126, 0.9


def main() -> int:
    """Return 0 where enough of the sample was noticed."""
    asked = _arguments()
    known = [m for path in targets() if asked.only in path for m in mutants(path) if not is_equivalent(m)]
    sample = drawn(known, asked.size if asked.size > 0 else len(known), asked.seed)
    part, parts = map(int, asked.part.split("/"))
    sample = sorted(sample[part - 1 :: parts], key=lambda mutant: (mutant.path, mutant.number))
    _tell(f"{len(sample)} of {len(known)} faults, seed {asked.seed}")
    if asked.list:
        print(*sample, sep="\n")
        return 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("cut short: the next check goes on"))
    check.load_libraries()
    files = [file for file in files_of_tests() if any(part in file for part in asked.tests.split(","))]
    tested = check.KnownTests(files, targets(), _tell)
    before = Noticed()
    _tell(f"noticed before: {sum(mutant in before for mutant in sample)}, after {before.file}")
    survivors = [m for m in sample if (asked.anew or m not in before) and not _is_noticed(m, tested, before)]
    return _report(sample, survivors)


def drawn(known: Sequence[Mutant], size: int, seed: int) -> list[Mutant]:
    """Return ``size`` of ``known``. Chance hangs on each fault alone: a sample stays when other code changes."""
    seen: Counter[tuple[str, str, str]] = Counter()
    ranks: dict[Mutant, str] = {}
    for mutant in known:
        what = (mutant.path, mutant.where or mutant.name, mutant.change)
        ranks[mutant] = hashlib.sha256(f"{seed} {what} {seen[what]}".encode()).hexdigest()
        seen[what] += 1
    return sorted(known, key=ranks.__getitem__)[:size]


def _is_noticed(mutant: Mutant, tested: check.KnownTests, noticed: Noticed) -> bool:
    begin, asked, by = time.monotonic(), 0, ""
    for tests in tested.near_and_far(mutant):
        asked += len(tests)
        if by := check.noticed_by(mutant, tests):
            noticed.add(mutant)
            break
    verdict = f"by {by}" if by else f"by none of {asked} tests"
    _tell(f"{'killed' if by else 'SURVIVED':8} {mutant}   ({verdict}, {time.monotonic() - begin:.0f} s)")
    return bool(by)


def _report(sample: list[Mutant], survivors: list[Mutant]) -> int:
    drawn, lived = (Counter(mutant.path for mutant in group) for group in (sample, survivors))
    for path, count in sorted(drawn.items()):
        _tell(f"{count - lived[path]:4} of {count:3}  {path}")
    print("\nSurvived:", *survivors, sep="\n")
    share = 1 - len(survivors) / len(sample)
    _tell(f"noticed: {len(sample) - len(survivors)} of {len(sample)}, {share:.1%}; bar {BAR:.0%}")
    return int(share < BAR)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("--size", type=int, default=SIZE, help="how many faults, 0 for all (%(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="which ones (%(default)s)")
    parser.add_argument("--part", default="1/1", help="a part of them, such as 2/4, for a process of its own")
    parser.add_argument("--only", default="", help="faults in modules whose path contains this")
    parser.add_argument("--tests", default="", help="tests in files whose path contains one of these, with commas")
    parser.add_argument("--anew", action="store_true", help="ask also about those that were noticed before")
    parser.add_argument("--list", action="store_true", help="tell the sample, and run nothing")
    return parser.parse_args()


def _tell(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
