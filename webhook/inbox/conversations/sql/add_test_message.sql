insert into app.test_messages (
    store_id, customer_key, author, text, written_by
)
values (%(store_id)s, %(customer_key)s, 'customer', %(text)s, %(user_id)s)
