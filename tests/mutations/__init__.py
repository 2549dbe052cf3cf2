"""Would the tests notice? Small faults are put into the code, one at a time, and the tests that run there must fail.

``python -m tests.mutations`` draws a seeded sample, ``--help`` says how to look closer; nothing in the working tree
changes. Own code because the two libraries for this do not fit: mutmut leaves decorated functions and everything in
a dataclass alone, a third of ours, and knows no sample; cosmic-ray changes the files where they lie, and starts
Python, torch and Qt anew for each fault, which takes longer than most of our tests.
"""
