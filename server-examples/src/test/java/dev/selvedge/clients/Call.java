package dev.selvedge.clients;

import java.net.URI;
import java.util.Map;

/**
 * A request to be sent by a {@link Client}.
 *
 * @param method the method
 * @param uri where to
 * @param headers further header lines
 * @param body the body, or null if there is none
 * @param chunked whether the body is sent in chunks, as if nobody knew its length
 * @param expectContinue whether the client waits to be told to send the body
 */
record Call(String method, URI uri, Map<String, String> headers, byte[] body, boolean chunked, boolean expectContinue) {

    static Call get(URI uri) {
        return new Call("GET", uri, Map.of(), null, false, false);
    }

    static Call of(String method, URI uri) {
        return new Call(method, uri, Map.of(), null, false, false);
    }

    static Call post(URI uri, byte[] body) {
        return new Call("POST", uri, Map.of("Content-Type", "text/plain"), body, false, false);
    }

    Call withHeaders(Map<String, String> newHeaders) {
        return new Call(method, uri, newHeaders, body, chunked, expectContinue);
    }

    Call inChunks() {
        return new Call(method, uri, headers, body, true, expectContinue);
    }

    Call expectingContinue() {
        return new Call(method, uri, headers, body, chunked, true);
    }
}
