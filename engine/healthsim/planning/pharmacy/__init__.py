"""The pharmacy benefit, planned: what is dispensed, who pays for it, and what pharmacies are warned of."""
