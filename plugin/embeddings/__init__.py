"""What ties the Embeddings page, the live answers over the map, the jobs and the layers of their results together."""
