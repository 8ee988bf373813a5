<?php
/**
 * As much of WordPress and WooCommerce as the plugin calls, over a state that lies in a JSON file (KABAR_STUB_STATE):
 * {options, keys, webhooks, transients, scheduled, product, user_can, nonces, locale}. Requests go out for real.
 */

define( 'ABSPATH', __DIR__ . '/' );
define( 'MINUTE_IN_SECONDS', 60 );

require __DIR__ . '/classes.php';

$wpdb = new Stub_Database();
$GLOBALS['wpdb'] = $wpdb;
$stub_state = is_file( getenv( 'KABAR_STUB_STATE' ) ) ? json_decode( file_get_contents( getenv( 'KABAR_STUB_STATE' ) ), true ) : array();
$stub_state += array( 'options' => array(), 'keys' => array(), 'webhooks' => array(), 'transients' => array(), 'scheduled' => array(), 'errors' => array() );
$stub_hooks  = array();
$stub_routes = array();

function &state() {
	return $GLOBALS['stub_state'];
}
function save_state() {
	file_put_contents( getenv( 'KABAR_STUB_STATE' ), json_encode( $GLOBALS['stub_state'] ), LOCK_EX );
}
register_shutdown_function( 'save_state' );

// Hooks.
function add_action( $name, $callback, $priority = 10, $arguments = 1 ) {
	$GLOBALS['stub_hooks'][ $name ][] = $callback;
}
function add_filter( $name, $callback ) {
	add_action( $name, $callback );
}
function do_action( $name, ...$arguments ) {
	foreach ( $GLOBALS['stub_hooks'][ $name ] ?? array() as $callback ) {
		call_user_func_array( $callback, $arguments );
	}
}
function apply_filters( $name, $value ) {
	foreach ( $GLOBALS['stub_hooks'][ $name ] ?? array() as $callback ) {
		$value = $callback( $value );
	}
	return $value;
}

// Options and the like.
function get_option( $name, $default = false ) {
	return state()['options'][ $name ] ?? $default;
}
function update_option( $name, $value, $autoload = null ) {
	state()['options'][ $name ] = $value;
}
function delete_option( $name ) {
	unset( state()['options'][ $name ] );
}
function get_transient( $name ) {
	return state()['transients'][ $name ] ?? false;
}
function set_transient( $name, $value, $seconds ) {
	state()['transients'][ $name ] = $value;
}
function delete_transient( $name ) {
	unset( state()['transients'][ $name ] );
}
function wp_cache_delete( $key, $group ) {
}
function wp_schedule_single_event( $time, $hook, $arguments ) {
	state()['scheduled'][] = array( $time - time(), $hook, $arguments );
}
function wp_unschedule_hook( $hook ) {
	state()['scheduled'] = array();
}
function add_settings_error( $setting, $code, $message ) {
	state()['errors'][] = $message;
}

// Rights.
function current_user_can( $capability ) {
	return 'manage_woocommerce' === $capability && ( state()['user_can'] ?? true );
}
function get_current_user_id() {
	return 7;
}
function wp_create_nonce( $action ) {
	return substr( md5( 'nonce|' . $action ), 0, 10 );
}
function check_admin_referer( $action ) {
	if ( ! hash_equals( wp_create_nonce( $action ), (string) ( $_REQUEST['_wpnonce'] ?? '' ) ) ) {
		wp_die( 'The link you followed has expired.', '', array( 'response' => 403 ) );
	}
}
function wp_nonce_field( $action ) {
	echo '<input type="hidden" name="_wpnonce" value="' . esc_attr( wp_create_nonce( $action ) ) . '">';
}
function wp_die( $message, $title = '', $options = array() ) {
	throw new Ended( 'died ' . ( $options['response'] ?? 500 ) );
}
function wp_safe_redirect( $address ) {
	throw new Ended( 'redirect ' . $address );
}

// Text.
function esc_html( $text ) {
	return htmlspecialchars( (string) $text, ENT_QUOTES, 'UTF-8', false );
}
function esc_attr( $text ) {
	return esc_html( $text );
}
function esc_url( $address ) {
	return str_replace( array( '&', "'" ), array( '&#038;', '&#039;' ), preg_replace( '|[^a-z0-9-~+_.?#=!&;,/:%@$\|*\'()\[\]\x80-\xff]|i', '', $address ) );
}
function __( $text, $domain ) {
	static $messages = null;
	if ( null === $messages ) {
		$file     = plugin_folder() . '/languages/kabar-whatsapp-' . ( state()['locale'] ?? 'en_US' ) . '.l10n.php';
		$messages = is_file( $file ) ? ( require $file )['messages'] : array();
	}
	return 'kabar-whatsapp' === $domain ? $messages[ $text ] ?? $text : 'wrong domain';
}
function esc_html__( $text, $domain ) {
	return esc_html( __( $text, $domain ) );
}
function esc_html_e( $text, $domain ) {
	echo esc_html__( $text, $domain );
}
function sanitize_text_field( $text ) {
	return trim( preg_replace( '/[\r\n\t ]+/', ' ', strip_tags( $text ) ) );
}
function sanitize_key( $text ) {
	return preg_replace( '/[^a-z0-9_-]/', '', strtolower( $text ) );
}
function wp_unslash( $value ) {
	return stripslashes( $value );
}
function wp_strip_all_tags( $text, $breaks = false ) {
	return trim( strip_tags( preg_replace( '@<(script|style)[^>]*?>.*?</\1>@si', '', $text ) ) );
}
function untrailingslashit( $text ) {
	return rtrim( $text, '/\\' );
}
if ( ! function_exists( 'mb_substr' ) ) { // WordPress has one for such servers, too.
	function mb_substr( $text, $from, $length ) {
		return implode( '', array_slice( preg_split( '//u', $text, -1, PREG_SPLIT_NO_EMPTY ), $from, $length ) );
	}
}
function wp_json_encode( $value ) {
	return json_encode( $value );
}
function wp_generate_uuid4() {
	$hex = bin2hex( random_bytes( 16 ) );
	$hex[12] = '4';
	$hex[16] = 'a';
	return preg_replace( '/^(.{8})(.{4})(.{4})(.{4})(.{12})$/', '$1-$2-$3-$4-$5', $hex );
}
function wp_hash( $text ) {
	return hash_hmac( 'md5', $text, 'salt' );
}
function wp_parse_url( $address, $part = -1 ) {
	return parse_url( $address, $part );
}
function add_query_arg( $name, $value, $address ) {
	return $address . ( strpos( $address, '?' ) ? '&' : '?' ) . $name . '=' . $value;
}
function selected( $value, $chosen ) {
	echo $value === $chosen ? ' selected' : '';
}

