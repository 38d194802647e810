"""A store for the plugin's settings that forgets; values come back as text, as they do from an INI file."""


class MemoryStore:
    def __init__(self):
        self._values = {}

    def value(self, key, default):
        return self._values.get(key, default)

    def setValue(self, key, value):  # noqa: N802 (as QgsSettings has it)
        self._values[key] = value
