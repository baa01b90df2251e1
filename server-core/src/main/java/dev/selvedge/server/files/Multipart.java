package dev.selvedge.server.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/**
 * The body of a response with several parts of a representation: multipart/byteranges (RFC 9110 §14.6, RFC 2046 §5.1).
 *
 * @param boundary stands between the parts: letters, digits and hyphens, so that it needs no quotation marks, which
 *     some clients can't read; nobody who wrote the file can know it before
 * @param partType the representation's Content-Type; null for none
 * @param completeLength how many octets the representation has
 * @param ranges the parts
 */
record Multipart(String boundary, String partType, long completeLength, List<ByteRange> ranges) {

    /** Writes octets of the representation. */
    @FunctionalInterface
    interface RangeWriter {
        /** Writes exactly the octets of that range. */
        void write(ByteRange range, OutputStream out) throws IOException;
    }

    /** Makes the body with a boundary of its own. */
    Multipart(String partType, long completeLength, List<ByteRange> ranges) {
        this(UUID.randomUUID().toString(), partType, completeLength, ranges);
    }

    /** Returns the response's Content-Type. */
    String contentType() {
        return "multipart/byteranges; boundary=" + boundary;
    }

    /** Returns how many octets {@link #writeTo} writes. */
    long length() {
        long length = end().length;
        for (int index = 0; index < ranges.size(); index++) {
            length = Math.addExact(length, head(index).length + ranges.get(index).length());
        }
        return length;
    }

    /**
     * Writes all of it.
     *
     * @param out takes the octets; is not closed
     * @param content is asked for each range in turn
     */
    void writeTo(OutputStream out, RangeWriter content) throws IOException {
        for (int index = 0; index < ranges.size(); index++) {
            out.write(head(index));
            content.write(ranges.get(index), out);
        }
        out.write(end());
    }

    /** The line break before a boundary belongs to it and not to the part before, so the first needs none. */
    private byte[] head(int index) {
        return octets((index == 0 ? "--" : "\r\n--") + boundary + "\r\n"
                + (partType == null ? "" : "Content-Type: " + partType + "\r\n")
                + "Content-Range: " + ranges.get(index).contentRange(completeLength) + "\r\n\r\n");
    }

    private byte[] end() {
        return octets("\r\n--" + boundary + "--\r\n");
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
