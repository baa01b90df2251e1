package dev.selvedge.epoll.kernel;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/**
 * Type and size of an open file, which statx(2) puts here. Unlike {@code struct stat}, this struct is the same on every
 * architecture.
 *
 * <pre>{@code
 * struct statx {                 // statx(2); the first of 256 bytes
 *     __u32 stx_mask;
 *     __u32 stx_blksize;
 *     __u64 stx_attributes;
 *     __u32 stx_nlink;
 *     __u32 stx_uid;
 *     __u32 stx_gid;
 *     __u16 stx_mode;            // file type and permissions, inode(7)
 *     __u64 stx_ino;             // after two bytes of padding
 *     __u64 stx_size;            // in bytes
 *     …
 * };
 * }</pre>
 */
public final class Statx {

    /** {@code AT_EMPTY_PATH}: the descriptor itself is meant, the path is empty. */
    static final int AT_EMPTY_PATH = 0x1000;
    static final int STATX_TYPE = 0x1;
    static final int STATX_SIZE = 0x200;

    private static final int S_IFMT = 0170000;
    private static final int S_IFREG = 0100000;

    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_INT.withName("stx_mask"),
            ValueLayout.JAVA_INT.withName("stx_blksize"),
            ValueLayout.JAVA_LONG.withName("stx_attributes"),
            ValueLayout.JAVA_INT.withName("stx_nlink"),
            ValueLayout.JAVA_INT.withName("stx_uid"),
            ValueLayout.JAVA_INT.withName("stx_gid"),
            ValueLayout.JAVA_SHORT.withName("stx_mode"),
            MemoryLayout.paddingLayout(2),
            ValueLayout.JAVA_LONG.withName("stx_ino"),
            ValueLayout.JAVA_LONG.withName("stx_size"),
            MemoryLayout.paddingLayout(208).withName("…"));

    private static final long MODE_AT = LAYOUT.byteOffset(groupElement("stx_mode"));
    private static final long SIZE_AT = LAYOUT.byteOffset(groupElement("stx_size"));

    private int mode;
    private long size;

    /** Puts an answer here; called by a {@link Kernel}. */
    public void put(int newMode, long newSize) {
        mode = newMode;
        size = newSize;
    }

    void readFrom(MemorySegment memory) {
        put(Short.toUnsignedInt(memory.get(ValueLayout.JAVA_SHORT, MODE_AT)),
                memory.get(ValueLayout.JAVA_LONG, SIZE_AT));
    }

    /** Returns whether it is a regular file: not a directory, a device, a FIFO or a socket. */
    public boolean isRegularFile() {
        return (mode & S_IFMT) == S_IFREG;
    }

    /** Returns the size in bytes. */
    public long size() {
        return size;
    }
}
