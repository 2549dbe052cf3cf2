"""The networks of both players: what is known of each architecture stands in ``ARCHITECTURES``, without torch.

The module of an architecture's networks has two functions of a config and the data's ``DatasetInfo``, ``generator`` and
``discriminator``, which return a new ``torch.nn.Module`` or raise ``UserError`` when such images cannot be made.

A generator maps z float32 ``[N, z_dim]`` and labels int64 ``[N]`` to images ``[N, C, H, W]`` in the range of its output
(option ``output``); a discriminator maps images and labels to a ``DiscriminatorOutput``. Labels are -1 where the data
have none, and unconditional architectures ignore them. Everything a player has learned is in its ``state_dict``.
Beyond that

- a progressive architecture has ``levels``, their number, and ``grow(level)`` in both players;
- a multi-scale one has ``all_scales(z, labels)`` in G, the images that D is to see instead of G's plain ones, and
  ``prepare(images)`` in D, which makes such images of real ones;
- a ``generator.Generator`` tells its ``first_affine`` layer and its ``features``, for directions and maps.
"""

from engine.architectures.own import OWN
from engine.architectures.spec import Architecture
from engine.registry import Registry

__all__ = ["ARCHITECTURES", "Architecture"]

ARCHITECTURES = Registry("duelo.architectures", Architecture, OWN)
