package dev.selvedge.server.files;

/**
 * Successive octets of a representation.
 *
 * @param first the offset of the first one, at least 0
 * @param length how many, at least 1
 */
record ByteRange(long first, long length) {

    /** Refuses what is no part of anything. */
    ByteRange {
        if (first < 0 || length < 1 || first + length < 0) {
            throw new IllegalArgumentException("no representation has " + length + " octets at " + first);
        }
    }

    /** Returns the range between two offsets, the last one included. */
    static ByteRange between(long first, long last) {
        return new ByteRange(first, last - first + 1);
    }

    /** Returns the offset of the last octet. */
    long last() {
        return first + length - 1;
    }

    /** Returns whether both have an octet in common. */
    boolean overlaps(ByteRange other) {
        return first <= other.last() && other.first <= last();
    }

    /** Returns the smallest range that has both. */
    ByteRange with(ByteRange other) {
        return between(Math.min(first, other.first), Math.max(last(), other.last()));
    }

    /** Returns the value of Content-Range (RFC 9110 §14.4) for a representation with that many octets. */
    String contentRange(long completeLength) {
        return "bytes " + first + '-' + last() + '/' + completeLength;
    }
}
