<?php
/**
 * Leaves nothing behind: the settings, the connection, and the API key and the webhooks that were made for it.
 *
 * @package Kabar_WhatsApp
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

require_once __DIR__ . '/includes/clicks.php';
require_once __DIR__ . '/includes/connection.php';
require_once __DIR__ . '/includes/webhooks.php';

/** Removes what the plugin stored in the current site. */
function kabar_whatsapp_remove() {
	\Kabar\WhatsApp\disconnect();
	delete_option( 'kabar_whatsapp_settings' );
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
