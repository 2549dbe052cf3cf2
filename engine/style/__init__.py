"""Neural style transfer (Gatys, Ecker, Bethge, 2016): a picture is trained itself. Knows no GAN and no run."""
