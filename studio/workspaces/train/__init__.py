"""Train a GAN, watch it, and steer it."""
