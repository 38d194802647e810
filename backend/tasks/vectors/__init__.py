"""Files of embeddings: opened whoever made them, and written."""
