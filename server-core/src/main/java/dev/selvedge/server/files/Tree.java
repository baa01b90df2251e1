package dev.selvedge.server.files;

import dev.selvedge.server.FileVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out what the path of a request means in a directory. Looks files up and never opens them, so that a FIFO or a
 * device does no harm. Safe for use by several threads at once.
 *
 * <p>What it costs on Linux, in system calls: for a file one {@code statx} for each name of its path, and if there are
 * directories in it one more for the permissions of the root; with {@link SymbolicLinks#FOLLOW} one altogether. One
 * more for each coding that is looked for, and a second for one that is there. An {@code access} for a file that not
 * everybody may read. What it costs where others than the owner of the root may replace a directory is said in {@link
 * OpenWalk}.
 */
final class Tree {

    /**
     * How much older than the original a precompressed file may be. It is no older if it was made from it, but the
     * times in zip files are rounded to two seconds, and version control writes both in any order.
     */
    private static final Duration SIBLING_AGE_MAX = Duration.ofSeconds(2);

    private static final Found MISSING = new Found.Missing();
    private static final Found TO_DIRECTORY = new Found.ToDirectory();

    private final Root root;
    private final TreeRules rules;

    Tree(Root root, TreeRules rules) {
        this.root = root;
        this.rules = rules;
    }

    /**
     * Finds what is at a path. May block.
     *
     * @param canonicalPathInMount as {@link dev.selvedge.server.Request#canonicalPathInMount()} returns it
     * @return what is there; {@link Found.Missing} if nothing is, or nothing that may be served
     * @throws IOException if that can't be found out because the file system fails
     */
    Found find(String canonicalPathInMount) throws IOException {
        return switch (SitePath.of(canonicalPathInMount)) {
            case SitePath.Refused refused -> MISSING;
            case SitePath.Names(List<String> names, boolean endsInSlash) ->
                    isHidden(names) ? MISSING
                            : root.isDirect() ? find(names, endsInSlash)
                            : Undisturbed.call(() -> find(names, endsInSlash));
        };
    }

    private boolean isHidden(List<String> names) {
        for (int i = 0; i < names.size(); i++) {
            if (isHidden(names.get(i)) && !(i == 0 && names.get(i).equals(".well-known"))) {
                return true;
            }
        }
        return false;
    }

    private boolean isHidden(String name) {
        return !rules.hiddenFiles() && name.startsWith(".");
    }

    private Found find(List<String> names, boolean endsInSlash) throws IOException {
        Lookup lookup;
        try {
            lookup = new Lookup(root, rules.links());
        } catch (NoSuchFileException e) {
            return MISSING;     // the whole site is being replaced
        }
        Spot directory = lookup.directory(names.isEmpty() ? names : names.subList(0, names.size() - 1));
        if (directory == null) {
            return MISSING;
        }
        return names.isEmpty()
                ? directory(lookup, directory, endsInSlash)
                : last(lookup, directory, names.getLast(), endsInSlash);
    }

    private Found last(Lookup lookup, Spot directory, String name, boolean endsInSlash) throws IOException {
        Spot spot = lookup.find(directory, name);
        if (spot != null && spot.stat().isFile()) {
            return endsInSlash ? MISSING : document(lookup, directory, name, spot);
        }
        if (rules.cleanUrls() && !endsInSlash) {
            Spot page = lookup.find(directory, name + ".html");
            if (page != null && page.stat().isFile()) {
                return document(lookup, directory, name + ".html", page);
            }
        }
        return spot != null && spot.stat().isDirectory() ? directory(lookup, spot, endsInSlash) : MISSING;
    }

    /** A directory of which nothing is served is missing: a redirect would tell that it is there. */
    private Found directory(Lookup lookup, Spot directory, boolean endsInSlash) throws IOException {
        for (String index : rules.indexFiles()) {
            Spot spot = lookup.find(directory, index);
            if (spot != null && spot.stat().isFile()) {
                Found document = document(lookup, directory, index, spot);
                return endsInSlash || document == MISSING ? document : TO_DIRECTORY;
            }
        }
        if (!rules.listings()) {
            return MISSING;
        }
        return endsInSlash ? new Found.Directory(items(lookup, directory)) : TO_DIRECTORY;
    }

    private Found document(Lookup lookup, Spot directory, String name, Spot spot) throws IOException {
        if (!isReadable(spot)) {
            return MISSING;
        }
        Map<Coding, FileEntry> siblings = new EnumMap<>(Coding.class);
        for (Coding coding : rules.precompressed()) {
            String sibling = name + coding.suffix();
            Spot at = lookup.findRare(directory, sibling);
            if (at != null && at.stat().isFile() && !isStale(at, spot) && isReadable(at)) {
                siblings.put(coding, entry(lookup, sibling, at));
            }
        }
        return new Found.Document(entry(lookup, name, spot), siblings);
    }

    /** A precompressed file is not used if the original was written again and it was not. */
    private static boolean isStale(Spot sibling, Spot original) {
        Instant written = original.stat().version().lastModified().toInstant();
        return sibling.stat().version().lastModified().toInstant().isBefore(written.minus(SIBLING_AGE_MAX));
    }

    private FileEntry entry(Lookup lookup, String name, Spot spot) {
        return new FileEntry(spot.path(), name, spot.stat().version(), root.isDirect(), lookup.opening(spot));
    }

    private static boolean isReadable(Spot spot) {
        return spot.stat().isReadableByAll() || Files.isReadable(spot.path());
    }

    private List<Listing.Item> items(Lookup lookup, Spot directory) throws IOException {
        List<Listing.Item> items = new ArrayList<>();
        for (String name : lookup.names(directory)) {
            Spot spot = isHidden(name) || !SitePath.isName(name) ? null : lookup.find(directory, name);
            if (spot != null && (spot.stat().isDirectory() || spot.stat().isFile() && isReadable(spot))) {
                FileVersion version = spot.stat().version();
                items.add(new Listing.Item(name, spot.stat().isDirectory(), version.size(),
                        version.lastModified().toInstant()));
            }
        }
        return items;
    }
}
