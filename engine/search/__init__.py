"""Searches for better options: Optuna chooses, Duelo trains, judges and stops what goes wrong. Knows no window.

    knobs.py       which options vary, in which range, and what a person types for it
    plan.py        what is searched: options to begin with, knobs, objective, length of a trial
    records.py     what is told of a trial, and the events of a search
    storages.py    where studies lie, and what is said when they cannot be reached
    study.py       a study of ours in a storage: opened, read while others work on it, asked and told
    claims.py      who works on which trial, and whose process is gone
    trial.py       one trial: a training that is judged, and stopped where it leads nowhere
    search.py      a worker: trial after trial until its minutes are over
    calibration.py how long a trial takes on this machine
    why.py         what was found, and why: importance, axes, slices, contours, a sentence

Only ``storages``, ``study``, ``samplers`` and ``why`` import Optuna, which takes a fifth of a second and more: import
them late. This package itself imports nothing.
"""
