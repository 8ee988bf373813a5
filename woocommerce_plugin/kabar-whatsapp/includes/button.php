<?php
/**
 * The button on the shop's pages.
 *
 * @package Kabar_WhatsApp
 */

namespace Kabar\WhatsApp;

defined( 'ABSPATH' ) || exit;

/** Whether this page has the button. */
function is_shown() {
	/**
	 * Whether the button is on the current page; false takes it away.
	 *
	 * @param bool $is_shown True if a number is set.
	 */
	return (bool) apply_filters( 'kabar_whatsapp_is_shown', '' !== settings()['number'] );
}

/** Adds the button's style and script to the page. */
function enqueue_button() {
	if ( is_shown() ) {
		$assets = plugins_url( 'assets/', __DIR__ );
		wp_enqueue_style( 'kabar-whatsapp', $assets . 'button.css', array(), VERSION );
		wp_enqueue_script( 'kabar-whatsapp', $assets . 'button.js', array(), VERSION, true );
	}
}

/** Prints the button. */
function print_button() {
	if ( ! is_shown() ) {
		return;
	}
	$product = current_product();
	$text    = proposed_text( $product ? $product->get_name() : '' );
	$number  = settings()['number'];
	$label   = text_of( 'label' );
	/* translators: %s: the button's label. */
	$spoken = sprintf( __( '%s (opens in a new tab)', 'kabar-whatsapp' ), $label );
	// The address is whole without the script, which only adds a code: a page from a cache has the same for everybody.
	?>
<aside class="kabar-whatsapp kabar-whatsapp--<?php echo esc_attr( settings()['position'] ); ?>" aria-label="WhatsApp">
	<a class="kabar-whatsapp__link" target="_blank" rel="noopener noreferrer nofollow"
		href="<?php echo esc_url( chat_address( $number, $text ) ); ?>"
		aria-label="<?php echo esc_attr( $spoken ); ?>"
		data-number="<?php echo esc_attr( $number ); ?>"
		data-text="<?php echo esc_attr( $text ); ?>"
		data-product="<?php echo esc_attr( $product ? (string) $product->get_id() : '' ); ?>"
		data-report="<?php echo is_connected() ? esc_url( rest_url( 'kabar-whatsapp/v1/clicks' ) ) : ''; ?>">
		<svg class="kabar-whatsapp__icon" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
			<path fill="none" stroke="currentColor" stroke-width="2.4" stroke-linejoin="round" d="M16 4.2a11.8 11.8 0 0 0-10.2 17.7L4.3 27.7l5.9-1.5A11.8 11.8 0 1 0 16 4.2Z"/>
			<path fill="currentColor" d="M12.3 9.7c-.3-.6-.5-.6-.9-.6h-.7c-.3 0-.7.1-1 .5-.4.4-1.4 1.3-1.4 3.2s1.4 3.7 1.6 4c.2.2 2.7 4.3 6.7 5.8 3.3 1.3 4 1 4.7 1 .7-.1 2.3-1 2.6-1.9.3-.9.3-1.7.2-1.9-.1-.2-.3-.3-.7-.5l-2.7-1.3c-.4-.1-.6-.2-.9.2l-1.2 1.5c-.2.3-.5.3-.8.1-.4-.2-1.7-.6-3.2-2-1.2-1.1-2-2.4-2.2-2.8-.2-.4 0-.6.2-.8l.6-.7.4-.7c.1-.3.1-.5 0-.7l-1.3-2.9Z" transform="translate(1.6 1.5) scale(.86)"/>
		</svg>
		<span class="kabar-whatsapp__label"><?php echo esc_html( $label ); ?></span>
	</a>
</aside>
	<?php
}

/** The product whose page this is, or null. */
function current_product() {
	if ( ! function_exists( 'is_product' ) || ! is_product() ) {
		return null;
	}
	$product = wc_get_product( get_queried_object_id() );
	return $product ? $product : null;
}

/**
 * What the customer's message begins as.
 *
 * @param string $product A product's name as WooCommerce keeps it, with tags and entities; empty on other pages.
 */
function proposed_text( $product = '' ) {
	$name = html_entity_decode( wp_strip_all_tags( $product, true ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
	$name = mb_substr( trim( (string) preg_replace( '/\s+/u', ' ', $name ) ), 0, 150 );
	return '' === $name ? text_of( 'greeting' ) : str_replace( '{product}', $name, text_of( 'product_greeting' ) );
}

/**
 * The address that opens a chat with a text in it.
 *
 * @param string $number Digits, with country code.
 * @param string $text   The text, as a person reads it.
 */
function chat_address( $number, $text ) {
	return 'https://wa.me/' . $number . '?text=' . rawurlencode( $text );
}
