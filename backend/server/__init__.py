"""HTTP and server-sent events over the jobs and sessions. No torch."""
