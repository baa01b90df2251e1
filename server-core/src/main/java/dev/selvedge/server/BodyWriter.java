package dev.selvedge.server;

import java.io.OutputStream;

/** Writes the body of a response while it is sent. */
@FunctionalInterface
public interface BodyWriter {

    /**
     * Writes the whole body and returns. Called on a virtual thread, at most once for each time that the response is
     * sent, and not at all for HEAD. {@link OutputStream#write} waits while the client does not read, and fails if the
     * client is gone. {@link OutputStream#flush} sends what has been written so far.
     *
     * <p>The response begins with the first byte, or the first flush. Until then the writer may read the request's body
     * as a handler does: a client that waits to be asked for it is asked, and if it is refused the client is told.
     *
     * @param out takes the body's bytes; closing it is not needed
     * @throws Exception if the body can't be written. It is logged, unless the client is gone. If nothing has been sent
     *     yet, the client gets a {@code 500 Internal Server Error}; else the connection ends, so that the client sees
     *     that something is missing. No exception handler is asked
     */
    void writeTo(OutputStream out) throws Exception;
}
