"""Insurance, drawn: spans of coverage, claims for what is in the chart, and their adjudication."""
