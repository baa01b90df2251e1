package dev.selvedge.server.fake;

import dev.selvedge.server.RefusedRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What a fake server has received, in order, and what became of it. No code of a test runs under its lock.
 *
 * <p>A request has its place from its arrival on, but whoever asks is told of it when it is decided who answers: what
 * answers has been taken by then, and the client has seen nothing yet. While conditions of a test are being asked, only
 * the listing shows the request. It holds back none that arrived later.
 */
final class Journal {

    private final FakeClock clock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Entry> entries = new ArrayList<>();
    private final List<RefusedRequest> refused = new ArrayList<>();
    /** All entries before have been taken; of those behind, the ones that say so. */
    private int firstNotTaken;
    private long changes;
    private boolean closed;

    /**
     * Makes an empty one.
     *
     * @param clock by which those wait who ask, or null for real time
     */
    Journal(FakeClock clock) {
        this.clock = clock;
    }

    /** Gives a request that has arrived its place, and nothing more yet. */
    Entry add(RecordedRequest request) {
        Entry entry = new Entry(request);
        change(() -> entries.add(entry));
        return entry;
    }

    void add(RefusedRequest request) {
        change(() -> refused.add(request));
    }

    /** Tells what becomes of a request, which whoever asks is told of from now on. */
    void decided(Entry entry, String outcome) {
        decided(entry, outcome, null);
    }

    /** Tells, as {@link #decided(Entry, String)} does, that something is wrong with how a request is answered. */
    void trouble(Entry entry, String outcome, String why) {
        decided(entry, outcome, why);
    }

    private void decided(Entry entry, String outcome, String trouble) {
        change(() -> {
            entry.decided = true;
            entry.outcome = outcome;
            entry.trouble = trouble;
        });
    }

    /** Ends all waiting: nothing more will arrive. */
    void close() {
        change(() -> closed = true);
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            changes++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    List<RecordedRequest> requests() {
        return look(this::decided);
    }

    private List<RecordedRequest> decided() {
        return entries.stream().filter(entry -> entry.decided).map(Entry::request).toList();
    }

    List<RefusedRequest> refused() {
        return look(() -> List.copyOf(refused));
    }

    /** Returns the next request that has not been taken, or null if none arrives in time. */
    RecordedRequest take(long nanos) throws InterruptedException {
        await(() -> next() != null, nanos);
        return look(() -> {
            Entry next = next();
            if (next == null) {
                return null;
            }
            next.taken = true;
            return next.request;
        });
    }

    private Entry next() {
        while (firstNotTaken < entries.size() && entries.get(firstNotTaken).taken) {
            firstNotTaken++;
        }
        return entries.stream().skip(firstNotTaken).filter(entry -> entry.decided && !entry.taken).findFirst()
                .orElse(null);
    }

    /** Returns the time by which waiting is measured. */
    long nanos() {
        return clock == null ? System.nanoTime() : clock.nanos();
    }

    /** Returns the requests so far, and the state in which they are. */
    Snapshot snapshot() {
        return look(() -> new Snapshot(decided(), changes, closed));
    }

    /** Waits until something changes after a snapshot, or the time is over. */
    void awaitChange(Snapshot since, long nanos) throws InterruptedException {
        await(() -> changes != since.changes, nanos);
    }

    private void await(BooleanSupplier done, long nanos) throws InterruptedException {
        if (clock == null) {
            awaitReally(done, nanos);
        } else {
            clock.waitFor(() -> look(() -> closed || done.getAsBoolean()), nanos);
        }
    }

    private void awaitReally(BooleanSupplier done, long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long left = nanos; left > 0 && !closed && !done.getAsBoolean();) {
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns what went wrong, a text for each. */
    List<String> troubles() {
        return look(() -> {
            List<String> troubles = new ArrayList<>();
            entries.stream().filter(entry -> entry.trouble != null).forEach(entry -> troubles.add(entry.trouble));
            refused.forEach(request -> troubles.add("The server refused a request by itself: " + request + "\n"));
            return troubles;
        });
    }

    /**
     * Lists everything, a line for each request.
     *
     * @param remark returns what to say below the line of a request that counts, or null for nothing
     */
    String listing(Function<RecordedRequest, String> remark) {
        List<Line> all = look(() -> entries.stream().map(entry -> new Line(entry.request, entry.decided, entry.outcome))
                .toList());
        List<RefusedRequest> refusals = refused();
        if (all.isEmpty() && refusals.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("What did arrive, in order:\n");
        for (int i = 0; i < all.size(); i++) {
            RecordedRequest request = all.get(i).request();
            text.append("  ").append(i + 1).append(". ").append(request).append(" (connection ")
                    .append(request.connectionNumber()).append(", request ").append(request.requestNumber())
                    .append("), ").append(all.get(i).outcome()).append('\n');
            String said = all.get(i).decided() ? remark.apply(request) : null;
            if (said != null) {
                text.append("     ").append(said).append('\n');
            }
        }
        refusals.forEach(refusal -> text.append("  refused by the server itself: ").append(refusal).append('\n'));
        return text.toString();
    }

    private <T> T look(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * What had arrived at one moment.
     *
     * @param requests in order
     * @param changes how often anything has changed before
     * @param closed whether nothing more can arrive
     */
    record Snapshot(List<RecordedRequest> requests, long changes, boolean closed) { }

    private record Line(RecordedRequest request, boolean decided, String outcome) { }

    /** A request and what became of it. */
    static final class Entry {

        private final RecordedRequest request;
        private boolean decided;
        private boolean taken;
        private String outcome = "for which a condition of a rule is still being asked";
        private String trouble;

        private Entry(RecordedRequest request) {
            this.request = request;
        }

        RecordedRequest request() {
            return request;
        }
    }
}
