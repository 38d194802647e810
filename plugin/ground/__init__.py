"""What ties the Ground page, the jobs and the layers of results together."""
