"""Train the judge of the drawn faces on all parts that they are made of, and write faces.safetensors.

The color of the hair alone would teach it features that see no face. So while it learns, further heads read hair,
eyes, mouth … from the same features; only the head for the color of the hair is kept. Usage: run this file.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from engine.datasets import faces
from engine.evaluation.distances import moments
from engine.evaluation.judge import FEATURES, SHIPPED, Judge
from engine.pictures import as_pictures

EPOCHS, BATCH, PEAK_LR, SHIFT, HELD_OUT = 6, 48, 4e-3, 2, 10


def shifted(images: torch.Tensor) -> torch.Tensor:
    """Move each batch of images uint8 [N, 3, 64, 64] by up to SHIFT pixels and return floats in [-1, 1]."""
    moves = torch.randint(-SHIFT, SHIFT + 1, (2,)).tolist()
    return torch.roll(images, moves, (2, 3)).float() / 127.5 - 1


def main() -> None:
    """Train for some minutes, print how each part of faces that it did not learn from is read, write the file."""
    torch.manual_seed(0)
    pixels, labels = faces.load()
    drawn = np.load(faces.PATH.with_name("parts.npz"))
    parts = {name: np.unique(drawn[name], return_inverse=True) for name in drawn.files}
    judge = Judge(int(labels.max()) + 1, 3)
    heads = nn.ModuleDict({name: nn.Linear(FEATURES, len(kinds)) for name, (kinds, _) in parts.items()})
    targets = {name: torch.from_numpy(found) for name, (_, found) in parts.items()}
    images, hair = torch.from_numpy(pixels), torch.from_numpy(labels)
    held_out = torch.arange(len(images)) % HELD_OUT == 0
    learned, left = (~held_out).nonzero()[:, 0], held_out.nonzero()[:, 0]
    optimizer = torch.optim.AdamW([*judge.parameters(), *heads.parameters()], lr=PEAK_LR, weight_decay=1e-2, fused=True)
    steps = EPOCHS * (len(learned) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, PEAK_LR, steps, pct_start=0.2)
    for epoch in range(1, EPOCHS + 1):
        judge.train()
        for pick in learned[torch.randperm(len(learned))][: len(learned) // BATCH * BATCH].split(BATCH):
            with torch.autocast("cpu", torch.bfloat16):
                seen, features = judge(shifted(images[pick]))
            seen, features = seen.float(), features.float()
            losses = [F.cross_entropy(heads[name](features), target[pick]) for name, target in targets.items()]
            loss = F.cross_entropy(seen, hair[pick]) + torch.stack(losses).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch} of {EPOCHS}: loss {loss.item():.2f}", flush=True)
    read, features = judge.eval().predict(as_pictures(pixels[left]))
    print(f"color of hair: {np.mean(read == labels[left]):.2%}")
    for name, head in heads.items():
        right = (head(torch.from_numpy(features)).argmax(1) == targets[name][left]).float().mean()
        print(f"{name}: {right:.2%} of {len(parts[name][0])} kinds")
    judge.set_reference(moments(judge.predict(as_pictures(pixels))[1]))
    save_file({name: tensor.contiguous() for name, tensor in judge.state_dict().items()}, SHIPPED["faces"].path)


if __name__ == "__main__":
    main()
