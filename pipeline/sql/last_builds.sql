-- Whether the last successful build and all later attempts ran this code, and
-- whether that build is the latest.
select
    coalesce(bool_and(builds.code_version = %(code_version)s), false) as is_same_code,
    coalesce(bool_and(builds.finished_at is not null), false) as is_latest
from intermediate.builds
where
    builds.started_at >= (
        select max(finished.started_at)
        from intermediate.builds as finished
        where finished.finished_at is not null
    )
