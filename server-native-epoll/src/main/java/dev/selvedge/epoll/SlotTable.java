package dev.selvedge.epoll;

import dev.selvedge.server.transport.ReadinessTarget;
import java.util.Arrays;

/**
 * Who is meant by an event: gives each target a data word for epoll and finds it again. A word is
 * {@code generation << 32 | slot}, not negative.
 *
 * <p>A word is good until its release. The slot's generation changes then, so that an event which the kernel had ready
 * before finds nobody, and never the slot's next target. Slots that were released in a batch of events rest until
 * {@link #recycle}.
 *
 * <p>The free slots are a ring; those between {@code head} and {@code ready} may be taken, those between {@code ready}
 * and {@code tail} rest.
 */
final class SlotTable {

    private static final int INITIAL_SLOTS = 64;

    private ReadinessTarget[] targets = new ReadinessTarget[INITIAL_SLOTS];
    private int[] generations = new int[INITIAL_SLOTS];
    /** The number of slots that have ever been taken. */
    private int slots;

    private int[] free = new int[INITIAL_SLOTS];
    private long head;
    private long ready;
    private long tail;

    /** Gives a slot to the target and returns its word. */
    long take(ReadinessTarget target) {
        int slot = head < ready ? free[index(head++)] : newSlot();
        targets[slot] = target;
        assert invariant();
        return (long) generations[slot] << Integer.SIZE | slot;
    }

    /** Returns the word's target, or null if the word was released. */
    ReadinessTarget target(long word) {
        int slot = (int) word;
        return generations[slot] == (int) (word >>> Integer.SIZE) ? targets[slot] : null;
    }

    /** Forgets the word's target at once. */
    void release(long word) {
        int slot = (int) word;
        assert target(word) != null : "released twice";
        targets[slot] = null;
        generations[slot] = generations[slot] + 1 & Integer.MAX_VALUE;
        if (tail - head == free.length) {
            growFree();
        }
        free[index(tail++)] = slot;
        assert invariant();
    }

    /** Ends a batch: the slots that rested may be taken again. */
    void recycle() {
        ready = tail;
        assert invariant();
    }

    private int newSlot() {
        if (slots == targets.length) {
            grow();
        }
        return slots++;
    }

    private void grow() {
        int capacity = Math.multiplyExact(targets.length, 2);
        targets = Arrays.copyOf(targets, capacity);
        generations = Arrays.copyOf(generations, capacity);
    }

    private void growFree() {
        int capacity = Math.multiplyExact(free.length, 2);
        int[] larger = new int[capacity];
        for (long at = head; at < tail; at++) {
            larger[(int) (at & capacity - 1)] = free[index(at)];
        }
        free = larger;
    }

    /** The length of the ring is a power of two. */
    private int index(long at) {
        return (int) (at & free.length - 1);
    }

    private boolean invariant() {
        return head <= ready && ready <= tail && tail - head <= slots && slots <= targets.length;
    }
}
