<?php
/**
 * The page where the shop's owner sets the button up and connects the shop.
 *
 * @package Kabar_WhatsApp
 */

namespace Kabar\WhatsApp;

defined( 'ABSPATH' ) || exit;

/** Who may save the settings. */
function settings_capability() {
	return CAPABILITY;
}

/** Tells WordPress of the settings; it checks the form's nonce and the capability itself. */
function register_settings() {
	register_setting(
		'kabar_whatsapp',
		SETTINGS,
		array(
			'type'              => 'array',
			'sanitize_callback' => __NAMESPACE__ . '\sanitise_settings',
			'show_in_rest'      => false,
		)
	);
}

/** Puts the page under WooCommerce. */
function add_settings_page() {
	$title = __( 'Kabar WhatsApp', 'kabar-whatsapp' );
	add_submenu_page( 'woocommerce', $title, $title, CAPABILITY, 'kabar-whatsapp', __NAMESPACE__ . '\print_settings_page' );
}

/**
 * Puts a link to the page beside the plugin's name on the page of plugins.
 *
 * @param string[] $links The links that are there.
 * @return string[]
 */
function add_settings_link( $links ) {
	$link = sprintf( '<a href="%s">%s</a>', esc_url( settings_page_address() ), esc_html__( 'Settings', 'kabar-whatsapp' ) );
	return array_merge( array( $link ), $links );
}

/** The page's address. */
function settings_page_address() {
	return admin_url( 'admin.php?page=kabar-whatsapp' );
}

/**
 * What connecting can come to, and what the owner reads about it.
 *
 * @return array<string, array{0: string, 1: string}> Kind of notice and sentence.
 */
function outcomes() {
	return array(
		'connected'        => array( 'success', __( 'Your shop is connected with Kabar.', 'kabar-whatsapp' ) ),
		'not_reached'      => array( 'warning', __( 'Kabar has this shop\'s key, but could not read the shop yet. It keeps trying. If orders do not appear, let Kabar\'s server through your firewall and security plugins.', 'kabar-whatsapp' ) ),
		'disconnected'     => array( 'success', __( 'Your shop is no longer connected. The key and the webhooks were removed.', 'kabar-whatsapp' ) ),
		'bad_code'         => array( 'error', __( 'Kabar does not know this code, or it was used or has expired. Ask for a new one.', 'kabar-whatsapp' ) ),
		'too_many'         => array( 'error', __( 'There were too many attempts. Try again in a minute.', 'kabar-whatsapp' ) ),
		'refused'          => array( 'error', __( 'Kabar does not take this shop\'s address. Ask whoever runs Kabar.', 'kabar-whatsapp' ) ),
		'no_answer'        => array( 'error', __( 'Kabar did not answer as it should. Check its address, and try again.', 'kabar-whatsapp' ) ),
		'unsafe_address'   => array( 'error', __( 'Kabar\'s address has to begin with https://.', 'kabar-whatsapp' ) ),
		'unsafe_shop'      => array( 'error', __( 'Your shop\'s own address has to begin with https:// before it can be connected.', 'kabar-whatsapp' ) ),
		'plain_permalinks' => array( 'error', __( 'Choose permalinks other than "Plain" under Settings, Permalinks: WooCommerce\'s API needs them.', 'kabar-whatsapp' ) ),
		'no_key'           => array( 'error', __( 'WooCommerce could not make an API key.', 'kabar-whatsapp' ) ),
	);
}

/** Prints the page. */
function print_settings_page() {
	if ( ! current_user_can( CAPABILITY ) ) {
		return;
	}
	// phpcs:ignore WordPress.Security.NonceVerification.Recommended -- only chooses one of our own sentences.
	$outcome = outcomes()[ isset( $_GET['kabar'] ) ? sanitize_key( wp_unslash( $_GET['kabar'] ) ) : '' ] ?? null;
	?>
<div class="wrap">
	<h1><?php esc_html_e( 'Kabar WhatsApp', 'kabar-whatsapp' ); ?></h1>
	<?php if ( $outcome ) : ?>
	<div class="notice notice-<?php echo esc_attr( $outcome[0] ); ?>"><p><?php echo esc_html( $outcome[1] ); ?></p></div>
	<?php endif; ?>
	<?php
	// Of all settings: WordPress registers its "Settings saved." under "general".
	settings_errors();
	?>
	<h2><?php esc_html_e( 'Button', 'kabar-whatsapp' ); ?></h2>
	<form method="post" action="<?php echo esc_url( admin_url( 'options.php' ) ); ?>">
		<?php settings_fields( 'kabar_whatsapp' ); ?>
		<table class="form-table" role="presentation">
			<?php
			$settings = settings();
			print_field( 'number', __( 'WhatsApp number', 'kabar-whatsapp' ), $settings['number'], '62 812 3456 7890', __( 'With its country code. Empty: no button.', 'kabar-whatsapp' ) );
			print_field( 'label', __( 'Label', 'kabar-whatsapp' ), $settings['label'], text_of( 'label' ) );
			print_field( 'greeting', __( 'Greeting', 'kabar-whatsapp' ), $settings['greeting'], text_of( 'greeting' ), __( 'What the customer\'s message begins as.', 'kabar-whatsapp' ) );
			print_field( 'product_greeting', __( 'Greeting on a product\'s page', 'kabar-whatsapp' ), $settings['product_greeting'], text_of( 'product_greeting' ), __( '{product} stands for the product\'s name.', 'kabar-whatsapp' ) );
			print_positions( $settings['position'] );
			?>
		</table>
		<?php submit_button(); ?>
	</form>
	<h2><?php esc_html_e( 'Kabar', 'kabar-whatsapp' ); ?></h2>
	<?php print_connection(); ?>
</div>
	<?php
}

