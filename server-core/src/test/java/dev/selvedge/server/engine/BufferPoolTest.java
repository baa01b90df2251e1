package dev.selvedge.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class BufferPoolTest {

    private final BufferPool pool = new BufferPool();

    @Test
    void whatIsGivenBackIsLentAgain() {
        byte[] buffer = pool.take();
        assertEquals(BufferPool.BUFFER_BYTES, buffer.length);

        pool.give(buffer);

        assertSame(buffer, pool.take());
    }

    @Test
    void nothingIsLentTwice() {
        byte[] first = pool.take();
        byte[] second = pool.take();
        assertNotSame(first, second);

        pool.give(first);

        assertSame(first, pool.take());
        assertNotSame(first, pool.take());
    }
}
