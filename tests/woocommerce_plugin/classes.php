<?php
/** The classes of WordPress and WooCommerce that the plugin meets, for wordpress.php. */

class Ended extends Exception {}

class WP_Error {
	public $code;
	public $data;
	public function __construct( $code = '', $message = '', $data = array() ) {
		$this->code = $code;
		$this->data = $data;
	}
}

class WP_REST_Response {
	public $data;
	public $status;
	public function __construct( $data = null, $status = 200 ) {
		$this->data   = $data;
		$this->status = $status;
	}
}

class WP_REST_Request {
	private $params;
	private $headers;
	public function __construct( $params, $headers = array() ) {
		$this->params  = $params;
		$this->headers = $headers;
	}
	public function get_param( $name ) {
		return $this->params[ $name ] ?? null;
	}
	public function get_header( $name ) {
		return $this->headers[ $name ] ?? null;
	}
}

class Stub_Database {
	public $prefix    = 'wp_';
	public $options   = 'wp_options';
	public $insert_id = 0;
	public function insert( $table, $row, $formats ) {
		if ( ! empty( state()['refuses_keys'] ) || count( $row ) !== count( $formats ) ) {
			return false;
		}
		$this->insert_id              = state()['next_key'] ?? 1;
		state()['next_key']           = $this->insert_id + 1;
		state()['keys'][ 'k' . $this->insert_id ] = array( 'table' => $table ) + $row;
		return 1;
	}
	public function delete( $table, $where, $formats ) {
		if ( 'wp_wc_webhooks' === $table ) {
			unset( state()['webhooks'][ $where['webhook_id'] ] );
		} else {
			unset( state()['keys'][ 'k' . $where['key_id'] ] );
		}
		return 1;
	}
	public function get_results( $sql ) {
		if ( 'SELECT webhook_id, name, topic, delivery_url FROM wp_wc_webhooks' !== $sql ) {
			throw new Exception( $sql );
		}
		$rows = array();
		foreach ( state()['webhooks'] as $id => $webhook ) {
			$rows[] = (object) ( array( 'webhook_id' => (string) $id ) + $webhook );
		}
		return $rows;
	}
	public function esc_like( $text ) {
		return addcslashes( $text, '_%\\' );
	}
	public function prepare( $sql, ...$values ) {
		return vsprintf( str_replace( '%s', "'%s'", $sql ), array_map( 'addslashes', $values ) );
	}
	/** Deletes options by the beginnings of their names, which for transients is `_transient_` and the name. */
	public function query( $sql ) {
		preg_match_all( "/option_name LIKE '([^']*)%'/", $sql, $found );
		if ( 0 !== strpos( $sql, 'DELETE FROM wp_options WHERE' ) || ! $found[1] ) {
			throw new Exception( $sql );
		}
		foreach ( array_map( 'stripslashes', array_map( 'stripslashes', $found[1] ) ) as $beginning ) {
			foreach ( array_keys( state()['transients'] ) as $name ) {
				if ( 0 === strpos( '_transient_' . $name, $beginning ) ) {
					unset( state()['transients'][ $name ] );
				}
			}
		}
	}
}

class Stub_Webhook {
	private $id;
	public function __construct( $id ) {
		$this->id = $id;
	}
	public function delete( $is_forced ) {
		if ( $is_forced ) {
			unset( state()['webhooks'][ $this->id ] );
			state()['removed_by_woocommerce'][] = $this->id;
		}
	}
}

class Stub_Countries {
	public function get_base_country() {
		return 'ID';
	}
	public function get_country_calling_code( $country ) {
		return '+62';
	}
}

class Stub_Product {
	public function get_id() {
		return state()['product']['id'];
	}
	public function get_name() {
		return state()['product']['name'];
	}
}
