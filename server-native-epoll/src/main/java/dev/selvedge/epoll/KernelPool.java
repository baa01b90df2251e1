package dev.selvedge.epoll;

import dev.selvedge.epoll.kernel.Kernel;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/**
 * Lends a {@link Kernel} to a thread for the duration of a call: to each poller for its life, to a virtual thread that
 * drives a connection for one non-blocking system call.
 *
 * <p>Free of locks. Borrowers never wait while they hold an instance, so that there are as many instances as calls at
 * the same moment, about one a core. An instance that finds no place here when it comes back is left to the garbage
 * collector.
 */
final class KernelPool {

    private static final int PLACES = 64;

    private final Supplier<Kernel> maker;
    private final AtomicReferenceArray<Kernel> places = new AtomicReferenceArray<>(PLACES);

    KernelPool(Supplier<Kernel> maker) {
        this.maker = maker;
    }

    /** Returns an instance that nobody else uses until it is {@linkplain #give given} back. */
    Kernel take() {
        for (int i = 0; i < PLACES; i++) {
            // Looks before it writes: a failed exchange would take the cache line from its neighbours too.
            if (places.getPlain(i) != null) {
                Kernel kernel = places.getAndSet(i, null);
                if (kernel != null) {
                    return kernel;
                }
            }
        }
        return maker.get();
    }

    void give(Kernel kernel) {
        for (int i = 0; i < PLACES; i++) {
            if (places.getPlain(i) == null && places.compareAndSet(i, null, kernel)) {
                return;
            }
        }
    }
}
