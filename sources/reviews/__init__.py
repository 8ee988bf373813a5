"""Reviews of a shop: from files, from Google Play, and landed by the WooCommerce sync."""
