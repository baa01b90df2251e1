package dev.selvedge.server.engine;

import dev.selvedge.server.http1.FieldSection;
import java.io.IOException;

/** Where the octets of a request's body come from: memory, or the connection. One reader at a time. */
public interface BodySource {

    /**
     * Returns how long the body says it is.
     *
     * @return octets, 0 if there is no body, or -1 if that is not known before its end (chunked)
     */
    long length();

    /**
     * Reads octets, waiting until there is at least one. May be called again after the end.
     *
     * @param dst where to put them
     * @param from the first index in {@code dst}
     * @param length how many at most, at least 1
     * @return how many were read, or -1 at the end of the body
     * @throws RefusedBodyException if the body breaks a rule or a limit, comes too slowly or is cut short
     * @throws IOException if the connection has failed, or the exchange is over
     */
    int read(byte[] dst, int from, int length) throws IOException;

    /**
     * Returns the trailer fields that came behind a chunked body.
     *
     * @return the fields; empty if there are none or the end has not been read
     */
    FieldSection trailers();
}
