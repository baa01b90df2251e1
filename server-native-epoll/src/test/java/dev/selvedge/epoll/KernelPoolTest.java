package dev.selvedge.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.epoll.kernel.Kernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KernelPoolTest {

    @Test
    void whatComesBackIsLentAgain() {
        KernelPool pool = new KernelPool(ScriptedKernel::new);
        Kernel kernel = pool.take();
        pool.give(kernel);
        assertSame(kernel, pool.take());
    }

    @Test
    void twoBorrowersNeverHaveTheSame() {
        KernelPool pool = new KernelPool(ScriptedKernel::new);
        assertNotSame(pool.take(), pool.take());
    }

    @Test
    void moreThanItsPlacesMayComeBack() {
        AtomicInteger made = new AtomicInteger();
        KernelPool pool = new KernelPool(() -> {
            made.incrementAndGet();
            return new ScriptedKernel();
        });
        List<Kernel> lent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            lent.add(pool.take());
        }
        lent.forEach(pool::give);
        for (int i = 0; i < 64; i++) {
            pool.take();
        }
        assertEquals(200, made.get(), "a place was lost");
    }

    /** The number of instances is that of the borrowers at the same moment, and each has one for itself. */
    @Test
    void borrowersMayRace() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        KernelPool pool = new KernelPool(() -> {
            made.incrementAndGet();
            return new ScriptedKernel();
        });
        Set<Kernel> inUse = ConcurrentHashMap.newKeySet();
        AtomicBoolean shared = new AtomicBoolean();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> borrowers = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            borrowers.add(Thread.ofPlatform().start(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < 20_000; i++) {
                    Kernel kernel = pool.take();
                    if (!inUse.add(kernel)) {
                        shared.set(true);
                    }
                    inUse.remove(kernel);
                    pool.give(kernel);
                }
            }));
        }
        start.countDown();
        for (Thread borrower : borrowers) {
            borrower.join();
        }
        assertFalse(shared.get(), "two threads had the same kernel");
        // A borrower may pass a place just before another fills it, so that one more is made now and then.
        assertTrue(made.get() <= 64, () -> made.get() + " instances for 4 borrowers");
    }
}
