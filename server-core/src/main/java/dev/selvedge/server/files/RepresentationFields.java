package dev.selvedge.server.files;

import dev.selvedge.server.Header;
import dev.selvedge.server.Headers;
import dev.selvedge.server.Response;

/**
 * The header lines of one representation's responses, besides those of its content.
 *
 * @param general of all responses: what the builder was told
 * @param caching of those that tell a cache what it has: ETag, Cache-Control, Vary (RFC 9110 §15.4.5)
 * @param own of those that carry content: Last-Modified, Content-Encoding, Accept-Ranges
 * @param encoding those of {@code caching} and {@code own} that hold for the content whatever the status is
 */
record RepresentationFields(Headers general, Headers caching, Headers own, Headers encoding) {

    /** Completes a response with the representation or a part of it. */
    Response ofContent(Response response) {
        return with(with(with(response, own), caching), general);
    }

    /** Returns whether the content has a coding. */
    boolean areEncoded() {
        return encoding.contains("Content-Encoding");
    }

    /** Completes what repeats nothing of what a client knows of the content: a 304, say. */
    Response ofNotModified(Response response) {
        return with(with(response, caching), general);
    }

    /** Completes an error that has a text of its own. */
    Response ofError(Response response) {
        return with(response, general);
    }

    /** Completes an error whose page the representation is. */
    Response ofErrorPage(Response response) {
        return with(with(response, encoding), general).withHeader("Cache-Control", CacheRules.REVALIDATE);
    }

    /** Sets header lines; what the response varies with is added to what it varies with already. */
    static Response with(Response response, Headers headers) {
        Response result = response;
        for (Header header : headers) {
            String before = header.name().equalsIgnoreCase("Vary") ? result.headers().first("Vary").orElse("") : "";
            String value = before.isEmpty() ? header.value() : before + ", " + header.value();
            result = result.withHeader(header.name(), value);
        }
        return result;
    }
}
