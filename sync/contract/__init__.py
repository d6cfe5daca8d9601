"""Our own contract with a portal (openapi.yaml): what several adapters say in the same way."""
