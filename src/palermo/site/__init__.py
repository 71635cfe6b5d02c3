"""Django's settings, addresses and entry point: how the parts that are served are put together."""
