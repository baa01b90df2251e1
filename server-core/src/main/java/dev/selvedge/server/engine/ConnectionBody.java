package dev.selvedge.server.engine;

import dev.selvedge.server.http1.FieldSection;
import dev.selvedge.server.http1.Refusal;
import dev.selvedge.server.http1.ServerConnection;
import java.io.IOException;

/** A body that is read from the connection while its request is being answered, by a thread that may wait. */
final class ConnectionBody implements BodySource {

    private static final int SCRATCH_BYTES = 16 * 1024;

    private final Connection connection;
    private final ServerConnection http;
    private final long length;
    private byte[] scratch;
    private FieldSection trailers = FieldSection.EMPTY;
    private boolean ended;
    private volatile boolean over;

    ConnectionBody(Connection connection, ServerConnection http) {
        this.connection = connection;
        this.http = http;
        this.length = http.bodyLength();
        this.ended = length == 0;
    }

    /** Ends the exchange: the connection belongs to others now. */
    void end() {
        over = true;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public int read(byte[] dst, int from, int count) throws IOException {
        if (ended) {
            return -1;
        }
        if (over) {
            throw new IOException("the request has been answered: what was not read of its body is gone");
        }
        for (;;) {
            int n = http.readBody(dst, from, count);
            if (n > 0) {
                return n;
            }
            switch (n) {
                case ServerConnection.BODY_ENDED -> {
                    ended = true;
                    trailers = http.trailers();
                    return -1;
                }
                case ServerConnection.BODY_REFUSED -> throw new RefusedBodyException(http.bodyRefusal());
                default -> waitForInput();
            }
        }
    }

    private void waitForInput() throws ConnectionFailedException {
        if (scratch == null) {
            scratch = new byte[SCRATCH_BYTES];
        }
        if (!http.streaming() && !connection.flushWaiting() || !connection.fillWaiting(scratch)) {
            http.refuseBody(Refusal.BODY_TIMEOUT);
        }
    }

    @Override
    public FieldSection trailers() {
        return trailers;
    }
}
