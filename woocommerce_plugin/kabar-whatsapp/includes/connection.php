<?php
/**
 * Connects the shop with Kabar: makes a REST key and hands it over under a one-time code.
 *
 * @package Kabar_WhatsApp
 */

namespace Kabar\WhatsApp;

defined( 'ABSPATH' ) || exit;

const CONNECTION        = 'kabar_whatsapp_connection';
const SECONDS_TO_ANSWER = 5;
const ENTERED           = 'kabar_wa_entered_'; // Removed with the counts of clicks.

/**
 * How the shop is connected, or null.
 *
 * @return array{address: string, store: string, secret: string, key_id: int}|null
 */
function connection() {
	$stored = get_option( CONNECTION );
	return is_array( $stored ) && isset( $stored['address'], $stored['store'], $stored['secret'], $stored['key_id'] )
		? $stored : null;
}

/** Whether the shop is connected. */
function is_connected() {
	return null !== connection();
}

/** Answers the form that connects. */
function handle_connect() {
	require_rights( 'kabar_whatsapp_connect' );
	// phpcs:disable WordPress.Security.NonceVerification.Missing -- require_rights has verified it.
	$address = isset( $_POST['address'] ) ? sanitize_text_field( wp_unslash( $_POST['address'] ) ) : '';
	$code    = isset( $_POST['code'] ) ? sanitize_text_field( wp_unslash( $_POST['code'] ) ) : '';
	// phpcs:enable
	$outcome = connect( $address, $code, get_current_user_id() );
	// After a failure the form has the address that was entered.
	if ( is_connected() ) {
		delete_transient( ENTERED . get_current_user_id() );
	} else {
		set_transient( ENTERED . get_current_user_id(), $address, 10 * MINUTE_IN_SECONDS );
	}
	leave_with( $outcome );
}

/** Answers the form that disconnects. */
function handle_disconnect() {
	require_rights( 'kabar_whatsapp_disconnect' );
	disconnect();
	leave_with( 'disconnected' );
}

/**
 * Ends the request unless the user may do this and meant it.
 *
 * @param string $action The nonce's action.
 */
function require_rights( $action ) {
	if ( ! current_user_can( CAPABILITY ) ) {
		wp_die( esc_html__( 'You may not change this.', 'kabar-whatsapp' ), '', array( 'response' => 403 ) );
	}
	check_admin_referer( $action );
}

/**
 * Goes back to the settings page.
 *
 * @param string $outcome A key of outcomes().
 */
function leave_with( $outcome ) {
	wp_safe_redirect( add_query_arg( 'kabar', $outcome, settings_page_address() ) );
	exit;
}

/**
 * Connects the shop. On any failure the key that was made for it is removed again.
 *
 * @param string $address Kabar's address.
 * @param string $code    The one-time code.
 * @param int    $user_id Whose rights the key has.
 * @return string A key of outcomes().
 */
function connect( $address, $code, $user_id ) {
	$address = untrailingslashit( trim( $address ) );
	if ( ! is_safe_address( $address ) ) {
		return 'unsafe_address';
	}
	if ( ! is_safe_address( home_url() ) ) {
		return 'unsafe_shop';
	}
	if ( '' === (string) get_option( 'permalink_structure' ) ) {
		return 'plain_permalinks';
	}
	$key = create_key( $user_id );
	if ( ! $key ) {
		return 'no_key';
	}
	$answer  = register( $address, $code, $key );
	$outcome = $answer['outcome'];
	if ( ! isset( $answer['secret'] ) ) {
		delete_key( $key['key_id'] );
		return $outcome;
	}
	$earlier = connection();
	update_option(
		CONNECTION,
		array(
			'address' => $address,
			'store'   => $answer['store'],
			'secret'  => $answer['secret'],
			'key_id'  => $key['key_id'],
		),
		false
	);
	if ( $earlier ) {
		delete_key( (int) $earlier['key_id'] );
	}
	return $outcome;
}

/**
 * Takes back what connect() and Kabar did here, and tells Kabar, which then refuses what may still be on its way. It
 * keeps what it has. If it does not answer, nothing is sent to it all the same.
 */
function disconnect() {
	$connection = connection();
	if ( $connection ) {
		delete_webhooks( $connection );
		delete_key( (int) $connection['key_id'] );
		post_signed( $connection, '/disconnect', wp_json_encode( array( 'disconnected_at' => utc_now() ) ) );
	}
	delete_option( CONNECTION );
	delete_counts();
	wp_unschedule_hook( 'kabar_whatsapp_send_click' );
}

/**
 * Whether secrets may travel to an address: https, and plain http only on the machine itself.
 *
 * @param string $address An absolute address.
 */
function is_safe_address( $address ) {
	$parts = wp_parse_url( $address );
	if ( ! is_array( $parts ) || empty( $parts['host'] ) || isset( $parts['user'] ) || isset( $parts['query'] ) || isset( $parts['fragment'] ) ) {
		return false;
	}
	$scheme   = $parts['scheme'] ?? '';
	$is_local = in_array( $parts['host'], array( 'localhost', '127.0.0.1', '[::1]' ), true );
	return 'https' === $scheme || ( 'http' === $scheme && $is_local );
}

