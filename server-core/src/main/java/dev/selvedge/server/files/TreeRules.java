package dev.selvedge.server.files;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a tree of files answers with, and what it keeps to itself.
 *
 * @param indexFiles names of files that stand for their directory, the first that exists; may be empty
 * @param cleanUrls whether {@code /guide} finds {@code guide.html} if there is no file {@code guide}, even if there
 *     is a directory {@code guide}. {@code /guide.html} goes on being answered, without a redirect, as at GitHub Pages
 * @param listings whether a directory without index file is listed
 * @param hiddenFiles whether names that begin with a dot are served. If not, {@code .well-known} (RFC 8615) still is at
 *     the first place of a path, though not in a listing
 * @param links which symbolic links are followed
 * @param precompressed codings in which files are looked for beside the original
 */
record TreeRules(List<String> indexFiles, boolean cleanUrls, boolean listings, boolean hiddenFiles,
        SymbolicLinks links, Set<Coding> precompressed) {

    TreeRules {
        indexFiles = List.copyOf(indexFiles);
        Set<Coding> ordered = EnumSet.noneOf(Coding.class);
        ordered.addAll(precompressed);
        precompressed = Collections.unmodifiableSet(ordered);
    }
}
