package dev.selvedge.server.engine;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Reads responses octet by octet, as a client that knows RFC 9112 and nothing of this server. */
final class SimReplyReader {

    private enum Phase { STATUS_LINE, FIELDS, CONTENT, CHUNK_SIZE, CHUNK, CHUNK_END, TRAILERS, UNTIL_END }

    private final BooleanSupplier hasNoContent;
    private final Consumer<SimReply> taker;
    private final StringBuilder line = new StringBuilder();
    private final ByteArrayOutputStream content = new ByteArrayOutputStream();
    private final List<String> fields = new ArrayList<>();
    private final List<String> trailers = new ArrayList<>();
    private Phase phase = Phase.STATUS_LINE;
    private int status;
    private long remaining;

    /**
     * Makes a reader.
     *
     * @param hasNoContent says whether the response to the current request has no content, whatever its status
     * @param taker gets each response, interim ones too
     */
    SimReplyReader(BooleanSupplier hasNoContent, Consumer<SimReply> taker) {
        this.hasNoContent = hasNoContent;
        this.taker = taker;
    }

    void take(byte[] src, int length) {
        for (int i = 0; i < length; i++) {
            take(src[i]);
        }
    }

    /** Returns whether nothing of a response has come beyond the last one. */
    boolean betweenReplies() {
        return phase == Phase.STATUS_LINE && line.isEmpty();
    }

    /** The connection has ended in order: that is the end of a response that has no other. */
    void end() {
        if (phase == Phase.UNTIL_END) {
            complete(false);
        }
    }

    private void take(byte octet) {
        switch (phase) {
            case STATUS_LINE, FIELDS, CHUNK_SIZE, CHUNK_END, TRAILERS -> {
                line.append((char) (octet & 0xFF));
                int length = line.length();
                if (octet == '\n') {
                    require(length > 1 && line.charAt(length - 2) == '\r', "a bare LF");
                    String text = line.substring(0, length - 2);
                    line.setLength(0);
                    require(text.indexOf('\r') < 0, "a bare CR");
                    takeLine(text);
                }
            }
            case CONTENT, CHUNK, UNTIL_END -> {
                content.write(octet);
                if (--remaining == 0) {
                    if (phase == Phase.CONTENT) {
                        complete(true);
                    } else if (phase == Phase.CHUNK) {
                        phase = Phase.CHUNK_END;
                    }
                }
            }
        }
    }

    private void takeLine(String text) {
        switch (phase) {
            case STATUS_LINE -> {
                require(text.matches("HTTP/1\\.1 [1-5][0-9][0-9] .*"), "no status line: " + text);
                status = Integer.parseInt(text.substring(9, 12));
                phase = Phase.FIELDS;
            }
            case FIELDS -> {
                if (text.isEmpty()) {
                    beginContent();
                } else {
                    require(text.indexOf(": ") > 0, "no field line: " + text);
                    fields.add(text);
                }
            }
            case CHUNK_SIZE -> {
                remaining = Long.parseLong(text, 16);
                phase = remaining == 0 ? Phase.TRAILERS : Phase.CHUNK;
            }
            case CHUNK_END -> {
                require(text.isEmpty(), "a chunk is longer than its size: " + text);
                phase = Phase.CHUNK_SIZE;
            }
            case TRAILERS -> {
                if (text.isEmpty()) {
                    complete(true);
                } else {
                    trailers.add(text);
                }
            }
            case CONTENT, CHUNK, UNTIL_END -> throw new IllegalStateException();
        }
    }

    private void beginContent() {
        SimReply head = new SimReply(status, List.copyOf(fields), new byte[0], List.of(), true);
        String length = head.field("Content-Length");
        String coding = head.field("Transfer-Encoding");
        require(length == null || coding == null, "length and coding together: " + head);
        require(status < 200 || head.field("Date") != null, "no Date: " + head);
        if (status < 200 || status == 204 || status == 304 || hasNoContent.getAsBoolean()) {
            require(status >= 200 && status != 204 || length == null && coding == null, "framing of nothing: " + head);
            complete(true);
        } else if (coding != null) {
            require(coding.equals("chunked"), "unknown coding: " + head);
            phase = Phase.CHUNK_SIZE;
        } else if (length != null) {
            remaining = Long.parseLong(length);
            phase = Phase.CONTENT;
            if (remaining == 0) {
                complete(true);
            }
        } else {
            require(head.closes(), "the connection delimits, but is not closed: " + head);
            remaining = Long.MAX_VALUE;
            phase = Phase.UNTIL_END;
        }
    }

    private void complete(boolean delimited) {
        SimReply reply = new SimReply(status, List.copyOf(fields), content.toByteArray(), List.copyOf(trailers),
                delimited);
        fields.clear();
        trailers.clear();
        content.reset();
        phase = Phase.STATUS_LINE;
        taker.accept(reply);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
