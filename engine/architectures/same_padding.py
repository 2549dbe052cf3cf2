"""Convolutions with TensorFlow's padding "same", asymmetric where TensorFlow's is. Knows no architecture."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F


class SameConv2d(nn.Conv2d):
    """A convolution from ``[N, C, H, W]`` to sides of ceil(side / stride).

    Around a side come max((ceil(side / stride) - 1) · stride + kernel - side, 0) zeros in all, the odd one after it
    (tensorflow.org/api_docs/python/tf/nn, "Notes on padding").
    """

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int = 1, *, bias: bool = True) -> None:
        super().__init__(in_channels, out_channels, kernel, stride, bias=bias)

    def forward(self, input: Tensor) -> Tensor:
        """Return the convolution of ``input`` ``[N, C, H, W]``."""
        top, bottom = self.around(input.shape[2])
        left, right = self.around(input.shape[3])
        if (top, left) == (bottom, right):
            return F.conv2d(input, self.weight, self.bias, self.stride, (top, left))
        return F.conv2d(F.pad(input, (left, right, top, bottom)), self.weight, self.bias, self.stride)

    def around(self, side: int) -> tuple[int, int]:
        """Return how many zeros come before and after a side of ``side`` pixels."""
        kernel, stride = self.kernel_size[0], self.stride[0]
        total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
        return total // 2, total - total // 2


class SameConvTranspose2d(nn.ConvTranspose2d):
    """The gradient of ``SameConv2d``: from ``[N, C, H, W]`` to sides of exactly side · stride.

    The full result is ``kernel - stride`` longer; the odd row and column are cut off at the bottom and the right.
    """

    def __init__(self, in_channels: int, out_channels: int, kernel: int, stride: int = 1, *, bias: bool = True) -> None:
        assert kernel >= stride, (kernel, stride)
        super().__init__(in_channels, out_channels, kernel, stride, padding=(kernel - stride) // 2, bias=bias)
        self.is_odd = (kernel - stride) % 2 == 1

    def forward(self, input: Tensor, output_size: list[int] | None = None) -> Tensor:
        """Return the transposed convolution of ``input`` ``[N, C, H, W]``."""
        output: Tensor = super().forward(input, output_size)
        return output[:, :, :-1, :-1] if self.is_odd else output