/**
 * Sends the key to Kabar.
 *
 * @param string $address Kabar's address.
 * @param string $code    The one-time code.
 * @param array  $key     As create_key() gave it.
 * @return array{outcome: string, store?: string, secret?: string}
 */
function register( $address, $code, $key ) {
	$answer = wp_remote_post(
		$address . '/webhooks/woocommerce/register',
		array(
			'timeout'     => 15,
			'redirection' => 0,
			'headers'     => array( 'Content-Type' => 'application/json' ),
			'body'        => wp_json_encode(
				array(
					'code'            => $code,
					// Sites choose where their API is, and permalinks can put index.php before it.
					'url'             => untrailingslashit( rest_url() ),
					'consumer_key'    => $key['consumer_key'],
					'consumer_secret' => $key['consumer_secret'],
				)
			),
		)
	);
	if ( is_wp_error( $answer ) ) {
		return array( 'outcome' => 'no_answer' );
	}
	$status   = (int) wp_remote_retrieve_response_code( $answer );
	$outcomes = array(
		403 => 'bad_code',
		422 => 'refused',
		429 => 'too_many',
	);
	if ( 200 !== $status ) {
		return array( 'outcome' => $outcomes[ $status ] ?? 'no_answer' );
	}
	$given = json_decode( wp_remote_retrieve_body( $answer ), true );
	if ( ! is_array( $given ) || ! is_string( $given['store'] ?? null ) || ! is_string( $given['webhook_secret'] ?? null ) ) {
		return array( 'outcome' => 'no_answer' );
	}
	return array(
		// Older versions of Kabar do not say whether they have reached the shop.
		'outcome' => false === ( $given['reached'] ?? true ) ? 'not_reached' : 'connected',
		'store'   => $given['store'],
		'secret'  => $given['webhook_secret'],
	);
}

/**
 * Makes a REST key as WooCommerce stores its own. It may write, because Kabar sets up the webhooks.
 *
 * @param int $user_id Whose rights the key has.
 * @return array{key_id: int, consumer_key: string, consumer_secret: string}|null
 */
function create_key( $user_id ) {
	global $wpdb;
	$consumer_key    = 'ck_' . wc_rand_hash();
	$consumer_secret = 'cs_' . wc_rand_hash();
	// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- WooCommerce has no function for it.
	$is_stored = $wpdb->insert(
		$wpdb->prefix . 'woocommerce_api_keys',
		array(
			'user_id'         => $user_id,
			'description'     => 'Kabar',
			'permissions'     => 'read_write',
			'consumer_key'    => wc_api_hash( $consumer_key ),
			'consumer_secret' => $consumer_secret,
			'truncated_key'   => substr( $consumer_key, -7 ),
		),
		array( '%d', '%s', '%s', '%s', '%s', '%s' )
	);
	if ( ! $is_stored ) {
		return null;
	}
	return array(
		'key_id'          => (int) $wpdb->insert_id,
		'consumer_key'    => $consumer_key,
		'consumer_secret' => $consumer_secret,
	);
}

/**
 * Removes a REST key.
 *
 * @param int $key_id Its id in WooCommerce's table.
 */
function delete_key( $key_id ) {
	global $wpdb;
	// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- WooCommerce has no function for it.
	$wpdb->delete( $wpdb->prefix . 'woocommerce_api_keys', array( 'key_id' => $key_id ), array( '%d' ) );
}

/**
 * Where Kabar takes what the shop sends, below its address.
 *
 * @param array $connection As connection() gives it.
 */
function shop_path( $connection ) {
	return '/webhooks/woocommerce/' . rawurlencode( $connection['store'] );
}

/**
 * Sends something that the shop signs.
 *
 * @param array  $connection As connection() gives it.
 * @param string $path       Where to, below the shop's path.
 * @param string $body       JSON.
 * @return int The status of the answer, 0 if there was none.
 */
function post_signed( $connection, $path, $body ) {
	$answer = wp_remote_post(
		$connection['address'] . shop_path( $connection ) . $path,
		array(
			'timeout'     => SECONDS_TO_ANSWER,
			'redirection' => 0,
			'headers'     => array(
				'Content-Type'      => 'application/json',
				'X-Kabar-Signature' => signature( $body, $connection['secret'] ),
			),
			'body'        => $body,
		)
	);
	return is_wp_error( $answer ) ? 0 : (int) wp_remote_retrieve_response_code( $answer );
}

/**
 * What proves that a body is the shop's: base64 of its HMAC-SHA256, as WooCommerce signs its webhooks.
 *
 * @param string $body   The body, byte for byte.
 * @param string $secret The secret that Kabar gave the shop.
 */
function signature( $body, $secret ) {
	// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions.obfuscation_base64_encode -- a signature's form, nothing hidden.
	return base64_encode( hash_hmac( 'sha256', $body, $secret, true ) );
}

/** The present time as Kabar reads it. */
function utc_now() {
	return gmdate( 'Y-m-d\TH:i:s\Z' );
}
