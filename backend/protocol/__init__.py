"""What both processes share: messages, codes and the wire format. Standard library only, Python 3.9 syntax."""

PROTOCOL_VERSION = 1
"""Raised when a message changes in a way an older side would misread."""
