package dev.selvedge.epoll.kernel;

import static java.lang.foreign.MemoryLayout.PathElement.groupElement;

import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * An IPv6 socket address; port and address are in network byte order in memory, and plain numbers here. The flow
 * information is not used.
 *
 * <pre>{@code
 * struct sockaddr_in6 {               // ipv6(7)
 *     sa_family_t     sin6_family;    // AF_INET6, uint16_t
 *     in_port_t       sin6_port;      // uint16_t, network byte order
 *     uint32_t        sin6_flowinfo;  // network byte order
 *     struct in6_addr sin6_addr;      // unsigned char[16]
 *     uint32_t        sin6_scope_id;  // host byte order
 * };
 * }</pre>
 *
 * @param port 0 to 65535
 * @param high the first eight bytes of the address, the first one in the highest bits
 * @param low the last eight bytes
 * @param scopeId the interface of a link-local address, else 0
 */
public record SockaddrIn6(int port, long high, long low, int scopeId) implements Sockaddr {

    /** The address is aligned to four bytes, as C's array of bytes is here. */
    private static final ValueLayout.OfLong HALF_OF_ADDRESS =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.BIG_ENDIAN).withByteAlignment(Integer.BYTES);

    static final StructLayout LAYOUT = MemoryLayout.structLayout(
            ValueLayout.JAVA_SHORT.withName("sin6_family"),
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN).withName("sin6_port"),
            ValueLayout.JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN).withName("sin6_flowinfo"),
            HALF_OF_ADDRESS.withName("sin6_addr[0]"),
            HALF_OF_ADDRESS.withName("sin6_addr[8]"),
            ValueLayout.JAVA_INT.withName("sin6_scope_id"));

    private static final ValueLayout.OfShort FAMILY = (ValueLayout.OfShort) LAYOUT.select(groupElement("sin6_family"));
    private static final ValueLayout.OfShort PORT = (ValueLayout.OfShort) LAYOUT.select(groupElement("sin6_port"));
    private static final ValueLayout.OfInt SCOPE = (ValueLayout.OfInt) LAYOUT.select(groupElement("sin6_scope_id"));
    private static final long FAMILY_AT = LAYOUT.byteOffset(groupElement("sin6_family"));
    private static final long PORT_AT = LAYOUT.byteOffset(groupElement("sin6_port"));
    private static final long HIGH_AT = LAYOUT.byteOffset(groupElement("sin6_addr[0]"));
    private static final long LOW_AT = LAYOUT.byteOffset(groupElement("sin6_addr[8]"));
    private static final long SCOPE_AT = LAYOUT.byteOffset(groupElement("sin6_scope_id"));

    /** RFC 4291 section 2.5.5.2: {@code ::ffff:a.b.c.d}, how a socket of both families shows an IPv4 peer. */
    private static final long MAPPED_PREFIX = 0xffff;

    /** {@code in6addr_any} with a port. */
    public static SockaddrIn6 wildcard(int port) {
        return new SockaddrIn6(port, 0, 0, 0);
    }

    static SockaddrIn6 of(InetSocketAddress address) {
        Inet6Address inet6 = (Inet6Address) address.getAddress();
        ByteBuffer bytes = ByteBuffer.wrap(inet6.getAddress());
        return new SockaddrIn6(address.getPort(), bytes.getLong(), bytes.getLong(), inet6.getScopeId());
    }

    static SockaddrIn6 readFrom(MemorySegment memory) {
        return new SockaddrIn6(Short.toUnsignedInt(memory.get(PORT, PORT_AT)),
                memory.get(HALF_OF_ADDRESS, HIGH_AT), memory.get(HALF_OF_ADDRESS, LOW_AT),
                memory.get(SCOPE, SCOPE_AT));
    }

    /** Writes the struct and returns its size in bytes. */
    long writeTo(MemorySegment memory) {
        memory.asSlice(0, LAYOUT.byteSize()).fill((byte) 0);
        memory.set(FAMILY, FAMILY_AT, (short) Linux.AF_INET6);
        memory.set(PORT, PORT_AT, (short) port);
        memory.set(HALF_OF_ADDRESS, HIGH_AT, high);
        memory.set(HALF_OF_ADDRESS, LOW_AT, low);
        memory.set(SCOPE, SCOPE_AT, scopeId);
        return LAYOUT.byteSize();
    }

    @Override
    public int family() {
        return Linux.AF_INET6;
    }

    @Override
    public boolean isWildcard() {
        return high == 0 && low == 0;
    }

    @Override
    public InetSocketAddress toInetSocketAddress() {
        return new InetSocketAddress(isMapped() ? SockaddrIn.inetAddress((int) low) : inet6Address(), port);
    }

    /** Returns an IPv4 address in its own, smaller form, any other as it is. */
    Sockaddr unmapped() {
        return isMapped() ? new SockaddrIn(port, (int) low) : this;
    }

    private boolean isMapped() {
        return high == 0 && low >>> Integer.SIZE == MAPPED_PREFIX;
    }

    private InetAddress inet6Address() {
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
        try {
            return scopeId == 0 ? InetAddress.getByAddress(bytes) : Inet6Address.getByAddress(null, bytes, scopeId);
        } catch (UnknownHostException e) {
            throw new AssertionError("sixteen bytes are an address", e);
        }
    }
}
