package dev.selvedge.server.files;

import dev.selvedge.server.FileVersion;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;

/**
 * What stat(2) tells about a path. One system call on Unix, which opens nothing.
 *
 * @param kind what it is
 * @param version what is remembered of a file's content
 * @param key tells it from everything else in the system; null if the file system has no such thing
 * @param mode the permissions, the low bits of {@code st_mode}; 0 if they are not known
 * @param owner {@code st_uid}; {@value #NOBODY_KNOWN} if that is not known
 */
record Stat(Kind kind, FileVersion version, Object key, int mode, int owner) {

    /** What a path may lead to. */
    enum Kind { FILE, DIRECTORY, LINK, SPECIAL }

    private static final int NOBODY_KNOWN = -1;
    private static final int SUPERUSER = 0;

    private static final String UNIX =
            "unix:isRegularFile,isDirectory,isSymbolicLink,size,lastModifiedTime,ctime,ino,fileKey,mode,uid";

    private static final int READABLE_BY_ALL = 0444;
    private static final int WRITABLE_BY_GROUP_OR_OTHERS = 0022;

    /**
     * Looks a path up.
     *
     * @param unix whether its file system has the attributes of Unix
     * @return null if there is nothing, or this process may not know
     * @throws IOException if the file system fails, or the path is one that can't be
     */
    static Stat of(Path path, boolean unix, LinkOption... options) throws IOException {
        try {
            return unix
                    ? of(Files.readAttributes(path, UNIX, options))
                    : of(Files.readAttributes(path, BasicFileAttributes.class, options));
        } catch (NoSuchFileException | AccessDeniedException | NotDirectoryException e) {
            return null;
        }
    }

    private static Stat of(Map<String, Object> attributes) {
        boolean link = (Boolean) attributes.get("isSymbolicLink");
        boolean directory = (Boolean) attributes.get("isDirectory");
        boolean file = (Boolean) attributes.get("isRegularFile");
        FileVersion version = new FileVersion(number(attributes, "size"), (FileTime) attributes.get("lastModifiedTime"),
                (FileTime) attributes.get("ctime"), number(attributes, "ino"));
        return new Stat(link ? Kind.LINK : directory ? Kind.DIRECTORY : file ? Kind.FILE : Kind.SPECIAL, version,
                attributes.get("fileKey"), (int) number(attributes, "mode"), (int) number(attributes, "uid"));
    }

    private static long number(Map<String, Object> attributes, String name) {
        return ((Number) attributes.get(name)).longValue();
    }

    private static Stat of(BasicFileAttributes attributes) {
        FileVersion version = new FileVersion(attributes.size(), attributes.lastModifiedTime(), null, 0);
        return new Stat(kind(attributes), version, attributes.fileKey(), 0, NOBODY_KNOWN);
    }

    private static Kind kind(BasicFileAttributes attributes) {
        if (attributes.isDirectory()) {
            // Windows has junctions, directories that are elsewhere: both "directory" and "other".
            return attributes.isOther() ? Kind.LINK : Kind.DIRECTORY;
        }
        if (attributes.isSymbolicLink()) {
            return Kind.LINK;
        }
        return attributes.isRegularFile() ? Kind.FILE : Kind.SPECIAL;
    }

    boolean isFile() {
        return kind == Kind.FILE;
    }

    boolean isDirectory() {
        return kind == Kind.DIRECTORY;
    }

    boolean isLink() {
        return kind == Kind.LINK;
    }

    /** Whether the permissions alone tell that this process may read it; if not, it may be able to all the same. */
    boolean isReadableByAll() {
        return (mode & READABLE_BY_ALL) == READABLE_BY_ALL;
    }

    /** Whether the names in this directory are given by nobody but a user, and the superuser; false if not known. */
    boolean isChangedOnlyBy(int user) {
        return owner != NOBODY_KNOWN && (owner == user || owner == SUPERUSER)
                && (mode & WRITABLE_BY_GROUP_OR_OTHERS) == 0;
    }
}
