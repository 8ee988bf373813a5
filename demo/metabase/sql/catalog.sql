select
    columns.table_schema,
    columns.table_name,
    columns.column_name,
    columns.data_type
from information_schema.columns
where columns.table_schema not in ('pg_catalog', 'information_schema')
order by
    columns.table_schema,
    columns.table_name,
    columns.ordinal_position
