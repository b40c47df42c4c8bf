"""Orchestration: check, act, publish, verify. They hand steps to rules; they are none."""
