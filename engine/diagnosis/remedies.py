"""Which options to move against a trouble. Leans on values that are known to work with the same architecture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.architectures import ARCHITECTURES
from engine.config import OPTIONS, Config
from engine.config.defaults import following
from engine.datasets.info import DatasetInfo
from engine.losses import LOSSES
from engine.recipes import RECIPES, working

Values = Mapping[str, Any]

_LESS = 0.3
_RATES = ("g_lr", "d_lr")
_WEAK_PENALTY = 1.0  # of a critic's gradient; the usual one is 10


def apply_remedy(config: Config, values: Values) -> Config:
    """Return ``config`` with a cure; what was made to fail then bears the name of the recipe that works."""
    own = RECIPES.get(config.recipe)
    fails = own is not None and own.failure_mode
    return config.changed(**values, **({"recipe": proven_options(config).recipe} if fails else {}))


def has_weak_penalty(config: Config) -> bool:
    """Whether D is a Wasserstein critic that hardly anything holds back."""
    return LOSSES[config.loss].is_critic and not config.spectral_norm and config.gp_weight < _WEAK_PENALTY


def after_not_finite(config: Config) -> Mapping[str, float]:
    """Return the live options to change after a number became NaN or infinite, before going on or beginning again.

    The only source of this cure: of the event that ends the training, of the diagnosis, of every command and message.
    """
    proven = proven_options(config)
    if has_weak_penalty(config):
        return {"gp_weight": proven.gp_weight, **_high_rates(config, proven)}
    return {name: rounded(name, value) for name, value in _lower_rates(config, proven).items()}


def _moves(config: Config, values: Values) -> bool:
    return any(value != getattr(config, name) for name, value in values.items())


def proven_options(config: Config) -> Config:
    """Return the options of the first working recipe with the same architecture, and what goes with the loss.

    Where there is none, those that the architecture declares.
    """
    entry = next((entry for entry in working() if entry.architecture == config.architecture), None)
    return (
        entry.config(loss=config.loss)
        if entry
        else Config.of({"architecture": config.architecture, "loss": config.loss})
    )


def rounded(name: str, value: Any) -> Any:
    """Keep a value in its range, and short enough to be read."""
    if OPTIONS[name].kind is not float:
        return value
    low, high = OPTIONS[name].minimum or 0.0, OPTIONS[name].maximum or value
    return float(f"{min(max(value, low), high):.2g}")


def _lower_rates(config: Config, proven: Config) -> dict[str, float]:
    """Each learning rate that is higher goes back to what works; where none is, both go lower."""
    return _high_rates(config, proven) or {name: _LESS * getattr(config, name) for name in _RATES}


def _high_rates(config: Config, proven: Config) -> dict[str, float]:
    return {name: getattr(proven, name) for name in _RATES if getattr(config, name) > getattr(proven, name)}


def not_finite(config: Config, proven: Config, facts: DatasetInfo) -> Values:
    """Return what ``after_not_finite`` says."""
    return after_not_finite(config)


def slow_down(config: Config, proven: Config, facts: DatasetInfo) -> Values:
    """Lower the rates."""
    return _lower_rates(config, proven)


def _lower(rate: float, proven: float) -> float:
    return proven if rate > proven else _LESS * rate


def hold_back(config: Config, proven: Config, facts: DatasetInfo) -> Values:
    """Take the penalty that works."""
    return {"gp_weight": proven.gp_weight}


def weaken_d(config: Config, proven: Config, facts: DatasetInfo) -> Values:
    """G learns at the rate that works, and D no faster than that."""
    rates = {"g_lr": max(config.g_lr, proven.g_lr), "d_lr": _lower(config.d_lr, proven.d_lr)}
    return rates | _steady(config, proven, facts)


def _steady(config: Config, proven: Config, facts: DatasetInfo) -> dict[str, Any]:
    """Return what keeps a duel from collapsing as soon as it is balanced: short memories, a smooth and a reading D."""
    memory = {name: min(getattr(config, name), getattr(proven, name), 0.5) for name in ("g_beta1", "d_beta1")}
    return memory | _smooth(config, proven) | _reading(config, proven, facts)


def _reading(config: Config, proven: Config, facts: DatasetInfo) -> dict[str, Any]:
    """Return the class loss, where D can say which class it sees."""
    if ARCHITECTURES[config.architecture].reads_classes and facts.class_names:
        return {"aux_classifier_weight": config.aux_classifier_weight or proven.aux_classifier_weight}
    return {}


def _smooth(config: Config, proven: Config) -> dict[str, Any]:
    """Return R1, where D judges each image by itself; noise on what D sees, where it cannot."""
    if ARCHITECTURES[config.architecture].batch_norm_in_d or LOSSES[config.loss].is_critic:
        return {"instance_noise": max(config.instance_noise, 0.1)}
    return {"r1_gamma": config.r1_gamma or proven.r1_gamma or 1.0}


def strengthen_d(config: Config, proven: Config, facts: DatasetInfo) -> Values:
    """D learns at the rate that works, and G no faster than that."""
    rates = {"d_lr": max(config.d_lr, proven.d_lr), "g_lr": min(config.g_lr, proven.g_lr)}
    rates = rates if _moves(config, rates) else {"g_lr": _LESS * config.g_lr}
    return rates | _steady(config, proven, facts)


def raise_rates(config: Config, proven: Config, facts: DatasetInfo) -> Values:
    """Both learn at the rates that work, or faster where they do already."""
    proven_rates = {"g_lr": max(config.g_lr, proven.g_lr), "d_lr": max(config.d_lr, proven.d_lr)}
    return proven_rates if _moves(config, proven_rates) else {"g_lr": config.g_lr / _LESS, "d_lr": config.d_lr / _LESS}


def widen(config: Config, proven: Config, facts: DatasetInfo) -> Values:
    """Against collapse: the proven memory of Adam and rates, a smooth D, and a class loss where there are classes."""
    names = ["g_lr", "d_lr", "g_beta1", "g_beta2", "d_beta1", "d_beta2"]
    back: dict[str, Any] = {name: getattr(proven, name) for name in names} | _smooth(config, proven)
    back |= _reading(config, proven, facts)
    return back if _moves(config, back) else _lower_rates(config, proven)


def teach_labels(config: Config, proven: Config, facts: DatasetInfo) -> Values:
    """Take true labels and the class loss, with an architecture whose D reads classes."""
    if config.label_noise:
        return {"label_noise": 0.0}
    if ARCHITECTURES[config.architecture].reads_classes:
        return {"aux_classifier_weight": max(1.0, 3 * config.aux_classifier_weight)}
    own = ARCHITECTURES[config.architecture].takes_points
    readers = (name for name, known in ARCHITECTURES.items() if known.reads_classes and known.takes_points == own)
    reader = next(readers, None)
    if reader is None:
        return _lower_rates(config, proven)
    return {"architecture": reader, **following(config, reader, config.loss), "aux_classifier_weight": 1.0}


def more_images(config: Config, proven: Config, facts: DatasetInfo) -> Values:
    """Use all images there are, in epochs as long as usual; where they are used already, show each in many ways."""
    if config.max_images:
        names = ("sample_every", "checkpoint_every")
        usual = {name: getattr(proven, name) for name in names} | {"epochs": min(config.epochs, proven.epochs)}
        return {"max_images": 0, **usual}
    architecture = ARCHITECTURES[config.architecture]
    if architecture.is_multi_scale or architecture.takes_points:
        return {"instance_noise": 0.2}
    return {"augment": "translation,cutout"}


def calm(config: Config, proven: Config, facts: DatasetInfo) -> Values:
    """Lower rates that fall toward the end, and an average of what G has been."""
    rest = {"lr_decay_start": min(config.lr_decay_start, 0.25), "ema_halflife_kimg": config.ema_halflife_kimg or 20.0}
    return {**_lower_rates(config, proven), **_smooth(config, proven), **rest}
