package dev.selvedge.server.fake.wire;

/**
 * Octets that are sent instead of a final response.
 *
 * @param octets what is sent; not to be changed any more
 * @param repeated what is sent behind that without end; empty if it has an end
 * @param end how the connection ends behind the octets; null if it goes on
 */
public record Replacement(byte[] octets, byte[] repeated, End end) {

    /** Returns the octets at a place of the whole, as far as they lie together; empty at its end. */
    Slice at(long position) {
        if (position < octets.length) {
            return new Slice(octets, (int) position, octets.length - (int) position);
        }
        if (repeated.length == 0) {
            return new Slice(repeated, 0, 0);
        }
        int from = (int) ((position - octets.length) % repeated.length);
        return new Slice(repeated, from, repeated.length - from);
    }

    /** A part of an array. */
    record Slice(byte[] array, int from, int length) { }
}
