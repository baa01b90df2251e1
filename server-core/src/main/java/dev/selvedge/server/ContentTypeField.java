package dev.selvedge.server;

import dev.selvedge.server.http1.FieldSection;
import java.util.HashMap;
import java.util.Map;

/** Content-Type as a header section of one line: ready-made for the types that most responses have. */
final class ContentTypeField {

    private static final String NAME = "Content-Type";

    private static final Map<String, FieldSection> READY = ready(MediaType.TEXT, MediaType.HTML, MediaType.JSON,
            "text/plain", "text/html", "text/css", "text/css; charset=utf-8", "text/event-stream", "text/javascript",
            "text/javascript; charset=utf-8", "application/json; charset=utf-8", "application/octet-stream",
            "application/pdf", "application/problem+json", "application/x-www-form-urlencoded", "application/xml",
            "font/woff2", "image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp");

    private ContentTypeField() { }

    private static Map<String, FieldSection> ready(String... contentTypes) {
        Map<String, FieldSection> fields = new HashMap<>();
        for (String contentType : contentTypes) {
            fields.put(contentType, FieldSection.of(NAME, contentType));
        }
        return Map.copyOf(fields);
    }

    /**
     * Returns the line for a type.
     *
     * @throws IllegalArgumentException if no header value may be like that
     */
    static FieldSection of(String contentType) {
        FieldSection ready = contentType == null ? null : READY.get(contentType);
        return ready == null ? FieldSection.of(NAME, contentType) : ready;
    }
}