// Places.
function plugin_folder() {
	return dirname( __DIR__, 2 ) . '/woocommerce_plugin/kabar-whatsapp';
}
function plugin_basename( $file ) {
	return 'kabar-whatsapp/' . basename( $file );
}
function load_plugin_textdomain() {
}
function plugins_url( $path, $file ) {
	return home_url() . '/wp-content/plugins/kabar-whatsapp/' . $path;
}
function home_url() {
	return state()['home'] ?? 'http://127.0.0.1:8081';
}
function rest_url( $path = '' ) {
	return home_url() . ( state()['rest_prefix'] ?? '/wp-json/' ) . $path;
}
function admin_url( $path ) {
	return home_url() . '/wp-admin/' . $path;
}
function wp_enqueue_style( $handle, $address ) {
	echo '<link rel="stylesheet" href="' . esc_url( $address ) . '">';
}
function wp_enqueue_script( $handle, $address ) {
	echo '<script defer src="' . esc_url( $address ) . '"></script>';
}
function register_rest_route( $space, $route, $options ) {
	$GLOBALS['stub_routes'][ $space . $route ] = $options;
}
function register_setting( $group, $name, $options ) {
	add_filter( 'sanitize_option_' . $name, $options['sanitize_callback'] );
}
function add_submenu_page() {
}
function settings_errors( $setting = '' ) {
	foreach ( state()['settings_errors'] ?? array() as $error ) {
		if ( '' === $setting || $setting === $error['setting'] ) {
			echo '<div class="notice">' . esc_html( $error['message'] ) . '</div>';
		}
	}
}
function settings_fields( $group ) {
	wp_nonce_field( $group . '-options' );
}
function submit_button( $label = 'Save Changes', $kind = 'primary' ) {
	echo '<p class="submit"><input type="submit" class="button button-' . esc_attr( $kind ) . '" value="' . esc_attr( $label ) . '"></p>';
}
function is_multisite() {
	return false;
}

// Requests to others.
function wp_remote_post( $address, $options ) {
	$headers = array();
	foreach ( $options['headers'] as $name => $value ) {
		$headers[] = "$name: $value";
	}
	$context = stream_context_create(
		array(
			'http' => array(
				'method'          => 'POST',
				'header'          => $headers,
				'content'         => $options['body'],
				'timeout'         => $options['timeout'],
				'ignore_errors'   => true,
				'follow_location' => 0,
			),
		)
	);
	$body = @file_get_contents( $address, false, $context );
	if ( false === $body ) {
		return new WP_Error( 'http_request_failed' );
	}
	preg_match( '/ (\d{3})/', $http_response_header[0], $found );
	return array( 'status' => (int) $found[1], 'body' => $body );
}
function is_wp_error( $thing ) {
	return $thing instanceof WP_Error;
}
function wp_remote_retrieve_response_code( $answer ) {
	return $answer['status'];
}
function wp_remote_retrieve_body( $answer ) {
	return $answer['body'];
}

// WooCommerce.
function WC() {
	return (object) array( 'countries' => new Stub_Countries() );
}
function is_product() {
	return isset( state()['product'] );
}
function get_queried_object_id() {
	return state()['product']['id'] ?? 0;
}
function wc_get_product( $id ) {
	return is_product() ? new Stub_Product() : false;
}
if ( ! ( state()['is_without_woocommerce'] ?? false ) ) {
	function wc_get_webhook( $id ) {
		return isset( state()['webhooks'][ $id ] ) ? new Stub_Webhook( $id ) : null;
	}
}
function wc_rand_hash() {
	return bin2hex( random_bytes( 20 ) );
}
function wc_api_hash( $key ) {
	return hash_hmac( 'sha256', $key, 'wc-api' );
}

require plugin_folder() . '/kabar-whatsapp.php';
do_action( 'before_woocommerce_init' );
do_action( 'init' );
do_action( 'rest_api_init' );
do_action( 'admin_init' );
