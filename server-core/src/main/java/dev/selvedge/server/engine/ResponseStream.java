package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.ContentEncoder;
import dev.selvedge.server.http1.Output;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;

/**
 * Takes the content of a streamed response, and makes its writer wait while the client does not read.
 *
 * <p>The response begins, with its head, when something is written: what its writer reads of the request's body before,
 * is still asked for with 100 and may still be refused.
 */
final class ResponseStream extends OutputStream {

    /** With so much in the output it is sent: another chunk might find no room in the buffer that was lent. */
    private static final int FULL_BYTES = BufferPool.BUFFER_BYTES - ContentEncoder.CHUNK_MAX_BYTES - 16;

    private final HandlerTurn turn;
    private final Answer answer;
    private final Output out;
    private ContentEncoder content;
    private boolean failed;
    private volatile boolean finished;

    ResponseStream(HandlerTurn turn, Answer answer, Output out) {
        this.turn = turn;
        this.answer = answer;
        this.out = out;
    }

    /** Returns whether the response has its head. */
    boolean begun() {
        return content != null;
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
        open();
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
            if (out.contiguous() >= FULL_BYTES) {
                send();
            }
        }
    }

    @Override
    public void flush() throws IOException {
        if (!finished) {
            open();
            content.flush();
            send();
        }
    }

    /** Begins the response, if it has not; fails if it can take nothing. */
    private void open() throws IOException {
        if (failed) {
            throw new IOException("the client has closed the connection");
        }
        if (finished) {
            throw new IOException("the response has been completed");
        }
        begin();
    }

    private void begin() throws IOException {
        if (content == null) {
            content = turn.beginStream(answer);
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
        begin();
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