/**
 * Prints a line of the form.
 *
 * @param string $name        The setting.
 * @param string $title       What it is called.
 * @param string $value       What is set.
 * @param string $placeholder What holds if nothing is set, or an example.
 * @param string $hint        A sentence below the field.
 */
function print_field( $name, $title, $value, $placeholder, $hint = '' ) {
	$id = 'kabar-whatsapp-' . $name;
	?>
<tr>
	<th scope="row"><label for="<?php echo esc_attr( $id ); ?>"><?php echo esc_html( $title ); ?></label></th>
	<td>
		<input class="regular-text" type="text" id="<?php echo esc_attr( $id ); ?>" name="<?php echo esc_attr( SETTINGS . '[' . $name . ']' ); ?>"
			value="<?php echo esc_attr( $value ); ?>" placeholder="<?php echo esc_attr( $placeholder ); ?>" maxlength="<?php echo esc_attr( (string) ( LONGEST[ $name ] ?? 30 ) ); ?>">
		<?php if ( '' !== $hint ) : ?>
		<p class="description"><?php echo esc_html( $hint ); ?></p>
		<?php endif; ?>
	</td>
</tr>
	<?php
}

/**
 * Prints the choice of the side.
 *
 * @param string $chosen One of POSITIONS.
 */
function print_positions( $chosen ) {
	$titles = array(
		'right' => __( 'Bottom right', 'kabar-whatsapp' ),
		'left'  => __( 'Bottom left', 'kabar-whatsapp' ),
	);
	?>
<tr>
	<th scope="row"><label for="kabar-whatsapp-position"><?php esc_html_e( 'Position', 'kabar-whatsapp' ); ?></label></th>
	<td>
		<select id="kabar-whatsapp-position" name="<?php echo esc_attr( SETTINGS . '[position]' ); ?>">
			<?php foreach ( $titles as $position => $title ) : ?>
			<option value="<?php echo esc_attr( $position ); ?>"<?php selected( $position, $chosen ); ?>><?php echo esc_html( $title ); ?></option>
			<?php endforeach; ?>
		</select>
	</td>
</tr>
	<?php
}

/** Prints how the shop is connected, or the form that connects it. */
function print_connection() {
	$connection = connection();
	$action     = $connection ? 'kabar_whatsapp_disconnect' : 'kabar_whatsapp_connect';
	?>
<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
	<input type="hidden" name="action" value="<?php echo esc_attr( $action ); ?>">
	<?php wp_nonce_field( $action ); ?>
	<?php if ( $connection ) : ?>
	<p>
		<?php
		/* translators: 1: Kabar's address, 2: the name that the shop has there. */
		echo esc_html( sprintf( __( 'Connected with %1$s as %2$s.', 'kabar-whatsapp' ), $connection['address'], $connection['store'] ) );
		?>
	</p>
		<?php submit_button( __( 'Disconnect', 'kabar-whatsapp' ), 'secondary' ); ?>
	<?php else : ?>
	<p><?php esc_html_e( 'Connect your shop, so that Kabar can read its orders and say which clicks became conversations and orders. A WooCommerce API key is made for it and handed over.', 'kabar-whatsapp' ); ?></p>
	<p>
		<label for="kabar-whatsapp-address"><?php esc_html_e( 'Kabar\'s address', 'kabar-whatsapp' ); ?></label><br>
		<input class="regular-text" type="url" id="kabar-whatsapp-address" name="address" placeholder="https://" value="<?php echo esc_attr( (string) get_transient( ENTERED . get_current_user_id() ) ); ?>" required>
	</p>
	<p>
		<label for="kabar-whatsapp-code"><?php esc_html_e( 'One-time code', 'kabar-whatsapp' ); ?></label><br>
		<input class="regular-text code" type="text" id="kabar-whatsapp-code" name="code" autocomplete="off" spellcheck="false" required>
	</p>
		<?php submit_button( __( 'Connect', 'kabar-whatsapp' ) ); ?>
	<?php endif; ?>
</form>
	<?php
}
