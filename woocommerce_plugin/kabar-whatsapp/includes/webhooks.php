<?php
/**
 * Removes the webhooks that Kabar has made in the shop.
 *
 * @package Kabar_WhatsApp
 */

namespace Kabar\WhatsApp;

defined( 'ABSPATH' ) || exit;

/**
 * Removes the webhooks that Kabar has made for a connection, and no others. Works without WooCommerce, too, since it
 * may have been removed before the plugin is.
 *
 * @param array $connection As connection() gives it.
 */
function delete_webhooks( $connection ) {
	global $wpdb;
	// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- WooCommerce may not be there.
	$webhooks = $wpdb->get_results( "SELECT webhook_id, name, topic, delivery_url FROM {$wpdb->prefix}wc_webhooks" );
	foreach ( is_array( $webhooks ) ? $webhooks : array() as $webhook ) {
		if ( ! is_webhook_of( $connection, $webhook ) ) {
			continue;
		}
		$id = (int) $webhook->webhook_id;
		if ( function_exists( 'wc_get_webhook' ) ) {
			wc_get_webhook( $id )->delete( true );
			continue;
		}
		// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- WooCommerce is not there.
		$wpdb->delete( $wpdb->prefix . 'wc_webhooks', array( 'webhook_id' => $id ), array( '%d' ) );
		wp_cache_delete( $id, 'webhooks' );
		foreach ( array( '', '_status_active', '_status_paused', '_status_disabled' ) as $kind ) {
			delete_transient( 'woocommerce_webhook_ids' . $kind );
		}
	}
}

/**
 * Whether Kabar has made a webhook for a connection: it sends to Kabar's address, or, where Kabar has moved since, to
 * the same path elsewhere, under the name that Kabar gives.
 *
 * @param array  $connection As connection() gives it.
 * @param object $webhook    A row of WooCommerce's table.
 */
function is_webhook_of( $connection, $webhook ) {
	$path = shop_path( $connection );
	return $connection['address'] . $path === $webhook->delivery_url
		|| ( 'Kabar ' . $webhook->topic === $webhook->name && substr( $webhook->delivery_url, -strlen( $path ) ) === $path );
}
