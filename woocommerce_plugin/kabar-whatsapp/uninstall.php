<?php
/**
 * Leaves nothing behind: the settings, the connection and the API key that was made for it.
 *
 * @package Kabar_WhatsApp
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/** Removes what the plugin stored in the current site. */
function kabar_whatsapp_remove() {
	global $wpdb;
	$connection = get_option( 'kabar_whatsapp_connection' );
	if ( is_array( $connection ) && isset( $connection['key_id'] ) ) {
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- WooCommerce has no function for it.
		$wpdb->delete( $wpdb->prefix . 'woocommerce_api_keys', array( 'key_id' => (int) $connection['key_id'] ), array( '%d' ) );
	}
	delete_option( 'kabar_whatsapp_connection' );
	delete_option( 'kabar_whatsapp_settings' );
	wp_unschedule_hook( 'kabar_whatsapp_send_click' );
}

if ( is_multisite() ) {
	$kabar_whatsapp_sites = get_sites(
		array(
			'fields' => 'ids',
			'number' => 0,
		)
	);
	foreach ( $kabar_whatsapp_sites as $kabar_whatsapp_site ) {
		switch_to_blog( $kabar_whatsapp_site );
		kabar_whatsapp_remove();
		restore_current_blog();
	}
} else {
	kabar_whatsapp_remove();
}
