package dev.selvedge.server.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * The directory that is served: a path of any file system. If it was given by way of links, they are followed again for
 * every request, so that a site can be replaced as a whole by a link that is set to another directory.
 */
final class Root {

    private final Path given;
    private final boolean linked;
    private final boolean direct;
    private final boolean unix;
    private final NameRule nameRule;

    private Root(Path given, Path real) throws IOException {
        linked = !real.equals(given.normalize());
        this.given = linked ? given : real;
        direct = given.getFileSystem() == FileSystems.getDefault();
        unix = given.getFileSystem().supportedFileAttributeViews().contains("unix");
        nameRule = NameRule.of(real);
    }

    /**
     * Takes a directory.
     *
     * @param directory of any file system that stays open as long as something is served from here
     * @throws NotDirectoryException if it is something else
     * @throws java.nio.file.NoSuchFileException if it does not exist
     * @throws IOException if it can't be looked up
     */
    static Root of(Path directory) throws IOException {
        Path real = directory.toRealPath();
        if (!Files.isDirectory(real)) {
            throw new NotDirectoryException(directory.toString());
        }
        return new Root(directory.toAbsolutePath(), real);
    }

    /**
     * Takes a folder of the class path or the module path: of the directory, the jar or the run-time image from which a
     * class was loaded.
     *
     * @param anchor a class of the same jar or module as the folder
     * @param folder its path from the root of the class path, with slashes, such as {@code "site"} or {@code
     *     "web/public"}
     * @throws IllegalArgumentException if there is no such folder; the message says where it was looked for
     * @throws IOException if a jar can't be read
     */
    static Root ofResources(Class<?> anchor, String folder) throws IOException {
        return of(ResourceFolder.find(anchor, folder));
    }

    /**
     * Returns the directory, absolute and real.
     *
     * @throws java.nio.file.NoSuchFileException if it is gone
     * @throws IOException if it can't be looked up
     */
    Path path() throws IOException {
        return linked ? given.toRealPath() : given;
    }

    /** Returns whether files are of the system's own file system. */
    boolean isDirect() {
        return direct;
    }

    /** Returns whether the file system tells the owners and permissions of Unix. */
    boolean hasOwners() {
        return unix;
    }

    /** Returns how names are told apart. */
    NameRule nameRule() {
        return nameRule;
    }

    Stat stat(Path path, LinkOption... options) throws IOException {
        return Stat.of(path, unix, options);
    }

    @Override
    public String toString() {
        return given.toString();
    }
}
