package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.IncomingBody;
import dev.selvedge.server.http1.Refusal;
import dev.selvedge.server.http1.RefusalAnswer;
import java.io.IOException;
import java.util.Arrays;

/** A body that is read from the connection while its request is being answered, by a thread that may wait. */
final class ConnectionBody implements BodySource {

    private static final int SCRATCH_BYTES = 16 * 1024;
    private static final int AHEAD_MIN_BYTES = 512;

    private final HandlerTurn turn;
    private final IncomingBody body;
    private byte[] scratch;
    private FieldSection trailers = FieldSection.EMPTY;
    private boolean ended;
    private boolean failed;

    /** What was read before anybody asked for it: its octets from {@code aheadFrom} to {@code aheadTo}. */
    private byte[] ahead;
    private int aheadFrom;
    private int aheadTo;
    private volatile boolean over;

    ConnectionBody(HandlerTurn turn, IncomingBody body) {
        this.turn = turn;
        this.body = body;
    }

    /** Ends the exchange: the connection belongs to others now. */
    void end() {
        over = true;
    }

    @Override
    public long length() {
        return body.declared();
    }

    @Override
    public int read(byte[] dst, int from, int count) throws IOException {
        if (ended && aheadFrom == aheadTo) {
            return -1;
        }
        if (over) {
            throw new IOException("the request has been answered: what was not read of its body is gone");
        }
        if (aheadFrom < aheadTo) {
            int n = Math.min(count, aheadTo - aheadFrom);
            System.arraycopy(ahead, aheadFrom, dst, from, n);
            aheadFrom += n;
            return n;
        }
        if (!turn.leaveCall()) {
            throw new ConnectionFailedException("the request was answered 503, because its handler takes too long");
        }
        try {
            return readWaiting(dst, from, count);
        } finally {
            turn.enterCall();
        }
    }

    private int readWaiting(byte[] dst, int from, int count) throws IOException {
        for (;;) {
            int n = body.read(dst, from, count);
            if (n > 0) {
                return n;
            }
            switch (n) {
                case IncomingBody.END -> {
                    ended = true;
                    trailers = body.trailers();
                    return -1;
                }
                case IncomingBody.REFUSED -> throw new RefusedBodyException(body.refusal());
                default -> waitForInput();
            }
        }
    }

    /**
     * Reads away what the handler has left, unless it is large: a request is answered when it is whole (RFC 9112 §6.3).
     * Nobody else can read it from now on.
     *
     * @return the handler's answer, or another if the rest of the body is refused
     */
    Answer discardRest(Answer answer) throws IOException {
        over = true;
        if (body.refusal() != null) {
            return answer;
        }
        for (;;) {
            switch (body.discard(turn.maxDrainBytes())) {
                case IncomingBody.NEED_INPUT -> waitForInput();
                case IncomingBody.REFUSED -> {
                    return RefusalAnswer.of(body.refusal());
                }
                default -> {
                    return answer;
                }
            }
        }
    }

    /**
     * Reads what is left, unless it is large, and keeps it for {@link #read}: nothing is sent of a streamed response
     * before its request is whole (RFC 9112 §6.3), but its writer may still want the body.
     *
     * @throws RefusedBodyException if it is refused, however often this is called
     */
    void readAhead() throws IOException {
        long max = turn.maxDrainBytes();
        if (ahead == null && (body.refusal() != null || !body.restIsAtMost(max))) {
            return; // who answers knows of the refusal
        }
        ahead = ahead == null ? new byte[AHEAD_MIN_BYTES] : ahead;
        // One octet more than the limit tells whether that was all, however the body is cut.
        while (!ended && aheadTo <= max) {
            if (aheadTo == ahead.length) {
                ahead = Arrays.copyOf(ahead, 2 * ahead.length);
            }
            int room = (int) Math.min(ahead.length - 1, max) + 1 - aheadTo;
            aheadTo += Math.max(0, readWaiting(ahead, aheadTo, room));
        }
        if (aheadTo > max) {
            turn.closeBehindResponse();
        }
    }

    private void waitForInput() throws IOException {
        if (failed) {
            throw new ConnectionFailedException("the connection has failed before"); // no edge will come any more
        }
        if (scratch == null) {
            scratch = new byte[SCRATCH_BYTES];
        }
        try {
            if (!turn.flushWaiting() || !turn.fillWaiting(scratch)) {
                body.refuse(turn.isOverdue() ? Refusal.HANDLER_TIMEOUT : Refusal.BODY_TIMEOUT);
            }
        } catch (ConnectionFailedException e) {
            failed = true;
            throw e;
        }
    }

    @Override
    public FieldSection trailers() {
        return trailers;
    }
}
