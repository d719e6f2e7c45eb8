"""Policy: which flows are against what the data was collected for. Knows no syntax."""
