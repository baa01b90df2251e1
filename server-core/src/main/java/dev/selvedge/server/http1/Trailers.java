package dev.selvedge.server.http1;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The fields that a response in chunks ends with: their names are announced in its head, their values are asked for
 * when its content is complete (RFC 9110 §6.5, §6.6.2).
 *
 * @param fields in the order in which they are sent
 */
public record Trailers(List<Field> fields) {

    /** No trailers. */
    public static final Trailers NONE = new Trailers(List.of());

    /** Fields that a client needs before the content, or that decide about the message itself (RFC 9110 §6.5.1). */
    private static final Set<String> FORBIDDEN = Set.of("age", "authorization", "cache-control", "connection",
            "content-encoding", "content-length", "content-range", "content-type", "cookie", "date", "expect",
            "expires", "host", "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since",
            "keep-alive", "location", "max-forwards", "pragma", "proxy-authenticate", "proxy-authorization",
            "proxy-connection", "range", "retry-after", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade",
            "vary", "warning", "www-authenticate");

    /**
     * One field.
     *
     * @param name its name
     * @param value makes its value; null for a line that is left out after all
     */
    public record Field(String name, Supplier<String> value) { }

    /**
     * Returns these trailers and one more.
     *
     * @param name its name
     * @param value makes its value
     * @throws IllegalArgumentException if the name is no token, or is that of a field that must not be a trailer
     */
    public Trailers with(String name, Supplier<String> value) {
        FieldSection.builder().add(name, "");
        if (FORBIDDEN.contains(name.toLowerCase(Locale.ROOT))) {
            throw new IllegalArgumentException(name + " can't be a trailer: a client has to know it before the body"
                    + " (RFC 9110 §6.5.1)");
        }
        return new Trailers(Stream.concat(fields.stream(), Stream.of(new Field(name, value))).toList());
    }

    /** Returns the value of the field Trailer, or an empty text if there are no trailers. */
    String announcement() {
        return fields.stream().map(Field::name).distinct().collect(Collectors.joining(", "));
    }

    /**
     * Makes all values.
     *
     * @return the lines
     * @throws IllegalArgumentException if a value has a character that no field value may have
     */
    public FieldSection values() {
        if (fields.isEmpty()) {
            return FieldSection.EMPTY;
        }
        FieldSection.Builder lines = FieldSection.builder();
        for (Field field : fields) {
            String value = field.value().get();
            if (value != null) {
                lines.add(field.name(), value);
            }
        }
        return lines.build();
    }
}
