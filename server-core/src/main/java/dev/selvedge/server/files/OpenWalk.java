package dev.selvedge.server.files;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Looks at what is below a root by opening one directory from the other (openat(2) with O_NOFOLLOW).
 *
 * <p>{@link Lookup} asks for paths, and the system goes every path from its beginning. Who may write to a directory on
 * the way can replace the next directory by a link just when the last name is looked up, and have a file outside of the
 * root looked up and served. What is open can't be replaced. So if somebody else than the owner of the root could do
 * that, by the permissions of the directories, it is checked here that the file that was looked up is inside; and who
 * opens its path later and finds the same version has that file. This takes seven system calls for each directory, the
 * root included. It is not possible on Windows and in the file systems that the JDK has besides the default one.
 */
final class OpenWalk {

    private OpenWalk() { }

    /** What is done with a directory that is open. */
    private interface Use<T> {

        T in(SecureDirectoryStream<Path> directory) throws IOException;
    }

    /** Returns whether what was found by its path is also found below the root by going from directory to directory. */
    static boolean isBelow(Path top, Spot spot) throws IOException {
        Path names = top.relativize(spot.path());
        Path name = spot.path().getFileName();
        Object key = within(top, names.getParent(), directory -> directory.getFileAttributeView(name,
                BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS).readAttributes().fileKey());
        return spot.stat().key().equals(key);
    }

    /** Opens a file to be read, from directory to directory; whether it is still the one that was looked up or not. */
    static SeekableByteChannel open(Path top, Path file) throws IOException {
        Path name = file.getFileName();
        SeekableByteChannel open = within(top, top.relativize(file).getParent(),
                directory -> directory.newByteChannel(name,
                        Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
        if (open == null) {
            throw new NoSuchFileException(file.toString());
        }
        return open;
    }

    /** Returns the names in a directory. */
    static List<String> names(Path directory) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            return names(entries);
        }
    }

    /** Returns the names in a directory to which nobody leads astray; none if somebody tried. */
    static List<String> names(Path top, Spot directory) throws IOException {
        List<String> names = within(top, top.relativize(directory.path()), OpenWalk::names);
        return names == null ? List.of() : names;
    }

    private static List<String> names(DirectoryStream<Path> entries) throws IOException {
        List<String> names = new ArrayList<>();
        try {
            entries.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return names;
    }

    /** Returns null if there is no such directory. */
    private static <T> T within(Path top, Path names, Use<T> use) throws IOException {
        try (DirectoryStream<Path> root = Files.newDirectoryStream(top)) {
            return root instanceof SecureDirectoryStream<Path> secure ? within(secure, names, 0, use) : null;
        } catch (NoSuchFileException | AccessDeniedException | NotDirectoryException e) {
            return null;
        }
    }

    private static <T> T within(SecureDirectoryStream<Path> directory, Path names, int at, Use<T> use)
            throws IOException {
        if (names == null || at == names.getNameCount()) {
            return use.in(directory);
        }
        SecureDirectoryStream<Path> next;
        try {
            next = directory.newDirectoryStream(names.getName(at), LinkOption.NOFOLLOW_LINKS);
        } catch (FileSystemException e) {
            requireRoom(directory);
            return null;
        }
        try (next) {
            return within(next, names, at + 1, use);
        }
    }

    /** Throws if a directory was missed for want of descriptors: ENOTDIR and ELOOP have no exceptions of their own. */
    private static void requireRoom(SecureDirectoryStream<Path> directory) throws IOException {
        directory.newDirectoryStream(Path.of("."), LinkOption.NOFOLLOW_LINKS).close();
    }
}
