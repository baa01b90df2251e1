package dev.selvedge.server.files;

import dev.selvedge.server.FileVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.Path;

/**
 * A regular file that may be sent.
 *
 * @param path where to open it. With {@link SymbolicLinks#FOLLOW_INSIDE} and {@link SymbolicLinks#FOLLOW_NONE} none of
 *     its names below the root was a link when it was looked up
 * @param name its last name as it was asked for, with the extension that tells the media type
 * @param version what it was when it was looked up. Whoever opens the path without {@link #open} must compare what is
 *     open with it before a byte is sent: it may be another file by then
 * @param direct whether it is of the system's own file system, so that the kernel may send it
 * @param opening how it is opened without going astray
 */
record FileEntry(Path path, String name, FileVersion version, boolean direct, Opening opening) {

    /**
     * Opens the file to be read, without following a link that was put in its place since it was looked up. If it is a
     * FIFO by now this waits for a writer: Java has no way to open it otherwise.
     *
     * @throws IOException if there is no file any more, or it can't be opened
     */
    InputStream open() throws IOException {
        return direct ? Channels.newInputStream(opening.open(path)) : UndisturbedInput.open(path);
    }
}
