"""The tools, one module a subject: plain functions that the server registers."""
