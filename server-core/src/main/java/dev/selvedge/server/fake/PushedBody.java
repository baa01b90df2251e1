package dev.selvedge.server.fake;

import dev.selvedge.server.BodyWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The body of a streamed response, piece by piece as a test pushes it: one now, one later, and the end.
 *
 * <pre>{@code
 * PushedBody ticks = new PushedBody();
 * server.on("GET", "/ticks").respond(Response.stream("text/event-stream", ticks));
 *
 * ticks.push(ServerSentEvent.of("one").withId("1"));
 * …                                                     // what does the client do now?
 * ticks.push(ServerSentEvent.of("two").withId("2"));
 * ticks.end();
 * }</pre>
 *
 * <p>The head of the response goes out at once, and each piece as a chunk of its own when it is pushed. Every response
 * that has this body gets all of it, what was pushed before it began included; a rule can have another body for the
 * client's next request, by {@link Rule#then(dev.selvedge.server.Response) then(...)}. A fault may be added as to any
 * {@link Reply}. May be used by any thread.
 */
public final class PushedBody implements BodyWriter {

    private enum End { NOT_YET, WHOLE, BROKEN_OFF }

    private final List<byte[]> pieces = new ArrayList<>();
    private End end = End.NOT_YET;

    /** Makes a body of which nothing has been pushed. */
    public PushedBody() { }

    /**
     * Sends a piece, or keeps it for the response that has not begun yet.
     *
     * @param text the piece, as UTF-8
     * @return this body
     * @throws IllegalArgumentException if it is empty, which no chunk can be
     * @throws IllegalStateException if the body has been ended
     */
    public PushedBody push(String text) {
        return push(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Sends an event of a stream of type {@code text/event-stream}.
     *
     * @param event the event
     * @return this body
     * @throws IllegalStateException if the body has been ended
     */
    public PushedBody push(ServerSentEvent event) {
        return push(event.toString());
    }

    /**
     * Sends a piece, or keeps it for the response that has not begun yet.
     *
     * @param bytes the piece; copied
     * @return this body
     * @throws IllegalArgumentException if it is empty, which no chunk can be
     * @throws IllegalStateException if the body has been ended
     */
    public PushedBody push(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("the piece is empty; a chunk of nothing would be the end of the body");
        }
        synchronized (pieces) {
            requireGoingOn();
            pieces.add(bytes.clone());
            pieces.notifyAll();
        }
        return this;
    }

    /**
     * Ends the body in order.
     *
     * @throws IllegalStateException if the body has been ended
     */
    public void end() {
        end(End.WHOLE);
    }

    /**
     * Breaks the body off: the connection ends without the end of the body, and the server logs that.
     *
     * @throws IllegalStateException if the body has been ended
     */
    public void breakOff() {
        end(End.BROKEN_OFF);
    }

    private void end(End how) {
        synchronized (pieces) {
            requireGoingOn();
            end = how;
            pieces.notifyAll();
        }
    }

    private void requireGoingOn() {
        if (end != End.NOT_YET) {
            throw new IllegalStateException("the body has been ended; a further response needs a new one");
        }
    }

    /** Writes all of it as it is pushed; for the server. */
    @Override
    public void writeTo(OutputStream out) throws IOException, InterruptedException {
        Objects.requireNonNull(out, "out");
        out.flush();
        int next = 0;
        for (byte[] piece = await(next); piece != null; piece = await(next)) {
            out.write(piece);
            out.flush();
            next++;
        }
    }

    /** Returns a piece when it has been pushed, or null at the end of all. */
    private byte[] await(int index) throws IOException, InterruptedException {
        synchronized (pieces) {
            while (index == pieces.size() && end == End.NOT_YET) {
                pieces.wait();
            }
            if (index == pieces.size() && end == End.BROKEN_OFF) {
                throw new IOException("the test has broken the body off");
            }
            return index == pieces.size() ? null : pieces.get(index);
        }
    }
}
