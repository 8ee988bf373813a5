<?php
/**
 * Reports clicks to Kabar. The browser tells the shop, and the shop's server signs: no secret is in a page.
 *
 * @package Kabar_WhatsApp
 */

namespace Kabar\WhatsApp;

defined( 'ABSPATH' ) || exit;

const MOST_PER_VISITOR = 30; // A minute; behind a proxy all visitors may be one.
const MOST_PER_SHOP    = 300; // A minute.
const MOST_ATTEMPTS    = 4;
const COUNT_PREFIX     = 'kabar_wa_';

/** Opens the route that the button's script posts to. */
function register_click_route() {
	register_rest_route(
		'kabar-whatsapp/v1',
		'/clicks',
		array(
			'methods'             => 'POST',
			'callback'            => __NAMESPACE__ . '\take_click',
			// Visitors have no account, and a nonce in a cached page is older than it may be: limits stand in for it.
			'permission_callback' => __NAMESPACE__ . '\may_report',
			'args'                => array(
				'code'       => array(
					'required'          => true,
					'validate_callback' => __NAMESPACE__ . '\is_code',
				),
				'product_id' => array(
					'validate_callback' => __NAMESPACE__ . '\is_product_id',
				),
			),
		)
	);
}

/**
 * Whether this is a code as the button's script makes them.
 *
 * @param mixed $value What was sent.
 */
function is_code( $value ) {
	return is_string( $value ) && 1 === preg_match( '/^[a-z2-7]{8}$/D', $value );
}

/**
 * Whether this can be a product's id, or says that there is none.
 *
 * @param mixed $value What was sent.
 */
function is_product_id( $value ) {
	return null === $value || ( is_int( $value ) && $value > 0 );
}

/**
 * Whether a report comes from a page of this shop, and from a visitor who has not reported too often.
 *
 * @param \WP_REST_Request $request The report.
 * @return true|\WP_Error
 */
function may_report( $request ) {
	$origin = (string) $request->get_header( 'origin' );
	$asked  = 'http://' . (string) $request->get_header( 'host' ); // A shop may have several names.
	$own    = array( wp_parse_url( home_url(), PHP_URL_HOST ), wp_parse_url( $asked, PHP_URL_HOST ) );
	if ( '' !== $origin && ! in_array( wp_parse_url( $origin, PHP_URL_HOST ), $own, true ) ) {
		return new \WP_Error( 'kabar_whatsapp_foreign', 'Clicks are reported by pages of this shop.', array( 'status' => 403 ) );
	}
	$visitor = isset( $_SERVER['REMOTE_ADDR'] ) ? sanitize_text_field( wp_unslash( $_SERVER['REMOTE_ADDR'] ) ) : '';
	if ( ! is_within( 'visitor_' . wp_hash( $visitor ), MOST_PER_VISITOR ) || ! is_within( 'shop', MOST_PER_SHOP ) ) {
		return new \WP_Error( 'kabar_whatsapp_too_many', 'Too many clicks.', array( 'status' => 429 ) );
	}
	return true;
}

/**
 * Counts, and says whether the count of this minute is still within its limit.
 *
 * @param string $name What is counted.
 * @param int    $most The limit.
 */
function is_within( $name, $most ) {
	$key   = COUNT_PREFIX . substr( md5( $name . '|' . floor( time() / 60 ) ), 0, 24 );
	$count = (int) get_transient( $key );
	if ( $count < $most ) {
		set_transient( $key, $count + 1, 2 * MINUTE_IN_SECONDS );
	}
	return $count < $most;
}

/**
 * Takes a report from a page and sends it on.
 *
 * @param \WP_REST_Request $request With the parameters of the route.
 * @return \WP_REST_Response Empty: the page does not read it.
 */
function take_click( $request ) {
	send_click( click_body( $request->get_param( 'code' ), $request->get_param( 'product_id' ) ), 1 );
	return new \WP_REST_Response( null, 204 );
}

/**
 * A click as Kabar takes it.
 *
 * @param string   $code       The code in the text that the button proposed.
 * @param int|null $product_id The product whose page it was.
 */
function click_body( $code, $product_id ) {
	return wp_json_encode(
		array(
			'click_id'   => wp_generate_uuid4(),
			'code'       => $code,
			'product_id' => $product_id,
			'clicked_at' => utc_now(),
		)
	);
}

/**
 * Sends a click; what did not arrive is tried again later, and Kabar keeps one of several.
 *
 * @param string $body    The click.
 * @param int    $attempt Which attempt this is, from 1.
 */
function send_click( $body, $attempt ) {
	$connection = connection();
	if ( ! $connection ) {
		return;
	}
	$status = post_signed( $connection, '/clicks', $body );
	if ( ( 0 === $status || 429 === $status || $status >= 500 ) && $attempt < MOST_ATTEMPTS ) {
		$later = time() + 2 ** $attempt * 5 * MINUTE_IN_SECONDS;
		wp_schedule_single_event( $later, 'kabar_whatsapp_send_click', array( $body, $attempt + 1 ) );
	}
}

/** Removes the counts of clicks. WordPress removes expired ones only when it is asked for them again. */
function delete_counts() {
	global $wpdb;
	// phpcs:ignore WordPress.DB.DirectDatabaseQuery -- WordPress has no function for a group of transients.
	$wpdb->query(
		$wpdb->prepare(
			"DELETE FROM {$wpdb->options} WHERE option_name LIKE %s OR option_name LIKE %s",
			$wpdb->esc_like( '_transient_' . COUNT_PREFIX ) . '%',
			$wpdb->esc_like( '_transient_timeout_' . COUNT_PREFIX ) . '%'
		)
	);
}
