package dev.selvedge.server.transport;

import java.io.IOException;

/** A regular file, open for sending; one owner at a time. */
public interface FileSource extends AutoCloseable {

    /**
     * Returns the file's size when it was opened.
     *
     * @return bytes, at least 0
     */
    long size();

    /**
     * Returns what the file system tells of this file, by which it can be told from another one of the same name. Cheap
     * where the system was asked when the file was opened; else this may block as opening does.
     *
     * @return the file's status when it was opened or later, as far as it is known; its size only, if this is not
     *     implemented
     * @throws IOException if it can't be looked up; a {@link java.nio.file.NoSuchFileException} if the name has gone
     *     meanwhile
     */
    default FileStatus status() throws IOException {
        return new FileStatus(size(), null, null, 0);
    }

    /**
     * Reads bytes at a position, for channels that can't {@linkplain Channel#sendFile send} the file themselves.
     *
     * @param position the offset of the first byte, at least 0
     * @param dst where to put the bytes
     * @param from the first index in {@code dst}
     * @param length how many bytes at most, at least 1
     * @return how many bytes were read, or 0 if the file ends at or before the position
     * @throws IOException if it can't be read
     */
    int read(long position, byte[] dst, int from, int length) throws IOException;

    /** Closes the file. May be called repeatedly. */
    @Override
    void close();
}
