"""How well vectors tell what labels say: NeuCo-Bench's protocol."""
