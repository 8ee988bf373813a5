delete from app.holidays
where
    holidays.store = %(store_id)s
    and holidays.day = %(day)s
