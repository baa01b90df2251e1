package dev.selvedge.server.files;

/**
 * What is done with the symbolic links in a directory that is served. The same holds for links to directories, to
 * index files and to precompressed files. A link that is not followed, leads nowhere or leads to itself is as good as
 * no file.
 *
 * <p>What is hidden is a matter of the name that is asked for: a link that is followed may lead to a hidden file.
 */
public enum SymbolicLinks {

    /**
     * Links are followed as long as they lead to something inside the directory that is served. This is the default.
     * On the way, too: what a link leads to is resolved completely, and only if that is inside are the next names
     * looked up there.
     */
    FOLLOW_INSIDE,

    /** Links are followed wherever they lead: for a directory that only those write to who may read everything. */
    FOLLOW,

    /** Links are not followed. */
    FOLLOW_NONE
}
