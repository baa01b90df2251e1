package dev.selvedge.server.files;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The documents that were asked for lately, by their paths, as far as a bound of memory allows.
 *
 * <p>To look one up takes no lock, for the event loops do that. Room is made by second chance: who comes to the front
 * of the queue and was asked for meanwhile goes to its end, who was not leaves.
 */
final class DocumentCache {

    /** About what a form of a document costs beside its octets: its fields, its responses, its place here. */
    private static final int OVERHEAD_BYTES = 2_048;

    private final long maxBytes;
    private final ConcurrentHashMap<String, Slot> slots = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Slot> queue = new ArrayDeque<>();
    private long bytes;

    DocumentCache(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Returns the document of a path as it was when somebody looked, or null. */
    Document get(String path) {
        Slot slot = slots.get(path);
        if (slot == null) {
            return null;
        }
        if (!slot.used) {
            slot.used = true;       // written only once, so that loops don't contend for it
        }
        return slot.document;
    }

    /** Keeps a document in place of the one that was there; one that is larger than all the room is not kept. */
    void put(String path, Document document) {
        long cost = cost(path, document);
        lock.lock();
        try {
            drop(slots.get(path));
            if (cost > maxBytes) {
                return;
            }
            makeRoom(cost);
            Slot slot = new Slot(path, document, cost);
            slots.put(path, slot);
            queue.addLast(slot);
            bytes += cost;
            assert invariant();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets the document of a path, if there is one. */
    void remove(String path) {
        lock.lock();
        try {
            drop(slots.get(path));
            assert invariant();
        } finally {
            lock.unlock();
        }
    }

    private void makeRoom(long cost) {
        while (bytes + cost > maxBytes) {
            Slot first = queue.removeFirst();
            if (first.dropped) {
                continue;           // its bytes are given back already
            }
            if (first.used) {
                first.used = false;
                queue.addLast(first);
            } else {
                drop(first);
            }
        }
    }

    /** Those who are dropped out of turn stay in the queue until they come to its front. */
    private void drop(Slot slot) {
        if (slot != null) {
            slot.dropped = true;
            slots.remove(slot.path);
            bytes -= slot.cost;
            if (queue.size() > 2 * slots.size() + 16) {
                queue.removeIf(each -> each.dropped);
            }
        }
    }

    private static long cost(String path, Document document) {
        return (long) OVERHEAD_BYTES * document.forms() + 2L * path.length() + document.octetsInMemory();
    }

    private boolean invariant() {
        return bytes >= 0 && bytes <= maxBytes && slots.size() <= queue.size() && (bytes == 0) == slots.isEmpty();
    }

    private static final class Slot {

        private final String path;
        private final Document document;
        private final long cost;
        private volatile boolean used;

        /** Guarded by the lock. */
        private boolean dropped;

        private Slot(String path, Document document, long cost) {
            this.path = path;
            this.document = document;
            this.cost = cost;
        }
    }
}
