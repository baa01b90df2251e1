package dev.selvedge.server;

import dev.selvedge.server.transport.FileStatus;
import java.io.IOException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Objects;

/**
 * What a regular file was when it was looked up: enough to tell whether it is still the same file with the same
 * content. Made with {@link #of}, and given to {@link Response#whileUnchanged}.
 *
 * <p>Who writes a file in place changes its last modification and, on systems that have it, its last change, which no
 * program can set back. Who replaces it changes the inode. Clocks of file systems are coarse (Linux takes the time of
 * the last timer interrupt, 1 to 10 ms ago), so a file that is written twice within so short a time may have the same
 * version both times if its size is the same.
 *
 * @param size bytes, at least 0
 * @param lastModified when the content was last written; a program may set it to any moment
 * @param changed when the content or the status (the owner, the permissions, the number of links) was last changed;
 *     null if the file system does not tell
 * @param inode the file's number in its file system; 0 if the file system does not tell
 */
public record FileVersion(long size, FileTime lastModified, FileTime changed, long inode) {

    /**
     * Makes a version.
     *
     * @throws IllegalArgumentException if the size is negative
     */
    public FileVersion {
        if (size < 0) {
            throw new IllegalArgumentException("the size is " + size + "; it must be at least 0");
        }
        Objects.requireNonNull(lastModified, "lastModified");
    }

    /**
     * Looks a file up. May block, but never opens it, so a FIFO does no harm.
     *
     * @param file a path of any file system
     * @param options {@link LinkOption#NOFOLLOW_LINKS} if a symbolic link is not to be followed: it is no regular file
     * @return its version at this moment
     * @throws NoSuchFileException if there is no such file, or it is no regular one
     * @throws IOException if it can't be looked up
     */
    public static FileVersion of(Path file, LinkOption... options) throws IOException {
        FileStatus status = FileStatus.of(file, options);
        return new FileVersion(status.size(), status.lastModified(), status.changed(), status.inode());
    }

    /**
     * Compares with another version of a file in the same file system. What only one of the two knows does not count.
     *
     * @param other another version
     * @return whether both are of the same file with the same content
     */
    public boolean sameAs(FileVersion other) {
        return isStill(other.size, other.lastModified, other.changed, other.inode);
    }

    /** Compares likewise with what is known of a file; null or 0 stands for what is not. */
    boolean isStill(long otherSize, FileTime otherLastModified, FileTime otherChanged, long otherInode) {
        return size == otherSize
                && (inode == 0 || otherInode == 0 || inode == otherInode)
                && (otherLastModified == null || lastModified.equals(otherLastModified))
                && (changed == null || otherChanged == null || changed.equals(otherChanged));
    }
}
