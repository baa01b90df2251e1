package dev.selvedge.server.files;

import dev.selvedge.server.FileVersion;
import java.nio.file.Path;

/**
 * A regular file that may be sent.
 *
 * @param path where to open it. With {@link SymbolicLinks#FOLLOW_INSIDE} and {@link SymbolicLinks#FOLLOW_NONE} none of
 *     its names below the root was a link when it was looked up
 * @param name its last name as it was asked for, with the extension that tells the media type
 * @param version what it was when it was looked up. Whoever opens the path must compare before a byte is sent
 * @param direct whether it is of the system's own file system, so that the kernel may send it
 */
record FileEntry(Path path, String name, FileVersion version, boolean direct) { }
