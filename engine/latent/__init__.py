"""What lies behind the pictures: drawing latent vectors, walking between them, and showing what G makes of them."""
