package dev.selvedge.server.fake;

import dev.selvedge.server.Header;
import dev.selvedge.server.Headers;
import dev.selvedge.server.Response;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A request and its response, as they are saved in a file.
 *
 * <pre>
 * {@literal >} POST /orders?urgent=true          a request: method and target
 * {@literal >} Content-Type: application/json    its header lines
 * {@literal >}
 * {@literal >} {"item":7}                        its body, if it is text: line by line
 * {@literal <} 200                               the response: status
 * {@literal <} Content-Type: image/png           its header lines
 * {@literal <}
 * {@literal <}64 iVBORw0KGgo=                     its body, if it is not: Base64, on any number of lines
 * </pre>
 *
 * <p>A body that ends with a line feed has an empty line as its last one. Lines that are empty or begin with # are for
 * the reader. A file may have several exchanges.
 *
 * @param method the request's method
 * @param target its target as it was received
 * @param requestHeaders its header lines
 * @param requestBody its body, not to be changed
 * @param status the response's status, 200 to 599
 * @param responseHeaders its header lines, without those that tell how its body is delimited
 * @param responseBody its body, not to be changed
 */
record SavedExchange(String method, String target, Headers requestHeaders, byte[] requestBody, int status,
        Headers responseHeaders, byte[] responseBody) {

    private static final int BASE64_LINE_LENGTH = 76;

    /** Returns the response as it is served again. */
    Response response() {
        Response response = responseBody.length == 0 ? Response.status(status)
                : Response.bytes("application/octet-stream", responseBody).withStatus(status);
        response = response.withoutHeader("Content-Type");
        for (Header header : responseHeaders) {
            response = response.withAddedHeader(header.name(), header.value());
        }
        return response;
    }

    /** Returns the text that {@link SavedText#read} understands. */
    String text() {
        StringBuilder text = new StringBuilder();
        append(text, '>', method + " " + target, requestHeaders, requestBody);
        append(text, '<', "" + status, responseHeaders, responseBody);
        return text.toString();
    }

    private static void append(StringBuilder text, char side, String first, Headers headers, byte[] body) {
        text.append(side).append(' ').append(first).append('\n');
        for (Header header : headers) {
            text.append(side).append(' ').append(header.name()).append(": ").append(header.value()).append('\n');
        }
        if (body.length == 0) {
            return;
        }
        text.append(side).append('\n');
        String readable = readable(body);
        if (readable == null) {
            Base64.getMimeEncoder(BASE64_LINE_LENGTH, new byte[] {'\n'}).encodeToString(body).lines()
                    .forEach(line -> text.append(side).append("64 ").append(line).append('\n'));
            return;
        }
        for (String line : readable.split("\n", -1)) {
            text.append(side).append(line.isEmpty() ? "" : " ").append(line).append('\n');
        }
    }

    /** Returns the body as text, or null if lines of UTF-8 without control characters would not be the same. */
    private static String readable(byte[] body) {
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
            boolean plain = text.chars().allMatch(c -> c == '\n' || c == '\t' || !Character.isISOControl(c));
            return plain ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
