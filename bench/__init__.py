"""Benchmarks against the limits of DESIGN §7, each in one run with its limit beside it. Never part of the tests."""
