package dev.selvedge.epoll;

import dev.selvedge.epoll.kernel.Kernel;
import dev.selvedge.epoll.kernel.Linux;
import dev.selvedge.server.transport.Channel;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Readiness;
import dev.selvedge.server.transport.ReadinessTarget;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One epoll set, with an eventfd to wake it up.
 *
 * <p>Everything in the set is edge-triggered, so that a descriptor is added once and never touched again; close(2)
 * takes it out. The eventfd is never read: each write to it is an edge of its own, and its 64 bits do not overflow.
 *
 * <p>Wake-ups are coalesced, and a loop that is not waiting is woken without a system call:
 *
 * <pre>
 *                 poll, and epoll_wait returned
 *     RUNNING  <------------------------------+
 *      |    |                                 |
 *      |    | wakeUp                          |
 *      |    +---------------------------->  WOKEN   (poll does not wait)
 *      |                                      ^
 *      | poll that waits                      | wakeUp writes to the eventfd
 *      v                                      |
 *     SLEEPING  ------------------------------+
 *         (and back to RUNNING when epoll_wait returned)
 * </pre>
 */
final class EpollPoller implements Poller {

    /** The eventfd's word; no slot has this number. */
    private static final long WAKE_WORD = 0xffff_ffffL;

    private static final int CONNECTION_EVENTS = Linux.EPOLLIN | Linux.EPOLLOUT | Linux.EPOLLRDHUP | Linux.EPOLLET;
    private static final int LISTENER_EVENTS = Linux.EPOLLIN | Linux.EPOLLET;
    private static final int FAILED = Linux.EPOLLERR | Linux.EPOLLHUP;

    private static final int RUNNING = 0;
    private static final int SLEEPING = 1;
    private static final int WOKEN = 2;
    private static final VarHandle STATE = stateHandle();

    private final KernelPool kernels;
    private final Kernel kernel;
    private final int epollFd;
    private final Descriptor wake;
    private final SlotTable slots = new SlotTable();
    private volatile int state = RUNNING;
    /** The loop's thread. Others may read a stale value, but never themselves. */
    private Thread thread;
    private boolean closed;

    private EpollPoller(KernelPool kernels, Kernel kernel, int epollFd, int wakeFd) {
        this.kernels = kernels;
        this.kernel = kernel;
        this.epollFd = epollFd;
        this.wake = new Descriptor(wakeFd);
    }

    static EpollPoller open(KernelPool kernels) throws IOException {
        Kernel kernel = kernels.take();
        int epollFd = kernel.epoll_create1(Linux.EPOLL_CLOEXEC);
        if (epollFd < 0) {
            kernels.give(kernel);
            throw failure("epoll_create1", -epollFd);
        }
        int wakeFd = kernel.eventfd(0, Linux.EFD_NONBLOCK | Linux.EFD_CLOEXEC);
        if (wakeFd < 0) {
            kernel.close(epollFd);
            kernels.give(kernel);
            throw failure("eventfd", -wakeFd);
        }
        int added = kernel.epoll_ctl(epollFd, Linux.EPOLL_CTL_ADD, wakeFd, Linux.EPOLLIN | Linux.EPOLLET, WAKE_WORD);
        if (added < 0) {
            kernel.close(wakeFd);
            kernel.close(epollFd);
            kernels.give(kernel);
            throw failure("epoll_ctl", -added);
        }
        return new EpollPoller(kernels, kernel, epollFd, wakeFd);
    }

    private static IOException failure(String call, int errno) {
        return new IOException("cannot make the poller of an event loop: " + call + " answered "
                + Errno.describe(errno));
    }

    @Override
    public int add(Listener listener, ReadinessTarget target) {
        if (!(listener instanceof EpollListener ours)) {
            throw new IllegalArgumentException("not a listener of this transport: " + listener);
        }
        return ours.addTo(this, target);
    }

    @Override
    public int add(Channel channel, ReadinessTarget target) {
        if (!(channel instanceof EpollChannel ours)) {
            throw new IllegalArgumentException("not a channel of this transport: " + channel);
        }
        return ours.addTo(this, target);
    }

