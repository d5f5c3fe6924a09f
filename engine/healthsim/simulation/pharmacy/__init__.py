"""The pharmacy, drawn: prescriptions, fills, claims and what pharmacies are warned of."""
