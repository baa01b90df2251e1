package dev.selvedge.epoll.kernel;

/** Where accept4(2), getsockname(2) and getpeername(2) put an address, as a {@code struct sockaddr_storage} is in C. */
public final class SockaddrStorage {

    private Sockaddr address;

    /** Returns the address of the last call, or null if the kernel told none, or one of a family unknown here. */
    public Sockaddr address() {
        return address;
    }

    /** Puts an address here; called by a {@link Kernel}. */
    public void put(Sockaddr newAddress) {
        address = newAddress;
    }
}
