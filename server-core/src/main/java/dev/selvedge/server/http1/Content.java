package dev.selvedge.server.http1;

import java.io.OutputStream;
import java.nio.file.Path;

/** What a response carries behind its head. */
public sealed interface Content {

    /** The length that is not known before the content has been produced. */
    long UNKNOWN_LENGTH = -1;

    /** Nothing at all: a response of length 0. */
    None NONE = new None();

    /**
     * Returns how many octets the content has.
     *
     * @return octets, or {@link #UNKNOWN_LENGTH}
     */
    long length();

    /** No content. */
    record None() implements Content {
        @Override
        public long length() {
            return 0;
        }
    }

    /**
     * Octets in memory, never changed after they were given.
     *
     * @param octets the content
     */
    record Octets(byte[] octets) implements Content {
        @Override
        public long length() {
            return octets.length;
        }
    }

    /**
     * A part of a regular file.
     *
     * @param file where it is
     * @param position the offset of the first octet
     * @param length how many octets
     */
    record FileRange(Path file, long position, long length) implements Content { }

    /**
     * Octets that are produced while they are sent.
     *
     * @param length how many there will be, or {@link #UNKNOWN_LENGTH}
     * @param producer writes them
     * @param trailers what comes behind them, if they go in chunks
     */
    record Streamed(long length, Producer producer, Trailers trailers) implements Content {

        /**
         * Makes content without trailers.
         *
         * @param length how many octets there will be, or {@link #UNKNOWN_LENGTH}
         * @param producer writes them
         */
        public Streamed(long length, Producer producer) {
            this(length, producer, Trailers.NONE);
        }
    }

    /** Writes a response's content. It may block, and it is slowed down by a slow client. */
    @FunctionalInterface
    interface Producer {
        /**
         * Writes the whole content and returns.
         *
         * @param out takes the octets; waits while the client does not read; closing it is not needed
         * @throws Exception if the content can't be produced, or {@code out} failed; the connection then ends
         */
        void writeTo(OutputStream out) throws Exception;
    }
}
