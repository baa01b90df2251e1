package dev.selvedge.server.engine;

import dev.selvedge.server.transport.ServerThreads;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Starts the handlers' turns that a loop has handed over, together, and lets the loop give way to them.
 *
 * <p>Where processors are few, a thread that is started runs at once in place of the loop that has started it, and the
 * loop in place of that thread as soon as anything is ready. Each such change costs about as much as a request
 * ({@code jmh/NOTES.md}). So the loop starts only one thread, which starts the others; and what was begun may go on
 * before the loop asks for more, if there are more calls than processors. Calls that keep a processor for long gain
 * nothing by that, and others would wait for them: to those the loop gives way only now and then, to see what they are.
 */
final class HandOvers {

    /**
     * A call that takes longer is not short, and costs much more than the changes of threads that are saved. Calls that
     * begin and wait for something do not end soon and count as long ones: they gain nothing measurable either.
     */
    static final long SHORT_CALL_NANOS = 100_000;

    /**
     * So often the loop does not give way, though something was started, after calls that were not short; and twice as
     * often the next time.
     */
    static final int REST_MIN = 16;

    /** But never more often: what the calls are may change. */
    static final int REST_MAX = 1024;

    private final ServerThreads threads;
    private final Shared shared;
    private final HandlerTurn[] turns = new HandlerTurn[Batch.CONNECTIONS_MAX];
    private int count;
    private boolean started;

    /** How often not to give way because of the last look, and how often of it is left. */
    private int rest;
    private int restLeft;

    /** How many turns have given their connection back; the loop looks how much it has grown. */
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

    /** Starts what was taken up; a turn that finds no thread ends, and its connection with it. Never fails. */
    void start() {
        int due = count;
        if (due == 0) {
            return;
        }
        count = 0;
        started = true;
        try {
            startTogether(due);
        } catch (RuntimeException | Error e) { // or that thread begins all the same: then a turn knows it
            end(turns[0], e);
            for (int i = 1; i < due; i++) {
                startAlone(turns[i]);
            }
        } finally {
            Arrays.fill(turns, 0, due, null);
        }
    }

    private void startTogether(int due) {
        HandlerTurn first = turns[0];
        HandlerTurn[] others = Arrays.copyOfRange(turns, 1, due);
        threads.start(others.length == 0 ? first : () -> {
            for (HandlerTurn other : others) {
                startAlone(other);
            }
            first.run();
        });
    }

    private void startAlone(HandlerTurn turn) {
        try {
            threads.start(turn);
        } catch (RuntimeException | Error e) {
            end(turn, e);
        }
    }

    /** Never fails: others wait to be started. */
    private static void end(HandlerTurn turn, Throwable defect) {
        try {
            turn.endUnstarted(defect);
        } catch (RuntimeException | Error e) {
            Log.error("a connection could not be given back", e);
        }
    }

    /** Notes that a turn ends and gives its connection back. On any thread. */
    void ended() {
        ended.incrementAndGet();
    }

    /**
     * Lets the handlers' threads run, if some were started since this was called last and not all can run at once.
     *
     * @return whether time may have passed
     */
    boolean giveWay() {
        if (!started) {
            return false;
        }
        started = false;
        if (restLeft > 0) {
            restLeft--;
            return false;
        }
        if (!shared.hasMoreCallsThanProcessors()) {
            return false;
        }
        int before = ended.get();
        long nanos = threads.giveWay();
        boolean wereShort = nanos <= (1 + ended.get() - before) * SHORT_CALL_NANOS;
        rest = wereShort ? 0 : Math.clamp(2L * rest, REST_MIN, REST_MAX);
        restLeft = rest;
        return true;
    }
}
