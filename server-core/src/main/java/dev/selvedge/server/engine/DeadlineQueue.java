package dev.selvedge.server.engine;

import java.util.Arrays;

/** The deadlines of one event loop: a binary heap whose entries know their place. Used by the loop's thread only. */
final class DeadlineQueue {

    private Deadline[] heap = new Deadline[64];
    private int size;

    /** Sets the moment of a deadline, which may be in the queue or not. {@link Deadline#NEVER} leaves it where it is. */
    void set(Deadline deadline, long at) {
        deadline.at = at;
        if (deadline.index == Deadline.NOWHERE) {
            if (at == Deadline.NEVER) {
                return;
            }
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            deadline.ordered = at;
            siftUp(size++, deadline);
        } else if (at < deadline.ordered) {
            deadline.ordered = at;
            siftUp(deadline.index, deadline);
        }
        assert invariant(deadline);
    }

    /** Takes a deadline out, if it is in. */
    void remove(Deadline deadline) {
        if (deadline.index != Deadline.NOWHERE) {
            removeAt(deadline.index);
        }
    }

    /** Returns the moment until which nothing can happen. */
    long next() {
        return size == 0 ? Deadline.NEVER : heap[0].ordered;
    }

    /**
     * Calls the targets whose moment has come, and gives those whose moment has moved their new place. A target that
     * sets a moment that is over already comes to its turn next time, not without end in this call.
     */
    void expire(long now) {
        for (int turns = size; turns > 0 && size > 0 && heap[0].ordered <= now; turns--) {
            Deadline first = heap[0];
            removeAt(0);
            if (first.at <= now) {
                first.target.expired();
            } else {
                set(first, first.at);
            }
        }
    }

    private void removeAt(int index) {
        heap[index].index = Deadline.NOWHERE;
        Deadline moved = heap[--size];
        heap[size] = null;
        if (index < size) {
            siftDown(index, moved);
            if (moved.index == index) {
                siftUp(index, moved);
            }
        }
    }

    private void siftUp(int start, Deadline deadline) {
        int i = start;
        while (i > 0) {
            int parent = i - 1 >>> 1;
            if (heap[parent].ordered <= deadline.ordered) {
                break;
            }
            place(heap[parent], i);
            i = parent;
        }
        place(deadline, i);
    }

    private void siftDown(int start, Deadline deadline) {
        int i = start;
        for (int child = 2 * i + 1; child < size; child = 2 * i + 1) {
            if (child + 1 < size && heap[child + 1].ordered < heap[child].ordered) {
                child++;
            }
            if (deadline.ordered <= heap[child].ordered) {
                break;
            }
            place(heap[child], i);
            i = child;
        }
        place(deadline, i);
    }

    private void place(Deadline deadline, int index) {
        heap[index] = deadline;
        deadline.index = index;
    }

    private boolean invariant(Deadline deadline) {
        int i = deadline.index;
        return i == Deadline.NOWHERE
                || heap[i] == deadline && deadline.ordered <= deadline.at
                && (i == 0 || heap[i - 1 >>> 1].ordered <= deadline.ordered);
    }
}
