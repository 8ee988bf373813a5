<?php
/**
 * Plugin Name: Kabar WhatsApp
 * Description: A WhatsApp button for your shop that names the product, and tells Kabar which clicks became conversations.
 * Version: 1.0.0
 * Requires at least: 6.5
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * Author: Kabar
 * License: GPL-2.0-or-later
 * Text Domain: kabar-whatsapp
 * Domain Path: /languages
 * WC requires at least: 8.0
 *
 * @package Kabar_WhatsApp
 */

namespace Kabar\WhatsApp;

defined( 'ABSPATH' ) || exit;

const VERSION    = '1.0.0';
const CAPABILITY = 'manage_woocommerce';

require_once __DIR__ . '/includes/settings.php';
require_once __DIR__ . '/includes/button.php';
require_once __DIR__ . '/includes/clicks.php';
require_once __DIR__ . '/includes/connection.php';
require_once __DIR__ . '/includes/webhooks.php';
require_once __DIR__ . '/includes/settings-page.php';

/** Says that the plugin reads and writes no order, so that every way of storing them fits. */
function declare_compatibility() {
	if ( class_exists( '\Automattic\WooCommerce\Utilities\FeaturesUtil' ) ) {
		foreach ( array( 'custom_order_tables', 'cart_checkout_blocks' ) as $feature ) {
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( $feature, __FILE__, true );
		}
	}
}

/** Loads the translation of the site's language. */
function load_translation() {
	load_plugin_textdomain( 'kabar-whatsapp', false, dirname( plugin_basename( __FILE__ ) ) . '/languages' );
}

add_action( 'before_woocommerce_init', __NAMESPACE__ . '\declare_compatibility' );
add_action( 'init', __NAMESPACE__ . '\load_translation' );
add_action( 'wp_enqueue_scripts', __NAMESPACE__ . '\enqueue_button' );
add_action( 'wp_footer', __NAMESPACE__ . '\print_button' );
add_action( 'rest_api_init', __NAMESPACE__ . '\register_click_route' );
add_action( 'kabar_whatsapp_send_click', __NAMESPACE__ . '\send_click', 10, 2 );
add_action( 'admin_init', __NAMESPACE__ . '\register_settings' );
add_action( 'admin_menu', __NAMESPACE__ . '\add_settings_page' );
add_action( 'admin_post_kabar_whatsapp_connect', __NAMESPACE__ . '\handle_connect' );
add_action( 'admin_post_kabar_whatsapp_disconnect', __NAMESPACE__ . '\handle_disconnect' );
add_filter( 'plugin_action_links_' . plugin_basename( __FILE__ ), __NAMESPACE__ . '\add_settings_link' );
add_filter( 'option_page_capability_kabar_whatsapp', __NAMESPACE__ . '\settings_capability' );
