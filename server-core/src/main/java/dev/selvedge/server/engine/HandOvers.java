package dev.selvedge.server.engine;

import dev.selvedge.server.transport.ServerThreads;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The handlers' turns that a loop is about to begin: they are started together, and the loop gives way to them.
 *
 * <p>Where processors are few, a thread that is started runs at once in place of the loop that has started it, and the
 * loop in place of that thread as soon as anything is ready. Each such change costs about as much as a request
 * ({@code jmh/NOTES.md}). So the loop starts only one thread, which starts the others; and what was begun may go on
 * before the loop asks for more, if there are more calls than processors. Calls that keep a processor for long gain
 * nothing by that, and others would wait for them: to those the loop gives way only now and then, to see what they are.
 */
final class HandOvers {

    /** A call that takes longer is not short, and costs much more than the changes of threads that are saved. */
    static final long SHORT_CALL_NANOS = 100_000;

    /** Behind calls that were not short the loop does not give way so many times. */
    static final int RESTS = 1024;

    private final ServerThreads threads;
    private final Shared shared;
    private final HandlerTurn[] turns = new HandlerTurn[Batch.CONNECTIONS_MAX];
    private int count;
    private boolean started;
    private int rests;
    private final AtomicInteger ended = new AtomicInteger();

    HandOvers(Shared shared) {
        this.threads = shared.threads();
        this.shared = shared;
    }

    /** Takes up a turn, which is started soon. */
    void add(HandlerTurn turn) {
        turns[count++] = turn;
        if (count == turns.length) {
            start();
        }
    }

    /** Starts what was taken up; a turn that finds no thread ends, and its connection with it. */
    void start() {
        if (count == 0) {
            return;
        }
        HandlerTurn first = turns[0];
        HandlerTurn[] others = Arrays.copyOfRange(turns, 1, count);
        Arrays.fill(turns, 0, count, null);
        count = 0;
        started = true;
        try {
            threads.start(others.length == 0 ? first : () -> {
                startEach(others);
                first.run();
            });
        } catch (RuntimeException | Error e) {
            first.endUnstarted(e);
            startEach(others);
        }
    }

    private void startEach(HandlerTurn[] those) {
        for (HandlerTurn turn : those) {
            try {
                threads.start(turn);
            } catch (RuntimeException | Error e) {
                turn.endUnstarted(e);
            }
        }
    }

    /** Notes that a turn has ended. On its thread. */
    void ended() {
        ended.incrementAndGet();
    }

    /** Lets the handlers' threads run, if some were started since this was called last and not all can run at once. */
    void giveWay() {
        if (started) {
            started = false;
            if (rests > 0) {
                rests--;
            } else if (shared.hasMoreCallsThanProcessors()) {
                int before = ended.get();
                long nanos = threads.giveWay();
                rests = nanos > (1 + ended.get() - before) * SHORT_CALL_NANOS ? RESTS : 0;
            }
        }
    }
}
