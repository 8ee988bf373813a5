select
    /* One row about the last nine days. A share of fewer than 20 is no share; where there is nothing to judge, the
    figure is the one that a healthy shop has. Great
    Expectations wants a query that starts with select: no CTEs. */
    case
        when compute_statuses.messages >= 20
            then compute_statuses.failed::double precision / compute_statuses.messages
        else 0
    end as failed_share,
    compute_statuses.unknown as unknown_statuses,
    case
        when compute_landed.settled >= 20
            then compute_landed.without_record::double precision / compute_landed.settled
        else 0
    end as missing_record_share,
    case
        when compute_landed.last_week >= 20
            then compute_landed.ahead::double precision / compute_landed.last_week
        else 0
    end as ahead_share,
    case
        when compute_landed.last_week >= 20
            then compute_conflicts.conflicts::double precision / compute_landed.last_week
        else 0
    end as conflict_share,
    compute_rejected.rejected,
    case
        when compute_landed.week_before_last_day >= 7 * 20
            then 7 * compute_landed.last_day::double precision / compute_landed.week_before_last_day
        else 1
    end as last_day_to_usual
from (
    select
        count(*) filter (where landed.is_last_day) as last_day,
        count(*) filter (
            where landed.landed_at >= now() - interval '8 days' and not landed.is_last_day
        ) as week_before_last_day,
        count(*) filter (where landed.landed_at >= now() - interval '7 days') as last_week,
        count(*) filter (
            where landed.landed_at >= now() - interval '7 days' and landed.is_ahead
        ) as ahead,
        count(*) filter (where landed.is_settled) as settled,
        count(*) filter (
            where landed.is_settled and not landed.has_record
        ) as without_record
    from (
        select
            messages.changed_at as landed_at,
            messages.changed_at >= now() - interval '1 day' as is_last_day,
            messages.sent_at > messages.changed_at + interval '5 minutes' as is_ahead,
            messages.received_at < now() - interval '2 days' as is_settled,
            messages.record is not null as has_record
        from raw.twilio_messages as messages
        where messages.changed_at >= now() - interval '9 days'
        union all
        select
            events.received_at as landed_at,
            events.received_at >= now() - interval '1 day' as is_last_day,
            events.occurred_at > events.received_at + interval '5 minutes' as is_ahead,
            false as is_settled,
            false as has_record
        from raw.chatbot_events as events
        where events.received_at >= now() - interval '8 days'
    ) as landed
) as compute_landed
cross join (  -- noqa: ST05
    select
        count(distinct statuses.message_sid) as messages,
        count(distinct statuses.message_sid) filter (where ranks.failed) as failed,
        count(*) filter (where ranks.status is null) as unknown
    from raw.twilio_statuses as statuses
    left join raw.twilio_status_ranks as ranks on statuses.status = ranks.status
    where statuses.received_at >= now() - interval '7 days'
) as compute_statuses
cross join (  -- noqa: ST05
    select count(*) as conflicts
    from raw.conflicts as conflicts
    where conflicts.received_at >= now() - interval '7 days'
) as compute_conflicts
cross join (  -- noqa: ST05
    select count(*) as rejected
    from raw.rejected as rejected
    where
        rejected.received_at >= now() - interval '7 days'
        and rejected.resolved_at is null
) as compute_rejected
