"""Change: what might happen to a map of classes, and pictures of before and after."""
