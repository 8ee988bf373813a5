/* Gives every click a code of its own, and reports it without holding it up. */
( function () {
	'use strict';

	const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
	const link = document.querySelector( '.kabar-whatsapp__link' );
	if ( ! link || ! window.crypto || ! window.crypto.getRandomValues ) {
		return;
	}
	let code;

	function renew() {
		const bytes = window.crypto.getRandomValues( new Uint8Array( 8 ) );
		code = Array.from( bytes, ( byte ) => ALPHABET[ byte & 31 ] ).join( '' );
		const text = link.dataset.text + ' (ref ' + code + ')';
		link.href = 'https://wa.me/' + link.dataset.number + '?text=' + encodeURIComponent( text );
	}

	function report() {
		if ( ! link.dataset.report ) {
			return;
		}
		const click = JSON.stringify( {
			code,
			product_id: link.dataset.product ? Number( link.dataset.product ) : null,
		} );
		try {
			// A beacon outlives the page, which a phone leaves for WhatsApp at once.
			navigator.sendBeacon( link.dataset.report, new Blob( [ click ], { type: 'application/json' } ) );
		} catch ( error ) {
			// The chat opens all the same.
		}
	}

	function clicked( event ) {
		if ( event.type === 'click' || event.button === 1 ) {
			report();
			window.setTimeout( renew ); // only after the browser has followed the address
		}
	}

	renew();
	link.addEventListener( 'click', clicked );
	link.addEventListener( 'auxclick', clicked );
	window.addEventListener( 'pageshow', ( event ) => event.persisted && renew() );
} )();
