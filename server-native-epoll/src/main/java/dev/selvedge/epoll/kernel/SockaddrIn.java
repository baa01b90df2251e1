package dev.selvedge.epoll.kernel;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An IPv4 socket address; port and address are in network byte order in memory, and plain numbers here.
 *
 * <pre>{@code
 * struct sockaddr_in {            // ip(7)
 *     sa_family_t    sin_family;  // AF_INET, uint16_t
 *     in_port_t      sin_port;    // uint16_t, network byte order
 *     struct in_addr sin_addr;    // uint32_t, network byte order
 *     unsigned char  sin_zero[8];
 * };
 * }</pre>
 *
 * @param port 0 to 65535
 * @param address the four bytes, the first one in the highest bits
 */
public record SockaddrIn(int port, int address) implements Sockaddr {

    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_SHORT.withName("sin_family"),
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN).withName("sin_port"),
            ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN).withName("sin_addr"),
            MemoryLayout.paddingLayout(8).withName("sin_zero"));

    private static final ValueLayout.OfShort FAMILY = (ValueLayout.OfShort) LAYOUT.select(groupElement("sin_family"));
    private static final ValueLayout.OfShort PORT = (ValueLayout.OfShort) LAYOUT.select(groupElement("sin_port"));
    private static final ValueLayout.OfInt ADDR = (ValueLayout.OfInt) LAYOUT.select(groupElement("sin_addr"));
    private static final long FAMILY_AT = LAYOUT.byteOffset(groupElement("sin_family"));
    private static final long PORT_AT = LAYOUT.byteOffset(groupElement("sin_port"));
    private static final long ADDR_AT = LAYOUT.byteOffset(groupElement("sin_addr"));

    /** {@code INADDR_ANY} with a port. */
    public static SockaddrIn wildcard(int port) {
        return new SockaddrIn(port, 0);
    }

    static SockaddrIn of(InetSocketAddress address) {
        return new SockaddrIn(address.getPort(), ByteBuffer.wrap(address.getAddress().getAddress()).getInt());
    }

    static SockaddrIn readFrom(MemorySegment memory) {
        return new SockaddrIn(Short.toUnsignedInt(memory.get(PORT, PORT_AT)), memory.get(ADDR, ADDR_AT));
    }

    /** Writes the struct and returns its size in bytes. */
    long writeTo(MemorySegment memory) {
        memory.asSlice(0, LAYOUT.byteSize()).fill((byte) 0);
        memory.set(FAMILY, FAMILY_AT, (short) Linux.AF_INET);
        memory.set(PORT, PORT_AT, (short) port);
        memory.set(ADDR, ADDR_AT, address);
        return LAYOUT.byteSize();
    }

    @Override
    public int family() {
        return Linux.AF_INET;
    }

    @Override
    public boolean isWildcard() {
        return address == 0;
    }

    @Override
    public InetSocketAddress toInetSocketAddress() {
        return new InetSocketAddress(inetAddress(address), port);
    }

    static InetAddress inetAddress(int address) {
        try {
            return InetAddress.getByAddress(ByteBuffer.allocate(Integer.BYTES).putInt(address).array());
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }
}
