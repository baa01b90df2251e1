package dev.selvedge.jmh;

import dev.selvedge.server.transport.ServerThreads;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * How long it takes to hand something over to a new virtual thread and to get it back: what a handler that may block
 * costs beside its work.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandOverBenchmark {

    private final ServerThreads threads = ServerThreads.system();
    private volatile boolean back;

    /** The platform thread sleeps meanwhile, as an idle event loop does. */
    @Benchmark
    public void thereAndBackAsleep() {
        Thread loop = Thread.currentThread();
        back = false;
        threads.start(() -> {
            back = true;
            LockSupport.unpark(loop);
        });
        while (!back) {
            LockSupport.park(this);
        }
    }

    /** The platform thread stays awake, as a busy event loop does. */
    @Benchmark
    public void thereAndBackAwake() {
        back = false;
        threads.start(() -> back = true);
        while (!back) {
            Thread.onSpinWait();
        }
    }
}
