-- Texts that the shop's people have at hand.
insert into app.canned_replies (store_id, shortcut, text_id, text_en)
values
(
    %(store)s, 'cek-kurir',
    'Baik kak, saya cek dulu ke kurirnya ya. Mohon tunggu sebentar.',
    'All right, let me check with the courier. One moment, please.'
),
(
    %(store)s, 'foto',
    'Boleh kirim foto paket dan isinya, kak? Supaya bisa langsung kami bantu.',
    'Could you send a photo of the parcel and what is inside, so that we can help at once?'
),
(
    %(store)s, 'selesai',
    'Sudah beres ya kak. Kalau ada lagi, tulis saja di sini.',
    'That is settled. If there is anything else, just write here.'
)
on conflict (store_id, shortcut) do nothing;

insert into app.message_templates (
    content_sid, store_id, name, language, body, variables
)
values
(
    'HX5e1a5a00000000000000000000000001', %(store)s, 'Pesanan dikirim', 'id',
    'Halo {{1}}, pesanan {{2}} sudah kami kirim. Ada yang bisa kami bantu?',
    '{"nama pelanggan","nomor pesanan"}'
),
(
    'HX5e1a5a00000000000000000000000002', %(store)s, 'Back to your question', 'en',
    'Hello {{1}}, we have an answer to your question. May we tell you?',
    '{"name of the customer"}'
)
on conflict (content_sid) do nothing
