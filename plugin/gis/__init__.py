"""The only place that touches map layers."""
