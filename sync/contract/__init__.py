"""Our own contract with a portal (docs/openapi.json): what several adapters say in the same way."""
