package dev.selvedge.epoll.kernel;

import java.net.Inet6Address;
import java.net.InetSocketAddress;

/** A socket address as the kernel has it, before anybody wants a Java object of it. */
public sealed interface Sockaddr permits SockaddrIn, SockaddrIn6 {

    /**
     * Returns the address for bind(2).
     *
     * @param address a resolved address
     */
    static Sockaddr of(InetSocketAddress address) {
        return address.getAddress() instanceof Inet6Address
                ? SockaddrIn6.of(address)
                : SockaddrIn.of(address);
    }

    /** Returns the address family, {@code AF_INET} or {@code AF_INET6}. */
    int family();

    /** Returns the port, 0 to 65535. */
    int port();

    /** Returns whether this is the address that stands for all of the machine's ({@code INADDR_ANY}, {@code ::}). */
    boolean isWildcard();

    /** Returns the same address as a new Java object; an IPv4 address inside of an IPv6 one is taken out. */
    InetSocketAddress toInetSocketAddress();
}
