select
    columns.table_name,
    columns.column_name
from information_schema.columns
where columns.table_schema = 'marts'
