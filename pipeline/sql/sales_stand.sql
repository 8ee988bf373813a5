-- Whether the models tagged `sales` would give the same result: the last build
-- succeeded with the same input and `as_of` is not earlier, and nothing has
-- become due since.
select
    coalesce(
        (
            select
                builds.finished_at is not null
                and builds.sales_state = %(sales_state)s
                and builds.as_of <= %(as_of)s
            from intermediate.builds as builds
            order by builds.started_at desc
            limit 1
        ), false
    )
    and not exists (
        select 1
        from intermediate.int_sales_due as sales_due
        where sales_due.due_at <= %(as_of)s
    )
