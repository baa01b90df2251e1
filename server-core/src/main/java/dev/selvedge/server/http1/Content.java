package dev.selvedge.server.http1;

import java.io.OutputStream;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

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
     * @param expectation what has to be true of the file when it is opened, or null if it only has to be long enough
     */
    record FileRange(Path file, long position, long length, Expectation expectation) implements Content {

        /**
         * Makes content of a file that only has to be long enough.
         *
         * @param file where it is
         * @param position the offset of the first octet
         * @param length how many octets
         */
        public FileRange(Path file, long position, long length) {
            this(file, position, length, null);
        }
    }

    /** What a file was when a response was made of it: another one must not be sent under its name. */
    @FunctionalInterface
    interface Expectation {
        /**
         * Compares it with the file that was opened.
         *
         * @param size its size in octets
         * @param lastModified when it was last written, or null if that is not known
         * @param changed when it or its status was last changed, or null if that is not known
         * @param inode its number, or 0 if that is not known
         * @return whether it is still the same, as far as can be told
         */
        boolean isMet(long size, FileTime lastModified, FileTime changed, long inode);
    }

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
