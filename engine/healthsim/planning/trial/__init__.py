"""Clinical trials, planned: the protocol, who may take part, where, in which arm, and what is expected to happen."""
