"""The Model Context Protocol server in front of HealthSim."""
