-- Previews, the only pages that need these tables, read them as the role bot.
revoke select on ml.speech_act_heads from inbox;
revoke select on
raw.woocommerce_products, raw.woocommerce_variations from inbox;
