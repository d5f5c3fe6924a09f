"""Clinical trials, drawn: who is screened and randomised, what happens to them, and the rows of it."""
