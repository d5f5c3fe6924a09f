"""The `healthsim` command."""
