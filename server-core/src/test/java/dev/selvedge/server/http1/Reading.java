package dev.selvedge.server.http1;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads requests from bytes that come in pieces, with parser and decoder, and writes down what comes out.
 *
 * <p>Between the pieces the bytes move, and the arrays end where the bytes end, or a little behind that.
 */
final class Reading {

    private static final byte[] FILL = Spelling.octets("\r\n\r\n:Host a\0");

    private enum State { HEAD, LENGTH, CHUNKED, ENOUGH, REFUSED }

    private final Vector.Limits limits;
    private final int maxRequests;
    private final RequestParser parser;
    private final List<String> events = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();

    private State state = State.HEAD;
    private byte[] waiting = new byte[0];
    private int requests;
    private long remaining;
    private ChunkedDecoder decoder;
    private int turn;

    private Reading(RequestParser parser, Vector.Limits limits, int maxRequests) {
        this.limits = limits;
        this.maxRequests = maxRequests;
        this.parser = parser;
    }

    /** What came out, and how many bytes were not touched. */
    record Result(List<String> events, int untouched) { }

    /**
     * Reads all bytes.
     *
     * @param cuts where the bytes are cut, in rising order
     * @param maxRequests the number of requests after which no more are read
     */
    static Result read(byte[] octets, Vector.Limits limits, int maxRequests, int... cuts) {
        return read(new RequestParser(limits.head()), octets, limits, maxRequests, cuts);
    }

    /** Reads all bytes likewise, with a parser that may have read others before. */
    static Result read(RequestParser parser, byte[] octets, Vector.Limits limits, int maxRequests, int... cuts) {
        Reading reading = new Reading(parser, limits, maxRequests);
        int from = 0;
        for (int cut : cuts) {
            reading.take(Arrays.copyOfRange(octets, from, cut));
            from = cut;
        }
        reading.take(Arrays.copyOfRange(octets, from, octets.length));
        reading.end();
        return new Result(reading.events, reading.waiting.length);
    }

    private void take(byte[] piece) {
        byte[] all = Arrays.copyOf(waiting, waiting.length + piece.length);
        System.arraycopy(piece, 0, all, waiting.length, piece.length);
        waiting = all;
        boolean more = true;
        while (more) {
            more = switch (state) {
                case HEAD -> readHead();
                case LENGTH -> readLength();
                case CHUNKED -> readChunks();
                case ENOUGH, REFUSED -> false;
            };
        }
    }

    private void consume(int length) {
        waiting = Arrays.copyOfRange(waiting, length, waiting.length);
    }

    /** Returns the bytes at another place of another array than in the turn before. */
    private byte[] moved(int from) {
        byte[] moved = new byte[from + waiting.length + turn % 4 * 3];
        for (int index = 0; index < moved.length; index++) {
            moved[index] = FILL[(index + turn) % FILL.length];
        }
        System.arraycopy(waiting, 0, moved, from, waiting.length);
        return moved;
    }

    private boolean readHead() {
        int from = ++turn % 3;
        byte[] bytes = moved(from);
        int length = parser.parse(bytes, from, from + waiting.length);
        if (length == RequestParser.INCOMPLETE) {
            return false;
        }
        if (length == RequestParser.REFUSED) {
            return refuse(parser.refusal());
        }
        RequestHead head = parser.head(bytes, from);
        Arrays.fill(bytes, (byte) 'x');
        requests++;
        describe(head);
        body.reset();
        consume(length);
        return switch (head.framing()) {
            case Framing.None() -> {
                state = requests == maxRequests ? State.ENOUGH : State.HEAD;
                yield true;
            }
            case Framing.Length(long octets) -> {
                remaining = octets;
                state = State.LENGTH;
                yield true;
            }
            case Framing.Chunked() -> {
                decoder = new ChunkedDecoder(limits.maxExtensionBytes(), limits.head());
                state = State.CHUNKED;
                yield true;
            }
            case Framing.Refused(Refusal refusal) -> throw new AssertionError(refusal);
        };
    }

    private void describe(RequestHead head) {
        events.add("request " + head.method() + " " + head.target());
        events.add("form " + head.form());
        events.add("version " + head.version());
        events.add("authority " + head.authority());
        events.add("path " + part(head, head.pathFrom(), head.pathTo()));
        events.add("plain " + (head.pathIsPlain() ? "yes" : "no"));
        events.add("query " + (head.queryFrom() < 0 ? "none" : part(head, head.queryFrom(), head.queryTo())));
        for (int line = 0; line < head.fields().size(); line++) {
            events.add("field " + head.fields().name(line) + ": " + head.fields().value(line));
        }
        events.add("framing " + switch (head.framing()) {
            case Framing.None() -> "none";
            case Framing.Length(long octets) -> "length " + octets;
            case Framing.Chunked() -> "chunked";
            case Framing.Refused(Refusal refusal) -> "refused " + refusal;
        });
        events.add("persistent " + (head.persistent() ? "yes" : "no"));
        events.add("continue " + (head.expectsContinue() ? "yes" : "no"));
    }

    private static String part(RequestHead head, int from, int to) {
        return Spelling.text(Arrays.copyOfRange(head.octets(), from, to));
    }

    private boolean readLength() {
        int length = (int) Math.min(remaining, waiting.length);
        body.write(waiting, 0, length);
        remaining -= length;
        consume(length);
        if (remaining > 0) {
            return false;
        }
        return endBody(FieldSection.EMPTY);
    }

    private boolean readChunks() {
        int from = ++turn % 3;
        byte[] bytes = moved(from);
        byte[] room = new byte[2 + turn % 5 * 700];
        ChunkedDecoder.Result result = decoder.decode(bytes, from, from + waiting.length, room, 1, room.length);
        body.write(room, 1, decoder.produced());
        return switch (result) {
            case NEED_INPUT -> {
                if (decoder.consumed() != waiting.length) {
                    throw new AssertionError("input is left, but more is wanted");
                }
                consume(decoder.consumed());
                yield false;
            }
            case NEED_ROOM -> {
                if (decoder.produced() != room.length - 1) {
                    throw new AssertionError("room is left, but more is wanted");
                }
                consume(decoder.consumed());
                yield true;
            }
            case END -> {
                consume(decoder.consumed());
                yield endBody(decoder.trailers());
            }
            case REFUSED -> refuse(decoder.refusal());
        };
    }

    private boolean endBody(FieldSection trailers) {
        events.add("body " + Spelling.text(body.toByteArray()));
        for (int line = 0; line < trailers.size(); line++) {
            events.add("trailer " + trailers.name(line) + ": " + trailers.value(line));
        }
        state = requests == maxRequests ? State.ENOUGH : State.HEAD;
        return true;
    }

    private boolean refuse(Refusal refusal) {
        events.add("refused " + refusal + " " + refusal.status());
        state = State.REFUSED;
        return false;
    }

    private void end() {
        if (state == State.HEAD && !parser.idle()) {
            events.add("incomplete head");
        } else if (state == State.LENGTH || state == State.CHUNKED) {
            events.add("incomplete body");
        }
    }
}
