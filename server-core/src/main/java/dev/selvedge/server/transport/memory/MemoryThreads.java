package dev.selvedge.server.transport.memory;

import dev.selvedge.server.transport.ServerThreads;
import java.util.HashSet;
import java.util.Set;

/** The threads of a server in memory: virtual ones, which go on one at a time and wait by the scheduler's clock. */
public final class MemoryThreads implements ServerThreads {

    private final Scheduler scheduler;

    /** Permits of threads that are guests. */
    private final Set<Thread> permits = new HashSet<>();
    private int handlers;

    MemoryThreads(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Makes a thread that takes part as soon as it is started. */
    @Override
    public Thread newThread(String name, Runnable task) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> run(task));
        scheduler.add(thread);
        return thread;
    }

    @Override
    public void start(Runnable task) {
        scheduler.step();
        scheduler.enter();
        try {
            String name = "selvedge-handler-" + handlers++;
            newThread(name, task).start();
            scheduler.witness().noted(null, "starts " + name, 0, 0);
        } finally {
            scheduler.exit();
        }
        scheduler.step();
    }

    private void run(Runnable task) {
        try {
            runTask(task);
        } catch (Scheduler.Ended e) {
            // no more to be done
        } finally {
            scheduler.ended();
        }
    }

    private void runTask(Runnable task) {
        try {
            scheduler.step();
            task.run();
        } catch (Scheduler.Ended e) {
            throw e;
        } catch (Throwable e) {
            scheduler.witness().failed(e);
        }
    }

    /** Does nothing: whatever a thread does here, others may go on instead. */
    @Override
    public long giveWay() {
        return 0;
    }

    @Override
    public void park(long nanos) {
        scheduler.enter();
        try {
            Strand self = scheduler.running();
            scheduler.witness().noted(null, "parks", nanos, 0);
            if (!takePermit(self) && nanos > 0 && !self.isInterrupted()) {
                boolean early = scheduler.chance().happens(Mishap.PARK_INTERRUPTED);
                long wait = early ? scheduler.chance().below(nanos) : nanos;
                scheduler.waitFor(() -> hasPermit(self) || self.isInterrupted(), scheduler.later(wait));
                takePermit(self);
            }
        } finally {
            scheduler.exit();
        }
    }

    private boolean hasPermit(Strand self) {
        return self.permit || permits.contains(self.thread);
    }

    private boolean takePermit(Strand self) {
        boolean had = self.permit | permits.remove(self.thread);
        self.permit = false;
        return had;
    }

    @Override
    public void unpark(Thread thread) {
        scheduler.step();
        scheduler.enter();
        try {
            Strand target = scheduler.of(thread);
            if (target != null && target.kind == Strand.Kind.LASTING) {
                target.permit = true;
                scheduler.witness().noted(target, "unparked", 0, 0);
            } else if (thread.isAlive()) {
                permits.add(thread); // a guest, which may be here for something else now, and be about to wait
            }
        } finally {
            scheduler.exit();
        }
        scheduler.step();
    }

    /**
     * Lets the current thread sleep.
     *
     * @param nanos how long
     * @throws InterruptedException if it is or was interrupted
     */
    public void sleep(long nanos) throws InterruptedException {
        scheduler.enter();
        try {
            Strand self = scheduler.running();
            scheduler.waitFor(self::isInterrupted, scheduler.later(nanos));
        } finally {
            scheduler.exit();
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }
}
