"""Schedules: Airflow DAGs, and the supervisor that runs all processes on one machine."""
