"""Excel in and out; later notices, gateways and query feedback."""
