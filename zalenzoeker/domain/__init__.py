"""The rules of the house: Python's standard library and nothing else."""
