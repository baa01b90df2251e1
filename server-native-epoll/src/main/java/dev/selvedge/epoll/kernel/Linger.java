package dev.selvedge.epoll.kernel;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * What close(2) does with bytes that were not sent yet.
 *
 * <pre>{@code
 * struct linger {     // socket(7), SO_LINGER
 *     int l_onoff;
 *     int l_linger;   // seconds
 * };
 * }</pre>
 *
 * @param on whether close waits, or with 0 seconds resets the connection
 * @param seconds how long it waits
 */
public record Linger(boolean on, int seconds) {

    /** Close throws away what was not sent and tells the peer by a reset. */
    public static final Linger RESET = new Linger(true, 0);

    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("l_onoff"), ValueLayout.JAVA_INT.withName("l_linger"));

    private static final long ONOFF_AT = LAYOUT.byteOffset(groupElement("l_onoff"));
    private static final long LINGER_AT = LAYOUT.byteOffset(groupElement("l_linger"));

    /** Writes the struct and returns its size in bytes. */
    long writeTo(MemorySegment memory) {
        memory.set(ValueLayout.JAVA_INT, ONOFF_AT, on ? 1 : 0);
        memory.set(ValueLayout.JAVA_INT, LINGER_AT, seconds);
        return LAYOUT.byteSize();
    }
}
