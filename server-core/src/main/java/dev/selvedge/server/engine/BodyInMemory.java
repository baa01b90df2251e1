package dev.selvedge.server.engine;

import dev.selvedge.server.http1.FieldSection;
import java.util.Arrays;

/** A body that has come as a whole. */
public final class BodyInMemory implements BodySource {

    private static final BodyInMemory EMPTY = new BodyInMemory(new byte[0], FieldSection.EMPTY);

    private final byte[] octets;
    private final FieldSection trailers;
    private int position;

    /**
     * Makes a body of octets.
     *
     * @param octets the body, not changed any more
     * @param trailers the trailer fields
     */
    public BodyInMemory(byte[] octets, FieldSection trailers) {
        this.octets = octets;
        this.trailers = trailers;
    }

    /**
     * Returns a body of length 0.
     *
     * @return the body
     */
    public static BodyInMemory empty() {
        return EMPTY;
    }

    /**
     * Returns the octets that nobody has read yet, and takes them. No copy is made if nothing was read before.
     *
     * @return the rest of the body, not to be changed
     */
    public byte[] takeAll() {
        byte[] rest = position == 0 ? octets : Arrays.copyOfRange(octets, position, octets.length);
        position = octets.length;
        return rest;
    }

    @Override
    public long length() {
        return octets.length;
    }

    @Override
    public int read(byte[] dst, int from, int length) {
        int n = Math.min(length, octets.length - position);
        if (n == 0) {
            return -1;
        }
        System.arraycopy(octets, position, dst, from, n);
        position += n;
        return n;
    }

    @Override
    public FieldSection trailers() {
        return trailers;
    }
}
