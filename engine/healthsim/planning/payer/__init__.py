"""Insurance, planned: who is covered by what, what services cost, and how claims are decided."""
