insert into app.canned_replies (store_id, shortcut, text_id, text_en)
values (%(store_id)s, %(shortcut)s, %(text_id)s, %(text_en)s)
