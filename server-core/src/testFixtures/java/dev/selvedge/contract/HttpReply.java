package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.List;

/**
 * One response as it came off the wire.
 *
 * @param status its status
 * @param reason its reason phrase, perhaps empty
 * @param fields its field lines, in order
 * @param framing how the end of its content was found
 * @param content what followed the head, without its coding
 * @param trailers the trailer fields of chunked content
 */
public record HttpReply(int status, String reason, List<Field> fields, Framing framing, byte[] content,
        List<Field> trailers) {

    /** How the end of the content was found. */
    public enum Framing {
        /** There is none: the method or the status says so. */
        NO_CONTENT,
        /** By Content-Length. */
        LENGTH,
        /** By the last chunk. */
        CHUNKED,
        /** By the end of the connection. */
        END_OF_CONNECTION
    }

    /**
     * One field line.
     *
     * @param name as it was spelled
     * @param value without the white space around it
     */
    public record Field(String name, String value) { }

    /** Returns the values of all lines with that name, in order. */
    public List<String> all(String name) {
        return fields.stream().filter(field -> field.name().equalsIgnoreCase(name)).map(Field::value).toList();
    }

    /** Returns the value of the first line with that name, or null. */
    public String first(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.getFirst();
    }

    /** Returns whether this is a 1xx, which is followed by another response. */
    public boolean interim() {
        return status < 200;
    }

    /** Returns whether the server has said that the connection ends behind this response. */
    public boolean closes() {
        return "close".equals(first("Connection"));
    }

    /** Returns the content, one character for each octet. */
    public String text() {
        return new String(content, ISO_8859_1);
    }

    @Override
    public String toString() {
        String start = new String(content, 0, Math.min(content.length, 200), ISO_8859_1);
        return status + " " + reason + " " + fields + " " + framing + " " + content.length + " octets: "
                + start + (content.length <= 200 ? "" : "…");
    }
}
