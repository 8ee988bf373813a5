-- How many objects the shop can list at once, if it is fewer than a full page.
alter table app.stores
add column page_size smallint,
add column page_size_at timestamptz;

-- An admin can decide that an object or row that was set aside stays aside. A
-- new reason for setting it aside ends the dismissal.
alter table raw.rejected
add column dismissed_at timestamptz,
add column dismissal text;

-- Findings of a reconciliation that an admin has explained. One holds for as
-- long as the finding has the same figures.
create table quality.dismissals (
    store_id text not null,
    subject text not null,
    period text not null,
    reason text not null,
    ours jsonb not null,
    theirs jsonb not null,
    dismissed_at timestamptz not null default now(),
    primary key (store_id, subject, period)
);
grant select, insert, update on quality.dismissals to loader;

-- Ids of a shop that no object had. New objects get higher ids, so that these
-- need not be tried again.
create table app.woocommerce_free_ids (
    store_id text not null,
    id bigint not null,
    asked_at timestamptz not null default now(),
    primary key (store_id, id)
);
grant select, insert on app.woocommerce_free_ids to loader;

-- The counts of a kind of object that differ although all its ids were
-- compared: a shop's total may count what no listing shows.
create table app.woocommerce_counts (
    store_id text not null,
    resource text not null,
    listed bigint not null,
    stored bigint not null,
    compared_at timestamptz not null default now(),
    primary key (store_id, resource)
);
grant select, insert, update on app.woocommerce_counts to loader;

-- What was read late of a shop's settings: amounts are shown with as many
-- decimals.
create or replace view app.store_settings as
select
    stores.store_id,
    stores.name,
    stores.timezone,
    stores.currency,
    stores.date_type,
    stores.excluded_statuses,
    stores.connected_at,
    stores.prices_decimals
from app.stores;

-- As before, with dismissed findings as passed.
create or replace view quality.current_reconciliations as
with latest_runs as (
    select distinct on (reconciliations.store_id)
        reconciliations.store_id,
        reconciliations.run_id
    from quality.reconciliations
    order by
        reconciliations.store_id asc,
        reconciliations.reconciled_at desc,
        reconciliations.run_id desc
)

select
    reconciliations.store_id,
    case
        max(
            case
                when dismissals.store_id is not null then 1
                when reconciliations.verdict = 'fail' then 3
                when reconciliations.verdict = 'warn' then 2
                else 1
            end
        )
        when 3 then 'fail' when 2 then 'warn' else 'pass'
    end as verdict,
    max(reconciliations.reconciled_at) as reconciled_at
from quality.reconciliations
inner join latest_runs
    on
        reconciliations.store_id = latest_runs.store_id
        and reconciliations.run_id = latest_runs.run_id
left join quality.dismissals
    on
        reconciliations.store_id = dismissals.store_id
        and reconciliations.subject = dismissals.subject
        and reconciliations.period = dismissals.period
        and reconciliations.ours = dismissals.ours
        and reconciliations.theirs = dismissals.theirs
group by reconciliations.store_id;
