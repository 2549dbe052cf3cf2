"""The training loop of a run as text: only what its options ask for. The names in capitals are options.

``tests/engine/test_code.py`` runs what is written here beside the engine's own steps.
"""

from __future__ import annotations

from textwrap import indent

from engine.code.networks import NetworkText
from engine.config import Config
from engine.i18n import tr
from engine.losses import LOSSES

_PLACE = "        "
_USUAL_EPSILON = 1e-8  # of torch
_Z = "torch.randn(BATCH_SIZE, Z_DIM, generator=random)"


class LoopText:
    """Writes the loop of ``config`` with the players ``g`` and ``d``."""

    def __init__(self, config: Config, g: NetworkText, d: NetworkText, *, channels_last: bool) -> None:
        self._config, self._g, self._d, self._channels_last = config, g, d, channels_last
        self._is_simultaneous = config.update_order == "simultaneous"
        self._several_d = config.d_steps > 1 and not self._is_simultaneous
        self._several_g = config.g_steps > 1 and not self._is_simultaneous
        self._has_classes = d.tells_class and config.aux_classifier_weight > 0
        self.changes_images = config.augment != "none" or config.instance_noise > 0
        """Whether D sees something else than the images as they are."""

    def text(self) -> str:
        """Return the function ``train``."""
        step = self._simultaneous() if self._is_simultaneous else self._alternating()
        return "\n".join([*self._beginning(), *(f"{_PLACE}{line}".rstrip() for line in step)])

    # --- before the first step

    def _beginning(self) -> list[str]:
        c = self._config
        says = tr("Train, and give after each step both losses and the generator to look at.")
        lines = ["def train(images, labels, steps=STEPS):", f'    """{says}"""']
        lines += [f"    torch.manual_seed(SEED)  # {tr('first weights, and dropout')}"]
        lines += self._players()
        if c.spectral_norm:
            lines += [
                "    for layer in list(D.modules()):",
                "        if isinstance(layer, (nn.Linear, nn.Conv2d, nn.Embedding)):",
            ]
            lines += [f"            spectral_norm(layer)  # {tr('its largest singular value becomes 1')}"]
        if self._channels_last:
            note = tr("faster")
            lines += [f"    G, D = (player.to(memory_format=torch.channels_last) for player in (G, D))  # {note}"]
        if not c.training_mode:
            lines += [f"    G.eval(), D.eval()  # {tr('training mode forgotten, as in this recipe')}"]
        epsilon = "" if c.adam_epsilon == _USUAL_EPSILON else ", eps=ADAM_EPSILON"
        for player in "gd":
            betas = (getattr(c, f"{player}_beta1"), getattr(c, f"{player}_beta2"))
            lr = f"{player.upper()}_LR, betas={betas}{epsilon}"
            lines += [f"    {player}_adam = torch.optim.Adam({player.upper()}.parameters(), lr={lr})"]
        if self._has_average:
            lines += ["    average = copy.deepcopy(G).eval()"]
        lines += [f"    random = torch.Generator().manual_seed(SEED)  # {tr('z, and what else is left to chance')}"]
        if self._several_d:
            return [*lines, "    pictures = batches(images, labels)", "    for step in range(steps):"]
        return [*lines, "    for step, (real, label) in zip(range(steps), batches(images, labels)):"]

    def _players(self) -> list[str]:
        """Return what makes both, each with its first weights before the next draws its own."""
        g, d = self._g, self._d
        of_d = [f"    {d.first_weights.__name__}(D)"] if d.first_weights else []
        if g.first_weights is None:
            return [f"    G, D = {g.name}(), {d.name}()", *of_d]
        return [f"    G = {g.name}()", f"    {g.first_weights.__name__}(G)", f"    D = {d.name}()", *of_d]

    @property
    def _has_average(self) -> bool:
        return self._config.ema_halflife_kimg > 0

    # --- the step

    def _alternating(self) -> list[str]:
        lesson = [*self._d_lesson(through=False), *self._d_update()]
        if self._several_d:
            lesson = [
                "d_losses = []",
                "for _ in range(D_STEPS):",
                *_indented([*lesson, "d_losses.append(d_loss.item())"]),
            ]
        exam = self._g_exam()
        if self._several_g:
            exam = ["g_losses = []", "for _ in range(G_STEPS):", *_indented([*exam, "g_losses.append(g_loss.item())"])]
        d_says = tr("D learns: what is real shall be called real, and what G drew, generated.")
        g_says = tr("G learns: D is frozen and tells how its pictures would look more real.")
        rest = ["D.requires_grad_(False)", *exam, "D.requires_grad_(True)"]
        return [*self._schedule(), f"# {d_says}", *lesson, f"# {g_says}", *rest, *self._ending()]

    def _simultaneous(self) -> list[str]:
        says = tr("Both learn from the same pictures: each gradient is taken before either player moves.")
        g_total, classes = "g_loss", self._class_loss("fake", "label")
        lines = [*self._schedule(), f"# {says}", *self._d_lesson(through=True)]
        lines += [f"g_loss = {self._g_formula()}"]
        if classes:
            lines, g_total = [*lines, f"g_total = g_loss{classes}"], "g_total"
        update = [
            "d_adam.zero_grad()",
            f"{self._d_total}.backward(inputs=list(D.parameters()), retain_graph=True)",
        ]
        g_update = ["g_adam.zero_grad()", f"{g_total}.backward(inputs=list(G.parameters()))"]
        if self._config.d_skip_loss > 0:
            lines += [f"skips = d_loss.item() < D_SKIP_LOSS  # {tr('a D that is far ahead waits')}"]
            lines += ["if not skips:", *_indented(update), *g_update, "if not skips:", "    d_adam.step()"]
            return [*lines, "g_adam.step()", *self._ending()]
        return [*lines, *update, *g_update, "d_adam.step()", "g_adam.step()", *self._ending()]

    def _schedule(self) -> list[str]:
        c, lines = self._config, []
        done = f"step * BATCH_SIZE{' * D_STEPS' if c.d_steps > 1 else ''} / TOTAL_IMAGES"
        if c.instance_noise:
            lines, done = [f"done = {done}  # {tr('share of the training')}"], "done"
        if c.lr_decay_start < 1:
            left = f"min(1.0, (1.0 - {done}) / (1.0 - LR_DECAY_START))"
            left = left if c.lr_decay_shape == "line" else f"0.5 - 0.5 * math.cos(math.pi * {left})"
            lines += [f"falls = {left}"]
            lines += ['g_adam.param_groups[0]["lr"], d_adam.param_groups[0]["lr"] = G_LR * falls, D_LR * falls']
        return lines

    # --- D

    def _d_lesson(self, *, through: bool) -> list[str]:
        """Return the lines up to D's loss; ``through``: what D says of G's pictures shall teach G, too."""
        c, reuses = self._config, through or self._config.g_batch_source == "same"
        lines = ["real, label = next(pictures)"] if self._several_d else []
        drawn = [f"fake = {self._drawn(_Z, 'label')}"]
        if c.eval_opponent:
            drawn = ["G.eval()", *drawn, "G.train()"] if c.training_mode else ["G.eval()", *drawn]
        lines += drawn if reuses else ["with torch.no_grad():", *_indented(drawn)]
        judged = "fake" if through or not reuses else "fake.detach()"
        smoothing = "LABEL_SMOOTHING" if c.label_smoothing else "0.0"
        loss = f"loss_of_d(on_real, on_fake, {smoothing})"
        lines += [*self._verdicts(judged), f"d_loss = {'0.5 * ' if c.d_loss_over == 'mean' else ''}{loss}"]
        extra = self._class_loss("real", "label")
        if self._d_total != "d_loss":
            lines += [f"d_total = d_loss{extra}"]
        if c.r1_gamma > 0:
            weight = "0.5 * R1_GAMMA * R1_INTERVAL"
            lines += ["if real.requires_grad:", f"    d_total = d_total + {weight} * r1_penalty(on_real, real)"]
        if self._has_critic_penalty:
            verdict = f"{self._seen_raw('images', 'label')}{'[0]' if self._d.tells_class else ''}"
            lines += ["share = torch.rand(len(real), 1, 1, 1, generator=random)"]
            penalty = f"critic_penalty(lambda images: {verdict}, real, fake, share)"
            lines += [f"d_total = d_total + GP_WEIGHT * {penalty}"]
        return lines

    @property
    def _has_critic_penalty(self) -> bool:
        return LOSSES[self._config.loss].is_critic and self._config.gp_weight > 0

    @property
    def _d_total(self) -> str:
        is_more = self._has_classes or self._config.r1_gamma > 0 or self._has_critic_penalty
        return "d_total" if is_more else "d_loss"

    def _verdicts(self, judged: str) -> list[str]:
        c = self._config
        apart = [
            f"on_real{self._class_name('real')} = {self._seen('real', 'label')}",
            f"on_fake{self._class_name('fake')} = {self._seen(judged, 'label')}",
        ]
        matters = self._d.needs_batches or self.changes_images or c.spectral_norm
        joined = self._joined(judged) if c.concat_real_fake and matters else apart
        if c.r1_gamma <= 0:
            return joined
        lines = ["real.requires_grad_(step % R1_INTERVAL == 0)"]
        if joined is apart:
            return [*lines, *apart]
        return [*lines, "if real.requires_grad:", *_indented(apart), "else:", *_indented(joined)]

    def _joined(self, judged: str) -> list[str]:
        label = "torch.cat([label, label])"
        if not self._d.tells_class:
            return [f"on_real, on_fake = {self._seen(f'torch.cat([real, {judged}])', label)}.chunk(2)"]
        return [
            f"said, classes = {self._seen(f'torch.cat([real, {judged}])', label)}",
            "(on_real, on_fake), (class_real, class_fake) = said.chunk(2), classes.chunk(2)",
        ]

    def _class_name(self, kind: str) -> str:
        return f", class_{kind}" if self._d.tells_class else ""

    def _d_update(self) -> list[str]:
        lines = ["d_adam.zero_grad()", f"{self._d_total}.backward()", "d_adam.step()"]
        if self._config.d_skip_loss > 0:
            return [f"if d_loss.item() >= D_SKIP_LOSS:  # {tr('a D that is far ahead waits')}", *_indented(lines)]
        return lines

    # --- G

    def _g_exam(self) -> list[str]:
        c, label, lines = self._config, "label", []
        if c.g_batch_source != "same":
            double = c.g_batch_source == "double"
            label = "torch.cat([label, label])" if double else "label"
            z = _Z.replace("BATCH_SIZE", "2 * BATCH_SIZE") if double else _Z
            lines += [f"fake = {self._drawn(z, label)}"]
        verdict = [f"on_fake{self._class_name('fake')} = {self._seen('fake', label)}"]
        if c.eval_opponent:
            verdict = ["D.eval()", *verdict, *(["D.train()"] if c.training_mode else [])]
        lines += [*verdict, f"g_loss = {self._g_formula()}", "g_adam.zero_grad()"]
        total = f"(g_loss{classes})" if (classes := self._class_loss("fake", label)) else "g_loss"
        return [*lines, f"{total}.backward()", "g_adam.step()"]

    def _g_formula(self) -> str:
        return "loss_of_g(on_real.detach(), on_fake)"

    # --- shared

    def _drawn(self, z: str, label: str) -> str:
        return f"G({z}, {label})" if self._g.takes_labels else f"G({z})"

    def _seen(self, images: str, label: str) -> str:
        noise = ", INSTANCE_NOISE * (1 - done)" if self._config.instance_noise else ""
        return self._seen_raw(f"changed({images}, random{noise})" if self.changes_images else images, label)

    def _seen_raw(self, images: str, label: str) -> str:
        return f"D({images}, {label})" if self._d.takes_labels else f"D({images})"

    def _class_loss(self, kind: str, label: str) -> str:
        if not self._has_classes:
            return ""
        return f" + AUX_CLASSIFIER_WEIGHT * F.cross_entropy(class_{kind}, {label})"

    def _ending(self) -> list[str]:
        lines, shown = [], "G"
        if self._has_average:
            shown, each = "average", "BATCH_SIZE" + (" * D_STEPS" if self._config.d_steps > 1 else "")
            lines = [f"follow(average, G, (step + 1) * {each}, {each})"]
        d = "sum(d_losses) / len(d_losses)" if self._several_d else "d_loss.item()"
        g = "sum(g_losses) / len(g_losses)" if self._several_g else "g_loss.item()"
        return [*lines, f"yield {d}, {g}, {shown}"]


def _indented(lines: list[str]) -> list[str]:
    return indent("\n".join(lines), "    ").split("\n")
