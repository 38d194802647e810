"""What both processes share: messages, codes and the wire format. Standard library only, Python 3.9 syntax."""

PROTOCOL_VERSION = 1
"""Raised when a message changes in a way an older side would misread."""

VERSION = "0.1.0"
"""The project's version: of the plugin and of the backend, which travel together."""
