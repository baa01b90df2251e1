package dev.selvedge.epoll;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class DescriptorTest {

    @Test
    void anUnusedDescriptorIsClosedByWhoRetiresIt() {
        Descriptor descriptor = new Descriptor(7);

        assertTrue(descriptor.retire());
        assertFalse(descriptor.retire(), "closed twice");
        assertFalse(descriptor.acquire(), "used after closing");
    }

    @Test
    void aUsedDescriptorIsClosedByItsLastUser() {
        Descriptor descriptor = new Descriptor(7);
        assertTrue(descriptor.acquire());
        assertTrue(descriptor.acquire());

        assertFalse(descriptor.retire());
        assertFalse(descriptor.acquire());
        assertFalse(descriptor.release());
        assertTrue(descriptor.release());
    }

    @Test
    void useEndsWithoutClosingWhenNobodyRetiredIt() {
        Descriptor descriptor = new Descriptor(7);
        for (int i = 0; i < 3; i++) {
            assertTrue(descriptor.acquire());
            assertFalse(descriptor.release());
        }
        assertTrue(descriptor.retire());
    }

    /** Whatever the order, it is closed exactly once, and never between acquire and release. */
    @Test
    void usersAndTheCloserMayRace() throws InterruptedException {
        for (int round = 0; round < 2_000; round++) {
            Descriptor descriptor = new Descriptor(7);
            AtomicInteger closes = new AtomicInteger();
            AtomicBoolean usedAfterClosing = new AtomicBoolean();
            Runnable user = () -> {
                while (descriptor.acquire()) {
                    if (closes.get() != 0) {
                        usedAfterClosing.set(true);
                    }
                    if (descriptor.release()) {
                        closes.incrementAndGet();
                    }
                }
            };
            Thread first = Thread.startVirtualThread(user);
            Thread second = Thread.startVirtualThread(user);
            if (descriptor.retire()) {
                closes.incrementAndGet();
            }
            first.join();
            second.join();
            assertEquals(1, closes.get());
            assertFalse(usedAfterClosing.get());
        }
    }
}
