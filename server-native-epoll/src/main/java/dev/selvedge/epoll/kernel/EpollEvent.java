package dev.selvedge.epoll.kernel;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * How an epoll event lies in memory. It is the one struct here that depends on the machine: on x86-64 it is packed, so
 * that it is the same as on 32-bit x86.
 *
 * <pre>{@code
 * struct epoll_event {      // epoll_event(3type)
 *     uint32_t     events;
 *     epoll_data_t data;    // a union of 64 bits
 * } EPOLL_PACKED;           // __attribute__((packed)) on x86-64: 12 bytes; elsewhere 16
 * }</pre>
 *
 * @param layout the struct
 * @param size its size in bytes, which is the distance of two in an array
 * @param dataAt the offset of {@code data} in bytes
 */
record EpollEvent(StructLayout layout, long size, long dataAt) {

    private static final ValueLayout.OfInt EVENTS = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong DATA = ValueLayout.JAVA_LONG.withByteAlignment(Integer.BYTES);

    static final EpollEvent PACKED = of(MemoryLayout.structLayout(
            EVENTS.withName("events"), DATA.withName("data")));

    static final EpollEvent PADDED = of(MemoryLayout.structLayout(
            EVENTS.withName("events"), MemoryLayout.paddingLayout(4), ValueLayout.JAVA_LONG.withName("data")));

    private static EpollEvent of(StructLayout layout) {
        return new EpollEvent(layout, layout.byteSize(), layout.byteOffset(groupElement("data")));
    }

    /**
     * Returns how it lies on a machine.
     *
     * @param architecture a value of the system property {@code os.arch}
     */
    static EpollEvent on(String architecture) {
        return architecture.equals("amd64") ? PACKED : PADDED;
    }

    int events(MemorySegment array, int index) {
        return array.get(EVENTS, index * size);
    }

    long data(MemorySegment array, int index) {
        return array.get(DATA, index * size + dataAt);
    }

    void write(MemorySegment array, int index, int events, long data) {
        array.set(EVENTS, index * size, events);
        array.set(DATA, index * size + dataAt, data);
    }
}
