package dev.selvedge.epoll.kernel;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The C structs, byte by byte; the numbers are what a C compiler answers to sizeof and offsetof. */
class StructTest {

    @AutoClose
    private final Arena arena = Arena.ofConfined();

    @Test
    void epollEventIsPackedOnX86AndPaddedElsewhere() {
        assertSame(EpollEvent.PACKED, EpollEvent.on("amd64"));
        assertSame(EpollEvent.PADDED, EpollEvent.on("aarch64"));
        assertEquals(List.of(12L, 0L, 4L), sizeAndOffsets(EpollEvent.PACKED.layout(), "events", "data"));
        assertEquals(List.of(16L, 0L, 8L), sizeAndOffsets(EpollEvent.PADDED.layout(), "events", "data"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"amd64", "aarch64"})
    void epollEventsOfAnArrayDoNotTouchEachOther(String architecture) {
        EpollEvent struct = EpollEvent.on(architecture);
        MemorySegment array = arena.allocate(struct.size() * 3, 8);
        for (int i = 0; i < 3; i++) {
            struct.write(array, i, Linux.EPOLLET | i, Long.MIN_VALUE + i);
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(Linux.EPOLLET | i, struct.events(array, i));
            assertEquals(Long.MIN_VALUE + i, struct.data(array, i));
        }
    }

    @Test
    void epollEventsLieAtTheirOffsets() {
        MemorySegment memory = arena.allocate(32, 8);
        EpollEvent.PACKED.write(memory, 1, 0x11, 0x22);
        assertEquals(0x11, memory.get(ValueLayout.JAVA_BYTE, low(12, 4)));
        assertEquals(0x22, memory.get(ValueLayout.JAVA_BYTE, low(16, 8)));

        memory.fill((byte) 0);
        EpollEvent.PADDED.write(memory, 1, 0x11, 0x22);
        assertEquals(0x11, memory.get(ValueLayout.JAVA_BYTE, low(16, 4)));
        assertEquals(0x22, memory.get(ValueLayout.JAVA_BYTE, low(24, 8)));
    }

    @Test
    void sockaddrInHasPortAndAddressInNetworkByteOrder() {
        assertEquals(List.of(16L, 0L, 2L, 4L),
                sizeAndOffsets(SockaddrIn.LAYOUT, "sin_family", "sin_port", "sin_addr"));
        MemorySegment memory = dirty(16);
        SockaddrIn address = new SockaddrIn(0x1F90, 0xC0A80102); // 192.168.1.2:8080

        assertEquals(16, address.writeTo(memory));
        assertArrayEquals(HexFormat.of().parseHex("1F90C0A801020000000000000000"), bytes(memory, 2, 16));
        assertEquals(Linux.AF_INET, memory.get(ValueLayout.JAVA_SHORT, 0));
        assertEquals(address, SockaddrIn.readFrom(memory));
    }

    @Test
    void sockaddrIn6HasPortAndAddressInNetworkByteOrderAndTheScopeInOurs() {
        assertEquals(List.of(28L, 0L, 2L, 4L, 8L, 16L, 24L), sizeAndOffsets(SockaddrIn6.LAYOUT, "sin6_family",
                "sin6_port", "sin6_flowinfo", "sin6_addr[0]", "sin6_addr[8]", "sin6_scope_id"));
        MemorySegment memory = dirty(28);
        SockaddrIn6 address = new SockaddrIn6(0xFFFE, 0xfe80_0001_0002_0003L, 0x0405_0607_0809_0a0bL, 7);

        assertEquals(28, address.writeTo(memory));
        assertArrayEquals(HexFormat.of().parseHex("FFFE00000000fe8000010002000304050607" + "08090a0b"),
                bytes(memory, 2, 24));
        assertEquals(Linux.AF_INET6, memory.get(ValueLayout.JAVA_SHORT, 0));
        assertEquals(7, memory.get(ValueLayout.JAVA_INT, 24));
        assertEquals(address, SockaddrIn6.readFrom(memory));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "255.254.253.252", "0.0.0.0", "::1", "fe80::1", "2001:db8::ff00:42:8329"})
    void anAddressComesBackAsItWent(String host) {
        InetSocketAddress address = new InetSocketAddress(host, 65535);
        assertEquals(address, Sockaddr.of(address).toInetSocketAddress());
    }

    @Test
    void theScopeOfALinkLocalAddressIsKept() throws UnknownHostException {
        byte[] bytes = InetAddress.getByName("fe80::1").getAddress();
        InetSocketAddress address = new InetSocketAddress(Inet6Address.getByAddress(null, bytes, 3), 80);

        InetSocketAddress back = Sockaddr.of(address).toInetSocketAddress();
        assertEquals(3, assertInstanceOf(Inet6Address.class, back.getAddress()).getScopeId());
    }

