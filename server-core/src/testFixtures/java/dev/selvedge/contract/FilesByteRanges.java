package dev.selvedge.contract;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a multipart/byteranges body back, strictly (RFC 9110 §14.6, RFC 2046 §5.1.1). */
final class FilesByteRanges {

    private static final Pattern TYPE =
            Pattern.compile("multipart/byteranges; boundary=([0-9A-Za-z'()+_,./:=?-]{1,70})");
    private static final Pattern RANGE = Pattern.compile("bytes (0|[1-9][0-9]*)-(0|[1-9][0-9]*)/(0|[1-9][0-9]*)");

    private FilesByteRanges() { }

    /** One part, of a representation of {@code of} octets. */
    record Part(long first, long last, long of, String type, byte[] content) {

        @Override
        public String toString() {
            return first + "-" + last + "/" + of + " " + type;
        }
    }

    static List<Part> parse(HttpReply reply) {
        Matcher type = TYPE.matcher(reply.first("Content-Type"));
        assertTrue(type.matches(), reply::toString);
        String text = reply.text();
        String delimiter = "--" + type.group(1);
        assertTrue(text.startsWith(delimiter + "\r\n"), reply::toString);
        List<Part> parts = new ArrayList<>();
        int at = delimiter.length() + 2;
        for (boolean more = true; more;) {
            int end = text.indexOf("\r\n" + delimiter, at);
            assertTrue(end >= 0, () -> "a part without end: " + reply);
            parts.add(part(text.substring(at, end)));
            at = end + 2 + delimiter.length() + 2;
            more = text.startsWith("\r\n", at - 2);
            assertTrue(more || text.startsWith("--\r\n", at - 2) && at + 2 == text.length(), reply::toString);
        }
        return parts;
    }

    private static Part part(String text) {
        int body = text.indexOf("\r\n\r\n");
        String type = null;
        Matcher range = null;
        for (String line : text.substring(0, body).split("\r\n")) {
            String[] field = line.split(": ", 2);
            switch (field[0]) {
                case "Content-Type" -> type = field[1];
                case "Content-Range" -> range = RANGE.matcher(field[1]);
                default -> throw new AssertionError("a field that no part needs: " + line);
            }
        }
        assertTrue(range != null && range.matches(), text.substring(0, body));
        byte[] content = text.substring(body + 4).getBytes(ISO_8859_1);
        Part part = new Part(Long.parseLong(range.group(1)), Long.parseLong(range.group(2)),
                Long.parseLong(range.group(3)), type, content);
        assertEquals(part.last() - part.first() + 1, content.length, part.toString());
        return part;
    }

    /** Fails if the parts are not those ranges of the content, in that order. */
    static void assertParts(HttpReply reply, byte[] content, String type, long[]... ranges) {
        List<Part> parts = parse(reply);
        assertEquals(ranges.length, parts.size(), parts.toString());
        for (int i = 0; i < ranges.length; i++) {
            Part part = parts.get(i);
            assertEquals(ranges[i][0], part.first(), parts.toString());
            assertEquals(ranges[i][1], part.last(), parts.toString());
            assertEquals(content.length, part.of(), parts.toString());
            assertEquals(type, part.type(), parts.toString());
            assertTrue(Arrays.equals(content, Math.toIntExact(part.first()), Math.toIntExact(part.last() + 1),
                    part.content(), 0, part.content().length), part + " has other octets");
        }
    }
}
