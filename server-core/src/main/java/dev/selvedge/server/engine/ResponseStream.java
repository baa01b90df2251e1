package dev.selvedge.server.engine;

import dev.selvedge.server.http1.ContentEncoder;
import dev.selvedge.server.http1.Output;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/** Takes the content of a streamed response, and makes its writer wait while the client does not read. */
final class ResponseStream extends OutputStream {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final HandlerTurn turn;
    private final ContentEncoder content;
    private final Output out;
    private boolean failed;
    private volatile boolean finished;

    ResponseStream(HandlerTurn turn, ContentEncoder content, Output out) {
        this.turn = turn;
        this.content = content;
        this.out = out;
    }

    /** Returns whether it was the connection that failed, not the writer. */
    boolean failed() {
        return failed;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] src, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, src.length);
        requireOpen();
        if (length > content.room()) {
            throw new IOException("the content is longer than its declared length: " + length
                    + " octets more, with room for " + content.room());
        }
        int at = from;
        int rest = length;
        while (rest > 0) {
            int n = content.write(src, at, rest);
            at += n;
            rest -= n;
            if (out.contiguous() >= BUFFER_BYTES) {
                send();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (!finished) {
            requireOpen();
            content.flush();
            send();
        }
    }

    private void requireOpen() throws IOException {
        if (failed) {
            throw new IOException("the client has closed the connection");
        }
        if (finished) {
            throw new IOException("the response has been completed");
        }
    }

    private void send() throws IOException {
        try {
            failed = !turn.flushWaiting();
        } catch (ConnectionFailedException e) {
            failed = true;
            throw e;
        }
        if (failed) {
            throw new ConnectionFailedException("the client is too slow in reading the response");
        }
    }

    /** Checks that the content is whole, and takes no more. */
    void finish() throws IOException {
        if (failed) {
            throw new IOException("the client has closed the connection");
        }
        if (content.room() > 0 && content.room() != Long.MAX_VALUE) {
            throw new IOException("the content is " + content.room() + " octets shorter than its declared length");
        }
        end();
    }

    /** Takes no more: the connection belongs to others now, whoever may still hold the stream. */
    void end() {
        finished = true;
    }
}
