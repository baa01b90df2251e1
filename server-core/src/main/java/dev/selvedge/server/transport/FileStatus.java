package dev.selvedge.server.transport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What a file system tells of a regular file without reading it (stat(2)), by which a changed or replaced file can be
 * told from the one that it was.
 *
 * @param size bytes, at least 0
 * @param lastModified when its content was last written, as the file system says; null if that is not known
 * @param changed when its content or its status was last changed, which no program can set back; null if that is not
 *     known
 * @param inode its number in its file system; 0 if that is not known
 */
public record FileStatus(long size, FileTime lastModified, FileTime changed, long inode) {

    /** The attributes of stat(2), where a file system has them; the JDK asks for all of them at once. */
    private static final String UNIX = "unix:isRegularFile,size,lastModifiedTime,ctime,ino";

    /**
     * Looks a file up. May block. A FIFO, a device or a directory is never opened.
     *
     * @param file a path of any file system
     * @param options {@link LinkOption#NOFOLLOW_LINKS} for a link to be none, since it is no regular file
     * @return what the file system tells, as far as it does
     * @throws NoSuchFileException if there is no such file, or it is no regular one
     * @throws IOException if it can't be looked up
     */
    public static FileStatus of(Path file, LinkOption... options) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("unix")) {
            Map<String, Object> status = Files.readAttributes(file, UNIX, options);
            requireRegular(file, (Boolean) status.get("isRegularFile"));
            return new FileStatus((Long) status.get("size"), (FileTime) status.get("lastModifiedTime"),
                    (FileTime) status.get("ctime"), ((Number) status.get("ino")).longValue());
        }
        BasicFileAttributes status = Files.readAttributes(file, BasicFileAttributes.class, options);
        requireRegular(file, status.isRegularFile());
        return new FileStatus(status.size(), status.lastModifiedTime(), null, 0);
    }

    private static void requireRegular(Path file, boolean regular) throws NoSuchFileException {
        if (!regular) {
            throw new NoSuchFileException(file.toString(), null, "not a regular file");
        }
    }
}
