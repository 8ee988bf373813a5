<?php
/** Calls one thing of the plugin: {"call": name, "with": [...], "post": {...}} in, {"result", "printed", "ended"} out. */

require __DIR__ . '/wordpress.php';

$order    = json_decode( file_get_contents( 'php://stdin' ), true );
$_POST    = array_map( 'addslashes', $order['post'] ?? array() );
$_REQUEST = $_POST;
$_GET     = $order['get'] ?? array();
$answer   = array( 'result' => null, 'ended' => null );
$with     = $order['with'] ?? array();
ob_start();
try {
	switch ( $order['call'] ) {
		case 'hook':
			do_action( ...$with );
			break;
		case 'save_settings':
			$answer['result'] = apply_filters( 'sanitize_option_kabar_whatsapp_settings', $with[0] );
			update_option( 'kabar_whatsapp_settings', $answer['result'] );
			break;
		case 'uninstall':
			define( 'WP_UNINSTALL_PLUGIN', true );
			require plugin_folder() . '/uninstall.php';
			break;
		default:
			$answer['result'] = call_user_func_array( 'Kabar\\WhatsApp\\' . $order['call'], $with );
	}
} catch ( Ended $ended ) {
	$answer['ended'] = $ended->getMessage();
}
$answer['printed'] = ob_get_clean();
echo json_encode( $answer );
