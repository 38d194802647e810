"""The protocol over QtNetwork."""
