package dev.selvedge.server;

import dev.selvedge.server.http1.FieldSection;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Content-Type as a header section of one line: ready-made for the types that most responses have. */
final class ContentTypeField {

    private static final String NAME = "Content-Type";

    private static final Map<String, FieldSection> READY = Stream.of(
            MediaType.TEXT, MediaType.HTML, MediaType.JSON,
            "text/plain", "text/html", "text/css", "text/css; charset=utf-8", "text/csv; charset=utf-8",
            "text/event-stream", "text/javascript", "text/javascript; charset=utf-8",
            "application/json; charset=utf-8", "application/octet-stream", "application/pdf", "application/xml",
            "application/zip", "font/woff2", "image/gif", "image/jpeg", "image/png", "image/svg+xml", "image/webp",
            "video/mp4").collect(Collectors.toUnmodifiableMap(type -> type, type -> FieldSection.of(NAME, type)));

    private ContentTypeField() { }

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
