package dev.selvedge.server.files;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Looks names up below a root, for one request, and follows links as far as the policy allows.
 *
 * <p>Where links are not followed everywhere, each name is looked up without following, and a link is replaced by the
 * names of the real path that it leads to, which are looked up from the root. So the path that comes out has no link in
 * it. Between two look-ups somebody may put a link in the place of a directory; what is done then is said in
 * {@link OpenWalk}.
 */
final class Lookup {

    private static final LinkOption[] FOLLOW = {};
    private static final LinkOption[] NO_FOLLOW = {LinkOption.NOFOLLOW_LINKS};

    /** As many as Linux follows in one path; there can be more only while somebody changes them. */
    private static final int LINKS_MAX = 40;

    /** Some file systems take less than 255 octets in a name (eCryptfs: 143), all take less than 4,096 in a path. */
    private static final int LONG_NAME = 100;
    private static final int LONG_PATH = 1_000;

    private final Root root;
    private final SymbolicLinks policy;
    private final Path top;
    private Stat topStat;
    private int links;

    /**
     * Begins at the root.
     *
     * @throws IOException if there is none any more
     */
    Lookup(Root root, SymbolicLinks policy) throws IOException {
        this.root = root;
        this.policy = policy;
        this.top = root.path();
    }

    /** Returns the directory at the end of some names below the root; null if there is none that may be served. */
    Spot directory(List<String> names) throws IOException {
        links = 0;
        Spot spot = new Spot(top, null, true);
        for (String name : names) {
            spot = policy == SymbolicLinks.FOLLOW && root.nameRule() == NameRule.EXACT
                    ? unseen(spot.path(), name)
                    : stepIntoDirectory(spot, name);
            if (spot == null) {
                return null;
            }
        }
        return spot;
    }

    /** The next look-up follows and looks at all names before: one call for all of them. */
    private static Spot unseen(Path directory, String name) {
        Path child = NameRule.child(directory, name);
        return child == null ? null : new Spot(child, null, true);
    }

    private Spot stepIntoDirectory(Spot directory, String name) throws IOException {
        Spot spot = step(directory, name);
        return spot == null || !spot.stat().isDirectory() ? null : spot;
    }

    /** Returns what a name in a directory leads to; null if there is nothing that may be served. */
    Spot find(Spot directory, String name) throws IOException {
        links = 0;
        Spot spot = step(directory, name);
        return spot == null || spot.guarded() || OpenWalk.isBelow(top, spot) ? spot : null;
    }

    /** Looks a name up that there probably isn't, without the cost of an exception. */
    Spot findRare(Spot directory, String name) throws IOException {
        Path child = NameRule.child(directory.path(), name);
        try {
            if (child == null || child.getFileSystem().provider()
                    .readAttributesIfExists(child, BasicFileAttributes.class) == null) {
                return null;
            }
        } catch (FileSystemException e) {
            return null;
        }
        return find(directory, name);
    }

    /** Returns the names in a directory that was found. */
    List<String> names(Spot directory) throws IOException {
        return directory.guarded() ? OpenWalk.names(directory.path()) : OpenWalk.names(top, directory);
    }

    /** Returns how a file that was found is to be opened. */
    Opening opening(Spot file) {
        if (!file.guarded()) {
            return new Opening.Walking(top);
        }
        boolean follows = policy == SymbolicLinks.FOLLOW || !root.isDirect();
        return follows ? new Opening.Following() : new Opening.NotFollowing();
    }

    private Spot step(Spot directory, String name) throws IOException {
        Path child = NameRule.child(directory.path(), name);
        Stat stat = child == null ? null : stat(child);
        if (stat == null || !isNameOf(child, name)) {
            return null;
        }
        if (stat.isLink()) {
            return policy == SymbolicLinks.FOLLOW_NONE ? null : target(child);
        }
        return new Spot(child, stat, stat.isDirectory() ? isGuarded(directory) : directory.guarded());
    }

    private boolean isNameOf(Path child, String name) throws IOException {
        try {
            return root.nameRule().isNameOf(child, name);
        } catch (NoSuchFileException | AccessDeniedException | NotDirectoryException e) {
            return false;
        }
    }

    /** Whether nobody but the owner of the root can replace a directory in this directory, or one before. */
    private boolean isGuarded(Spot directory) throws IOException {
        if (policy == SymbolicLinks.FOLLOW || !root.hasOwners()) {
            return true;
        }
        if (topStat == null) {
            topStat = root.stat(top, NO_FOLLOW);
        }
        Stat stat = directory.path().equals(top) ? topStat : directory.stat();
        return directory.guarded() && topStat != null && stat.isChangedOnlyBy(topStat.owner());
    }

    /** Returns what a link leads to: what is found by the names of its real path, none of which is a link. */
    private Spot target(Path link) throws IOException {
        Path real = realPath(link);
        if (real == null || ++links > LINKS_MAX || !real.startsWith(top)) {
            return null;
        }
        if (real.equals(top)) {
            return new Spot(top, root.stat(top, NO_FOLLOW), true);
        }
        Spot spot = new Spot(top, null, true);
        Path names = top.relativize(real);
        for (int i = 0; i < names.getNameCount(); i++) {
            String name = names.getName(i).toString();
            spot = i < names.getNameCount() - 1 ? stepIntoDirectory(spot, name) : step(spot, name);
            if (spot == null) {
                return null;
            }
        }
        return spot;
    }

    private static Path realPath(Path link) throws IOException {
        try {
            return link.toRealPath();
        } catch (FileSystemException e) {
            return null;    // it leads nowhere, or round and round
        }
    }

    private Stat stat(Path path) throws IOException {
        try {
            return root.stat(path, policy == SymbolicLinks.FOLLOW ? FOLLOW : NO_FOLLOW);
        } catch (FileSystemLoopException | NotLinkException e) {
            return null;
        } catch (FileSystemException e) {
            if (isNowhere(path)) {
                return null;
            }
            throw e;
        }
    }

    /** Whether no file can be there: ENOTDIR, ELOOP and ENAMETOOLONG have no exceptions of their own, nor has EIO. */
    private boolean isNowhere(Path path) throws IOException {
        if (path.toString().length() > LONG_PATH || path.getFileName().toString().length() > LONG_NAME) {
            return true;
        }
        Path at = top;
        for (Path name : top.relativize(path)) {
            at = at.resolve(name);
            Stat stat = root.stat(at, NO_FOLLOW);
            if (stat == null || stat.isLink() || !stat.isDirectory() && !at.equals(path)) {
                return true;
            }
        }
        return false;
    }
}
