select builds.code_version
from intermediate.builds
where builds.finished_at is not null
order by builds.started_at desc
limit 1
