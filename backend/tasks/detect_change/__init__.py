"""Change between two pictures of a place: by a detector, by matched segments, by distances of embeddings."""
