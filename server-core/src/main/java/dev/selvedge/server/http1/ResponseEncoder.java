package dev.selvedge.server.http1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

/**
 * Turns an {@link Answer} into the octets of a response head, and decides how the end of its content is found
 * (RFC 9112 §6).
 */
final class ResponseEncoder {

    /** How a client finds the end of the content. */
    enum Delimiting {
        /** The status has no content: 204, 304 (RFC 9112 §6.3, rule 1). */
        NO_CONTENT,
        /** By Content-Length. */
        LENGTH,
        /** By the last chunk. */
        CHUNKED,
        /** By the end of the connection: a length that is not known, towards HTTP/1.0. */
        CLOSE
    }

    /** What the head says of the connection. */
    enum Persistence {
        /** Nothing: HTTP/1.1 persists by itself. */
        IMPLIED,
        /** {@code Connection: keep-alive}, towards HTTP/1.0. */
        KEEP_ALIVE,
        /** {@code Connection: close}. */
        CLOSE;

        /** Returns what is to be said (RFC 9112 §9.3). */
        static Persistence of(boolean last, Version version) {
            return last ? CLOSE : version == Version.HTTP_1_1 ? IMPLIED : KEEP_ALIVE;
        }
    }

    private static final byte[] NOTHING = {};
    private static final byte[] CONTENT_LENGTH = octets("Content-Length: ");
    private static final byte[] CHUNKED = octets("Transfer-Encoding: chunked\r\n");
    private static final byte[] TRAILER = octets("Trailer: ");
    private static final byte[] CLOSE = octets("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = octets("Connection: keep-alive\r\n");

    /** Room for everything but the usual beginning and the application's fields: a longer status line, framing. */
    private static final int FRAMING_MAX_BYTES = 192;

    private ResponseEncoder() { }

    /** Decides how the content of an answer is delimited. A 205 has the length 0 (RFC 9110 §15.3.6). */
    static Delimiting delimiting(Answer answer, Version version) {
        return switch (answer.status()) {
            case 204, 304 -> Delimiting.NO_CONTENT;
            case 205 -> Delimiting.LENGTH;
            default -> {
                if (answer.content().length() != Content.UNKNOWN_LENGTH) {
                    yield Delimiting.LENGTH;
                }
                yield version == Version.HTTP_1_1 ? Delimiting.CHUNKED : Delimiting.CLOSE;
            }
        };
    }

    /**
     * Appends the head of a response to the output.
     *
     * @param contentBytes how many octets of content will be appended next, so that there is room for all at once
     */
    static void head(Output out, Answer answer, Delimiting delimiting, Persistence persistence, ServerFields standing,
            int contentBytes) {
        FieldSection fields = answer.fields();
        byte[] announced = announcement(answer, delimiting);
        byte[] dst = out.reserve(standing.usualBeginning().length + announced.length + fields.wireLength()
                + FRAMING_MAX_BYTES + contentBytes);
        int at = fields.writeTo(dst, begin(dst, out.end(), answer, standing));
        at = switch (delimiting) {
            case NO_CONTENT, CLOSE -> at;
            case CHUNKED -> put(announced, dst, put(CHUNKED, dst, at));
            case LENGTH -> {
                long length = answer.status() == 205 ? 0 : answer.content().length();
                yield lineEnd(dst, decimal(length, dst, put(CONTENT_LENGTH, dst, at)));
            }
        };
        at = switch (persistence) {
            case IMPLIED -> at;
            case KEEP_ALIVE -> put(KEEP_ALIVE, dst, at);
            case CLOSE -> put(CLOSE, dst, at);
        };
        out.written(lineEnd(dst, at));
    }

    /** Puts the status line and the server's fields. */
    private static int begin(byte[] dst, int at, Answer answer, ServerFields standing) {
        FieldSection fields = answer.fields();
        return answer.status() == 200 && !fields.hasDate() && !fields.hasServer()
                ? put(standing.usualBeginning(), dst, at)
                : put(standing.octets(fields), dst, put(StatusLine.octets(answer.status()), dst, at));
    }

    /** Returns the line that announces trailers (RFC 9110 §6.6.2), or nothing. */
    private static byte[] announcement(Answer answer, Delimiting delimiting) {
        boolean chunked = delimiting == Delimiting.CHUNKED;
        if (!chunked || !(answer.content() instanceof Content.Streamed streamed)
                || streamed.trailers() == Trailers.NONE) {
            return NOTHING;
        }
        byte[] names = octets(streamed.trailers().announcement());
        byte[] line = new byte[TRAILER.length + names.length + 2];
        lineEnd(line, put(names, line, put(TRAILER, line, 0)));
        return line;
    }

    private static int put(byte[] src, byte[] dst, int at) {
        System.arraycopy(src, 0, dst, at, src.length);
        return at + src.length;
    }

    static int lineEnd(byte[] dst, int at) {
        dst[at] = '\r';
        dst[at + 1] = '\n';
        return at + 2;
    }

    private static int decimal(long value, byte[] dst, int at) {
        int end = at + digits(value);
        int digit = end;
        long rest = value;
        do {
            long tens = rest / 10;
            dst[--digit] = (byte) ('0' + rest - 10 * tens);
            rest = tens;
        } while (rest > 0);
        return end;
    }

    private static int digits(long value) {
        int n = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            n++;
        }
        return n;
    }

    private static byte[] octets(String text) {
        return text.getBytes(ISO_8859_1);
    }
}
