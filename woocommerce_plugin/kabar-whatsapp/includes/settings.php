<?php
/**
 * What the shop's owner has set.
 *
 * @package Kabar_WhatsApp
 */

namespace Kabar\WhatsApp;

defined( 'ABSPATH' ) || exit;

const SETTINGS  = 'kabar_whatsapp_settings';
const POSITIONS = array( 'right', 'left' );
const LONGEST   = array(
	'greeting'         => 300,
	'product_greeting' => 300,
	'label'            => 40,
);

/**
 * The settings, every one of them there. An empty text stands for its translated default.
 *
 * @return array{number: string, greeting: string, product_greeting: string, label: string, position: string}
 */
function settings() {
	$defaults = array(
		'number'           => '',
		'greeting'         => '',
		'product_greeting' => '',
		'label'            => '',
		'position'         => 'right',
	);
	$stored   = get_option( SETTINGS, array() );
	return array_intersect_key( is_array( $stored ) ? $stored + $defaults : $defaults, $defaults );
}

/**
 * The text of a setting, or its default in the site's language.
 *
 * @param string $name greeting, product_greeting or label.
 */
function text_of( $name ) {
	$text = trim( (string) settings()[ $name ] );
	if ( '' !== $text ) {
		return $text;
	}
	switch ( $name ) {
		case 'greeting':
			return __( 'Hello, I have a question.', 'kabar-whatsapp' );
		case 'product_greeting':
			/* translators: {product} stands for the product's name and stays as it is. */
			return __( 'Hello, I would like to ask about {product}.', 'kabar-whatsapp' );
		default:
			return __( 'Chat on WhatsApp', 'kabar-whatsapp' );
	}
}

/**
 * What the settings page sent, cleaned.
 *
 * @param mixed $sent The fields of the form.
 */
function sanitise_settings( $sent ) {
	$sent  = is_array( $sent ) ? $sent : array();
	$clean = settings();
	foreach ( LONGEST as $name => $length ) {
		$text           = sanitize_text_field( is_string( $sent[ $name ] ?? null ) ? $sent[ $name ] : '' );
		$clean[ $name ] = mb_substr( $text, 0, $length );
	}
	if ( '' !== $clean['product_greeting'] && false === strpos( $clean['product_greeting'], '{product}' ) ) {
		$clean['product_greeting'] .= ' {product}';
	}
	$clean['position'] = in_array( $sent['position'] ?? '', POSITIONS, true ) ? $sent['position'] : 'right';
	$number            = whatsapp_number( is_string( $sent['number'] ?? null ) ? $sent['number'] : '' );
	if ( null === $number ) {
		add_settings_error(
			SETTINGS,
			'number',
			__( 'This is no WhatsApp number. Write it with its country code, such as 62 812 3456 7890.', 'kabar-whatsapp' )
		);
	} else {
		$clean['number'] = $number;
	}
	return $clean;
}

/**
 * The digits that wa.me takes: country code and number. A number that begins with 0 is read as one of the shop's
 * country.
 *
 * @param string $written The number as somebody wrote it.
 * @return string|null Empty for an empty text, null for what cannot be a number.
 */
function whatsapp_number( $written ) {
	$written = trim( $written );
	if ( '' === $written ) {
		return '';
	}
	if ( ! preg_match( '/^\+?[0-9 ().-]+$/', $written ) ) {
		return null;
	}
	$digits = preg_replace( '/[^0-9]/', '', $written );
	if ( 0 === strpos( $digits, '00' ) ) {
		$digits = substr( $digits, 2 );
	} elseif ( '0' === $digits[0] ) {
		$digits = calling_code() . substr( $digits, 1 );
	}
	return preg_match( '/^[1-9][0-9]{7,14}$/', $digits ) ? $digits : null;
}

/** The calling code of the shop's country, digits only; '0' where WooCommerce names none. */
function calling_code() {
	$countries = WC()->countries;
	$code      = $countries->get_country_calling_code( $countries->get_base_country() );
	$digits    = preg_replace( '/[^0-9]/', '', is_array( $code ) ? (string) reset( $code ) : (string) $code );
	return '' === $digits ? '0' : $digits;
}
