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
		unset( state()['keys'][ 'k' . $where['key_id'] ] );
		return 1;
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
