"""When things run: thin Airflow DAGs, and what starts and stops Airflow beside the web app."""
