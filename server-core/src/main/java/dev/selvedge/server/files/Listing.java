package dev.selvedge.server.files;

import java.time.Instant;
import java.util.List;

/**
 * Writes the page that lists a directory: HTML without scripts and styles, so that it works under any content security
 * policy. Directories come first, then the names in the order of their code points without regard to case.
 */
final class Listing {

    private Listing() { }

    /**
     * Something in a directory.
     *
     * @param name as it is in the file system, one segment of a path
     * @param directory whether it is a directory
     * @param size in bytes; not shown for directories
     * @param lastModified when it was changed; null if that is not known
     */
    record Item(String name, boolean directory, long size, Instant lastModified) { }

    /**
     * Returns the page. Its links are relative: they hold where the page's address ends in a slash.
     *
     * @param displayPath the directory's path as people read it, decoded
     * @param isRoot whether there is nothing above that is served; if not, there is a link to it
     * @param items what is shown, in any order
     * @return HTML, to be sent as {@code text/html; charset=utf-8}
     */
    static String page(String displayPath, boolean isRoot, List<Item> items) {
        return "";
    }
}