    /** Adds a descriptor and returns its word, at least 0, or {@code -errno}: no memory, too many watches. */
    long register(int fd, boolean listening, ReadinessTarget target) {
        if (closed) {
            return -Errno.EBADF;
        }
        thread = Thread.currentThread();
        long word = slots.take(target);
        int added = kernel.epoll_ctl(epollFd, Linux.EPOLL_CTL_ADD, fd, listening ? LISTENER_EVENTS : CONNECTION_EVENTS,
                word);
        if (added < 0) {
            slots.release(word);
            return added;
        }
        return word;
    }

    /** Tells the word's target no more; the descriptor leaves the set when it is closed. */
    void forget(long word) {
        slots.release(word);
    }

    @Override
    public int poll(long timeoutNanos) {
        if (closed) {
            return -Errno.EBADF;
        }
        thread = Thread.currentThread();
        int count = await(millis(timeoutNanos));
        if (count < 0) {
            return count == -Errno.EINTR ? 0 : count; // the others are defects: a bad number, a bad address
        }
        int told = 0;
        for (int i = 0; i < count; i++) {
            long word = kernel.eventData(i);
            ReadinessTarget target = word == WAKE_WORD ? null : slots.target(word);
            if (target != null) {
                told++;
                target.ready(readiness(kernel.eventBits(i)));
            }
        }
        slots.recycle();
        return told;
    }

    private int await(int timeoutMillis) {
        int timeout = timeoutMillis;
        if (timeout != 0 && !STATE.compareAndSet(this, RUNNING, SLEEPING)) {
            timeout = 0; // woken already
        }
        int count = kernel.epoll_wait(epollFd, timeout);
        if (state != RUNNING) {
            // A wake-up that is swallowed here has its effect: this poll returns, and whatever the waker did before is
            // seen after it.
            STATE.getAndSet(this, RUNNING);
        }
        return count;
    }

    /**
     * Rounds up, so that a loop does not spin through the last fraction of a millisecond; -1, which is for ever, for
     * whatever is negative. Without a branch, as one that was never taken would have the loop compiled anew.
     */
    static int millis(long nanos) {
        long roundedUp = (Math.min(nanos, Integer.MAX_VALUE * 1_000_000L) + 999_999) / 1_000_000;
        return (int) (roundedUp | nanos >> Long.SIZE - 1);
    }

    /** After a failure both directions are worth a try: one of them answers with the error. */
    static int readiness(int events) {
        return Readiness.READABLE * any(events & (Linux.EPOLLIN | Linux.EPOLLRDHUP | FAILED))
                | Readiness.WRITABLE * any(events & (Linux.EPOLLOUT | FAILED))
                | Readiness.HANG_UP * any(events & (Linux.EPOLLRDHUP | FAILED));
    }

    /** 1 if any of the bits is set, else 0; without a branch, for the reason that {@link #millis} gives. */
    private static int any(int bits) {
        return -bits >>> Integer.SIZE - 1;
    }

    @Override
    public void wakeUp() {
        if ((int) STATE.getAndSet(this, WOKEN) != SLEEPING) {
            return; // it does not wait, or somebody else is waking it
        }
        Kernel borrowed = kernels.take();
        if (wake.acquire()) {
            int written;
            do {
                written = borrowed.write(wake.number(), 1);
            } while (written == -Errno.EINTR); // EAGAIN would need 2^64 wake-ups
            if (wake.release()) {
                borrowed.close(wake.number());
            }
        }
        kernels.give(borrowed);
    }

    /** Returns whether the caller is the loop itself, which may use {@link #kernel()}. */
    boolean isThisThread() {
        return Thread.currentThread() == thread;
    }

    Kernel kernel() {
        return kernel;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        thread = null;
        kernel.close(epollFd);
        if (wake.retire()) {
            kernel.close(wake.number());
        }
        kernels.give(kernel);
    }

    private static VarHandle stateHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(EpollPoller.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
