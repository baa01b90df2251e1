package dev.selvedge.epoll.kernel;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Type, size, times and number of an open file, which statx(2) puts here. Unlike {@code struct stat}, this struct is
 * the same on every architecture.
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
 *     __u64 stx_blocks;
 *     __u64 stx_attributes_mask;
 *     struct statx_timestamp stx_atime;
 *     struct statx_timestamp stx_btime;
 *     struct statx_timestamp stx_ctime;  // the last change of content or status
 *     struct statx_timestamp stx_mtime;  // the last change of content; anybody who may write can set it
 *     …
 * };
 *
 * struct statx_timestamp {
 *     __s64 tv_sec;              // since 1970
 *     __u32 tv_nsec;
 *     __s32 __reserved;
 * };
 * }</pre>
 */
public final class Statx {

    /** {@code AT_EMPTY_PATH}: the descriptor itself is meant, the path is empty. */
    static final int AT_EMPTY_PATH = 0x1000;
    static final int STATX_TYPE = 0x1;
    static final int STATX_MTIME = 0x40;
    static final int STATX_CTIME = 0x80;
    static final int STATX_INO = 0x100;
    static final int STATX_SIZE = 0x200;

    /** What is asked for; what a file system does not have is missing in the answer's mask. */
    static final int WANTED = STATX_TYPE | STATX_MTIME | STATX_CTIME | STATX_INO | STATX_SIZE;

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
            ValueLayout.JAVA_LONG.withName("stx_blocks"),
            ValueLayout.JAVA_LONG.withName("stx_attributes_mask"),
            timestamp("stx_atime"),
            timestamp("stx_btime"),
            timestamp("stx_ctime"),
            timestamp("stx_mtime"),
            MemoryLayout.paddingLayout(128).withName("…"));

    private static final long MASK_AT = LAYOUT.byteOffset(groupElement("stx_mask"));
    private static final long MODE_AT = LAYOUT.byteOffset(groupElement("stx_mode"));
    private static final long INODE_AT = LAYOUT.byteOffset(groupElement("stx_ino"));
    private static final long SIZE_AT = LAYOUT.byteOffset(groupElement("stx_size"));
    private static final long CHANGED_AT = LAYOUT.byteOffset(groupElement("stx_ctime"));
    private static final long MODIFIED_AT = LAYOUT.byteOffset(groupElement("stx_mtime"));
    private static final long NANOS_AT = Long.BYTES;

    private int known;
    private int mode;
    private long size;
    private long inode;
    private long modifiedSeconds;
    private int modifiedNanos;
    private long changedSeconds;
    private int changedNanos;

    private static StructLayout timestamp(String name) {
        return MemoryLayout.structLayout(
                ValueLayout.JAVA_LONG.withName("tv_sec"),
                ValueLayout.JAVA_INT.withName("tv_nsec"),
                MemoryLayout.paddingLayout(4)).withName(name);
    }

    /** Puts an answer here, of which the rest is not known; called by a {@link Kernel}. */
    public void put(int newMode, long newSize) {
        known = STATX_TYPE | STATX_SIZE;
        mode = newMode;
        size = newSize;
    }

    /** Adds to the answer; called by a {@link Kernel}, behind {@link #put}. */
    public void putIdentity(long newInode, Instant modified, Instant changed) {
        known = WANTED;
        inode = newInode;
        modifiedSeconds = modified.getEpochSecond();
        modifiedNanos = modified.getNano();
        changedSeconds = changed.getEpochSecond();
        changedNanos = changed.getNano();
    }

    void readFrom(MemorySegment memory) {
        known = memory.get(ValueLayout.JAVA_INT, MASK_AT);
        mode = Short.toUnsignedInt(memory.get(ValueLayout.JAVA_SHORT, MODE_AT));
        size = memory.get(ValueLayout.JAVA_LONG, SIZE_AT);
        inode = memory.get(ValueLayout.JAVA_LONG, INODE_AT);
        modifiedSeconds = memory.get(ValueLayout.JAVA_LONG, MODIFIED_AT);
        modifiedNanos = memory.get(ValueLayout.JAVA_INT, MODIFIED_AT + NANOS_AT);
        changedSeconds = memory.get(ValueLayout.JAVA_LONG, CHANGED_AT);
        changedNanos = memory.get(ValueLayout.JAVA_INT, CHANGED_AT + NANOS_AT);
    }

    /** Returns whether it is a regular file: not a directory, a device, a FIFO or a socket. */
    public boolean isRegularFile() {
        return (mode & S_IFMT) == S_IFREG;
    }

    /** Returns the size in bytes. */
    public long size() {
        return size;
    }

    /** Returns when the content was last changed, or null if the file system does not tell. */
    public FileTime lastModified() {
        return (known & STATX_MTIME) == 0 ? null : time(modifiedSeconds, modifiedNanos);
    }

    /** Returns when the content or the status was last changed, or null if the file system does not tell. */
    public FileTime changed() {
        return (known & STATX_CTIME) == 0 ? null : time(changedSeconds, changedNanos);
    }

    /** Returns the file's number in its file system, or 0 if that does not tell. */
    public long inode() {
        return (known & STATX_INO) == 0 ? 0 : inode;
    }

    /** A file system may say anything, also what no {@link Instant} can be. */
    private static FileTime time(long seconds, int nanos) {
        boolean sane = seconds > Instant.MIN.getEpochSecond() && seconds < Instant.MAX.getEpochSecond();
        return sane ? FileTime.from(Instant.ofEpochSecond(seconds, Integer.toUnsignedLong(nanos)))
                : FileTime.from(seconds, TimeUnit.SECONDS);
    }
}
