-- Workers that have said since a time that they live.
select count(*)
from queue.procrastinate_workers
where procrastinate_workers.last_heartbeat >= %(since)s
