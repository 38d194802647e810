"""The protocol over QtNetwork: no widgets, no layers."""
