package dev.selvedge.server.files;

import java.util.List;
import java.util.Map;

/** What a path means in a tree of files. */
sealed interface Found {

    /** Nothing that may be served, for whatever reason: the answer is the same for all. */
    record Missing() implements Found { }

    /** A directory whose slash is missing at the end of the path: the client is to ask again, with it. */
    record ToDirectory() implements Found { }

    /**
     * A directory to be listed.
     *
     * @param items what may be served of it, in any order
     */
    record Directory(List<Listing.Item> items) implements Found { }

    /**
     * A file.
     *
     * @param file the file, or the index file of the directory
     * @param siblings the same content precompressed, in files that may be served themselves; in order of preference
     */
    record Document(FileEntry file, Map<Coding, FileEntry> siblings) implements Found { }
}
