-- What answering customers costs a shop, from a month on. An amount per month is
-- stated, or derived from the work of bot and agents (marts.bot_costs).
create table app.cost_assumptions (
    store_id text not null,
    valid_from date not null
    check (extract(day from valid_from) = 1),
    cost_before numeric check (cost_before between 0 and 1e15),
    cost_now numeric check (cost_now between 0 and 1e15),
    agent_cost_per_hour numeric
    check (agent_cost_per_hour between 0 and 1e15),
    minutes_per_conversation numeric
    check (minutes_per_conversation between 0 and 1440),
    bot_cost_per_month numeric check (bot_cost_per_month between 0 and 1e15),
    investment numeric check (investment between 0 and 1e15),
    updated_at timestamptz not null default now(),
    primary key (store_id, valid_from)
);
grant select, insert, update, delete on app.cost_assumptions to inbox;
grant select on app.cost_assumptions to dbt;

-- How well the weeks of a KPI could be forecast when that was last tried, and
-- why no forecast is shown if none is. Errors are mean absolute scaled errors:
-- 1 is the error of repeating the season, within the series.
create table ml.forecast_evaluations (
    store_id text not null,
    metric text not null,
    last_week date not null,
    weeks integer not null,
    origins integer not null,
    method text,
    error double precision,
    naive_error double precision,
    coverage_80 double precision,
    coverage_95 double precision,
    reason text not null
    check (reason in ('shown', 'too_short', 'too_few', 'not_better')),
    evaluated_at timestamptz not null default now(),
    primary key (store_id, metric)
);

-- The forecasts that are shown: a row for each coming week, by its Monday.
create table ml.forecasts (
    store_id text not null,
    metric text not null,
    week date not null check (extract(isodow from week) = 1),
    value numeric not null,
    lower_80 numeric not null,
    upper_80 numeric not null,
    lower_95 numeric not null,
    upper_95 numeric not null,
    primary key (store_id, metric, week),
    foreign key (store_id, metric)
    references ml.forecast_evaluations on delete cascade,
    check (lower_95 <= lower_80 and lower_80 <= value),
    check (value <= upper_80 and upper_80 <= upper_95)
);

grant select, insert, update, delete on
ml.forecast_evaluations, ml.forecasts
to scorer;
grant select on ml.forecast_evaluations, ml.forecasts to dbt;
