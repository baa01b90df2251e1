package dev.selvedge.server.engine;

import java.io.IOException;
import java.io.Serial;
import java.net.InetSocketAddress;

/** An address can't be listened on. The message says which one and why; the cause is the transport's own exception. */
public final class ListenException extends IOException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final InetSocketAddress address;

    /**
     * Makes the exception.
     *
     * @param address that was asked for, resolved or not
     * @param cause says why, without the address
     */
    public ListenException(InetSocketAddress address, IOException cause) {
        super("cannot listen on " + describe(address) + ": " + cause.getMessage(), cause);
        this.address = address;
    }

    /**
     * Returns the address that was asked for.
     *
     * @return the address, resolved or not
     */
    public InetSocketAddress address() {
        return address;
    }

    /** The wildcard has several spellings, and whoever asks for it thinks of the port alone. */
    private static String describe(InetSocketAddress address) {
        if (!address.isUnresolved() && address.getAddress().isAnyLocalAddress()) {
            return "port " + address.getPort();
        }
        String host = address.getHostString();
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
    }
}
