package dev.selvedge.server.engine;

/**
 * A moment at which something is to happen, and its place in the {@link DeadlineQueue} of one event loop.
 *
 * <p>A moment that moves away is only noted; the queue finds out when the old one has come. That makes it free to give
 * a busy keep-alive connection a new deadline after each request.
 */
final class Deadline {

    /** What happens. */
    @FunctionalInterface
    interface Target {
        /** Called on the loop when the deadline is over. It is not in the queue any more then. */
        void expired();
    }

    /** No moment at all. */
    static final long NEVER = Long.MAX_VALUE;

    /** The place of a deadline that is in no queue. */
    static final int NOWHERE = -1;

    final Target target;

    /** When it happens. */
    long at = NEVER;

    /** The moment by which the queue is ordered: not later than {@link #at}. */
    long ordered;

    /** The index in the queue. */
    int index = NOWHERE;

    Deadline(Target target) {
        this.target = target;
    }
}
