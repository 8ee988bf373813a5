-- dbt leaves what it once made; nothing reads these any more.
drop table if exists intermediate.int_changed_periods;
drop table if exists intermediate.int_changed_days;
drop view if exists staging.stg_woocommerce_deliveries;
