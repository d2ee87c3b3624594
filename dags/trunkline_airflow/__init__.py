"""What the DAGs beside this package are made of: the graph of the binary, one operator, and what becomes of exit codes.

The calendar, the retries within a source and all that is known about data are in the binary. Here is only what Airflow has to know.
"""
