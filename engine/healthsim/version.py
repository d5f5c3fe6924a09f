"""The engine's version, recorded beside everything it makes."""

ENGINE_VERSION = "0.1.0"
