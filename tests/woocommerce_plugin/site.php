<?php
/** A shop's page with the button, and the route that takes clicks, for `php -S`. */

$path = parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH );
if ( preg_match( '#^/wp-content/plugins/kabar-whatsapp/(assets/button\.(css|js))$#', $path, $found ) ) {
	header( 'Content-Type: ' . ( 'css' === $found[2] ? 'text/css' : 'text/javascript' ) );
	readfile( dirname( __DIR__, 2 ) . '/woocommerce_plugin/kabar-whatsapp/' . $found[1] );
	return;
}
if ( '/favicon.ico' === $path ) {
	http_response_code( 204 );
	return;
}

require __DIR__ . '/wordpress.php';
state()['home'] = state()['home'] ?? 'http://' . $_SERVER['HTTP_HOST'];

if ( '/wp-json/kabar-whatsapp/v1/clicks' === $path ) {
	$route   = $GLOBALS['stub_routes']['kabar-whatsapp/v1/clicks'];
	$params  = json_decode( file_get_contents( 'php://input' ), true ) ?? array();
	$request = new WP_REST_Request( $params, array( 'origin' => $_SERVER['HTTP_ORIGIN'] ?? null, 'host' => $_SERVER['HTTP_HOST'] ) );
	foreach ( $route['args'] as $name => $argument ) {
		$is_missing = ! isset( $params[ $name ] );
		if ( $is_missing ? ! empty( $argument['required'] ) : ! $argument['validate_callback']( $params[ $name ] ) ) {
			http_response_code( 400 );
			return;
		}
	}
	$may = $route['permission_callback']( $request );
	http_response_code( true === $may ? $route['callback']( $request )->status : $may->data['status'] );
	return;
}
if ( '/wp-admin/admin.php' === $path ) {
	echo '<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Kabar WhatsApp</title>';
	Kabar\WhatsApp\print_settings_page();
	return;
}
?>
<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>Batik Sekar</title>
<style>
body { margin: 0; font: 16px/1.6 Georgia, serif; color: #2b2521; background: #faf6f0; }
header { padding: 18px 5vw; border-bottom: 1px solid #e6dccb; letter-spacing: 0.06em; }
main { display: grid; grid-template-columns: repeat(auto-fit, minmax(300px, 1fr)); gap: 40px; padding: 40px 5vw 120px; max-width: 1100px; margin: auto; }
.picture { aspect-ratio: 4 / 5; border-radius: 6px; background: repeating-radial-gradient(circle at 30% 30%, #6b3f2a 0 10px, #c99a5b 10px 20px, #3c2a21 20px 26px); }
h1 { margin: 0 0 8px; font-weight: 500; line-height: 1.2; overflow-wrap: anywhere; }
button { padding: 14px 28px; border: 0; background: #3c2a21; color: #fff; font: inherit; }
</style>
<?php do_action( 'wp_enqueue_scripts' ); ?>
</head>
<body>
<header>BATIK SEKAR</header>
<main>
<div class="picture"></div>
<div><h1><?php echo esc_html( strip_tags( state()['product']['name'] ?? 'Toko' ) ); ?></h1>
<p>Rp 285.000</p><p>Katun halus, motif parang klasik, jahitan rapi. Tersedia ukuran S sampai XXL.</p><button>Tambah ke keranjang</button></div>
</main>
<?php do_action( 'wp_footer' ); ?>
</body>
</html>