    /** RFC 4291 section 2.5.5.2: how a socket of both families shows an IPv4 peer. */
    @Test
    void aMappedAddressIsAnIpv4Address() {
        assertEquals(new SockaddrIn(80, 0x0a00_0001), new SockaddrIn6(80, 0, 0xffff_0a00_0001L, 0).unmapped());
        InetSocketAddress address = new SockaddrIn6(80, 0, 0xffff_0a00_0001L, 0).toInetSocketAddress();
        assertInstanceOf(Inet4Address.class, address.getAddress());
        assertEquals(new InetSocketAddress("10.0.0.1", 80), address);
    }

    @Test
    void onlyTheWildcardsAreWildcards() {
        assertTrue(SockaddrIn.wildcard(1).isWildcard());
        assertTrue(SockaddrIn6.wildcard(1).isWildcard());
        assertFalse(new SockaddrIn(0, 1).isWildcard());
        assertFalse(new SockaddrIn6(0, 0, 1, 0).isWildcard());
        assertFalse(new SockaddrIn6(0, 1, 0, 0).isWildcard());
    }

    @Test
    void lingerIsTwoInts() {
        assertEquals(List.of(8L, 0L, 4L), sizeAndOffsets(Linger.LAYOUT, "l_onoff", "l_linger"));
        MemorySegment memory = dirty(8);
        assertEquals(8, new Linger(true, 5).writeTo(memory));
        assertEquals(1, memory.get(ValueLayout.JAVA_INT, 0));
        assertEquals(5, memory.get(ValueLayout.JAVA_INT, 4));
        new Linger(false, 0).writeTo(memory);
        assertEquals(0, memory.get(ValueLayout.JAVA_INT, 0));
    }

    @Test
    void statxHasItsFieldsWhereTheManPageSaysSo() {
        assertEquals(List.of(256L, 0L, 4L, 8L, 16L, 20L, 24L, 28L, 32L, 40L, 48L, 56L, 64L, 80L, 96L, 112L),
                sizeAndOffsets(Statx.LAYOUT, "stx_mask", "stx_blksize", "stx_attributes", "stx_nlink", "stx_uid",
                        "stx_gid", "stx_mode", "stx_ino", "stx_size", "stx_blocks", "stx_attributes_mask", "stx_atime",
                        "stx_btime", "stx_ctime", "stx_mtime"));
    }

    /** A file system that lacks something leaves its bit out of the mask, and anything in its place. */
    @Test
    void whatStatxDoesNotKnowIsNotTold() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(Statx.LAYOUT).fill((byte) 1);
            Statx statx = new Statx();
            memory.set(ValueLayout.JAVA_INT, 0, Statx.STATX_TYPE | Statx.STATX_SIZE);
            statx.readFrom(memory);
            assertEquals(0, statx.inode());
            assertNull(statx.lastModified());
            assertNull(statx.changed());
            memory.set(ValueLayout.JAVA_INT, 0, Statx.STATX_INO | Statx.STATX_MTIME);
            statx.readFrom(memory);
            assertEquals(0x0101010101010101L, statx.inode());
            assertEquals(0x0101010101010101L, statx.lastModified().to(TimeUnit.SECONDS), "beyond the years of Java");
            assertNull(statx.changed());
        }
    }

    @Test
    void onlyOneTypeOfFileIsRegular() {
        Statx statx = new Statx();
        // inode(7): socket, link, regular, block device, directory, character device, FIFO
        for (int type : new int[] {0140000, 0120000, 0100000, 0060000, 0040000, 0020000, 0010000}) {
            statx.put(type | 0644, 1);
            assertEquals(type == 0100000, statx.isRegularFile(), () -> Integer.toOctalString(type));
        }
    }

    private MemorySegment dirty(int size) {
        return arena.allocate(size, 8).fill((byte) 0xAA);
    }

    private static byte[] bytes(MemorySegment memory, int from, int to) {
        return Arrays.copyOfRange(memory.toArray(ValueLayout.JAVA_BYTE), from, to);
    }

    /** Where the lowest byte of a number in the machine's order lies. */
    private static long low(long offset, int size) {
        return ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? offset : offset + size - 1;
    }

    private static List<Long> sizeAndOffsets(StructLayout layout, String... names) {
        return LongStream.concat(LongStream.of(layout.byteSize()),
                Arrays.stream(names).mapToLong(name -> layout.byteOffset(groupElement(name)))).boxed().toList();
    }
}
