package dev.selvedge.server.files;

import java.util.List;

/** What of a representation a request asks for. */
sealed interface Selection {

    /** All of it, because nothing else is asked for, or because it is asked for in a way that is to be ignored. */
    Whole WHOLE = new Whole();

    /** All of it: 200. */
    record Whole() implements Selection { }

    /** Nothing that it has: 416. */
    record Unsatisfiable() implements Selection {

        /** Returns the value of Content-Range (RFC 9110 §15.5.17) for a representation with that many octets. */
        static String contentRange(long completeLength) {
            return "bytes */" + completeLength;
        }
    }

    /**
     * One part: 206 with Content-Range.
     *
     * @param range the part
     */
    record One(ByteRange range) implements Selection { }

    /**
     * Several parts: 206 with a {@link Multipart} body.
     *
     * @param ranges at least two, of which no two overlap, in the order to send them
     */
    record Several(List<ByteRange> ranges) implements Selection {

        /** Keeps a copy. */
        public Several {
            ranges = List.copyOf(ranges);
        }
    }
}
