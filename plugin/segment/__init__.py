"""What ties the Segment page, the map tool, the session and the layers together."""
