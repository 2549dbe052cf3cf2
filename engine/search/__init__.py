"""Searches for better options: Optuna chooses, Duelo trains, judges and stops what goes wrong. Knows no window.

    knobs.py       which options vary, in which range, and what a person types for it
    plan.py        what is searched: options to begin with, knobs, objective, length of a trial
    records.py     what is told of a trial, and the events of a search
    places.py      where a search may lie, as text, and without its password
    storages.py    what is there, opened; and what is said when it cannot be reached
    opening.py     studies in a storage: begun, joined, found again
    keeping.py     a whole search: called otherwise, into the trash and back
    study.py       one of them: read while others work on it, asked for trials and told of them
    samplers.py    what chooses the next values, and what says that a trial is worse than others
    objectives.py  what is searched for: one number of a trial
    evaluators.py  the judge, which serves all trials
    claims.py      who works on which trial, and whose process is gone
    trial.py       one trial: a training that is judged, and stopped where it leads nowhere
    search.py      a worker: trial after trial until its minutes are over
    calibration.py how long a trial takes on this machine
    why.py         what was found, and why: importance, axes, slices, contours, a sentence

``storages``, ``opening``, ``keeping``, ``study``, ``samplers`` and ``search`` import Optuna, which takes a fifth of a
second and more: import them late. This package itself imports nothing.
"""
