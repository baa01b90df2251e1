package dev.selvedge.server.files;

import java.io.IOException;

/** Finds documents: in the cache, if somebody has looked not long ago, or else in the tree of files. */
final class Documents {

    private final Tree tree;
    private final DocumentLoader loader;
    private final DocumentCache cache;
    private final long recheckNanos;

    /**
     * Begins with an empty cache.
     *
     * @param recheckNanos for how long a look counts
     */
    Documents(Tree tree, DocumentLoader loader, DocumentCache cache, long recheckNanos) {
        this.tree = tree;
        this.loader = loader;
        this.cache = cache;
        this.recheckNanos = recheckNanos;
    }

    /** Returns what was looked up under a path not long ago, or null. Waits for nothing. */
    Document fresh(String path) {
        Document document = cache.get(path);
        return document != null && document.checkedWithin(recheckNanos, System.nanoTime()) ? document : null;
    }

    /** Lets the next request for a path look it up. */
    void forget(String path) {
        cache.remove(path);
    }

    /** Looks a path up. Blocks. */
    Found find(String path) throws IOException {
        return tree.find(path);
    }

    /**
     * Makes what was found ready to be sent, unless that was done before and nothing has changed. Blocks.
     *
     * @param now before it was looked up, by {@link System#nanoTime}
     * @throws java.nio.file.NoSuchFileException if it is gone, or another file by now
     */
    Document of(String path, Found.Document found, long now) throws IOException {
        Document known = cache.get(path);
        if (known != null && known.isStill(found)) {
            known.checkedAt(now);
            return known;
        }
        Document loaded = loader.load(path, found, now);
        cache.put(path, loaded);
        return loaded;
    }

    /** Returns the document of a path, or null if there is none. Blocks. */
    Document page(String path) throws IOException {
        Document fresh = fresh(path);
        long now = System.nanoTime();
        return fresh != null ? fresh : find(path) instanceof Found.Document found ? of(path, found, now) : null;
    }
}
