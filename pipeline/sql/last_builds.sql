-- Whether the last successful build and all later attempts ran this code, and
-- whether that build is the latest. Rows that were put back, or set aside after
-- a build had used them, need all tables anew as other code does.
with builds as (
    select
        coalesce(bool_and(builds.code_version = %(code_version)s), false)
            as is_same_code,
        coalesce(bool_and(builds.finished_at is not null), false) as is_latest,
        min(builds.started_at) as started_at
    from intermediate.builds
    where
        builds.started_at >= (
            select max(finished.started_at)
            from intermediate.builds as finished
            where finished.finished_at is not null
        )
)

select
    builds.is_same_code
    and not exists (
        select 1
        from raw.rejected
        where
            rejected.put_back_at >= builds.started_at
            or (
                rejected.received_at >= builds.started_at
                and rejected.landed_at < builds.started_at
            )
    ) as is_same_code,
    builds.is_latest
from builds
