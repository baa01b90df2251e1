package dev.selvedge.server.fake.wire;

import dev.selvedge.server.transport.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * Keeps the system from giving a port to others while nobody listens there: a socket that is bound and does nothing,
 * so connections are refused. Without it, a client of the same machine could be given that very port, and even connect
 * to itself. Where it is not possible, because the port is not the system's or is taken, nothing is reserved.
 */
final class ReservedPort {

    /** Listens at the port. */
    interface Use {
        Listener listen() throws IOException;
    }

    private final SocketChannel socket;

    private ReservedPort(SocketChannel socket) {
        this.socket = socket;
    }

    /** Reserves nothing: for addresses that are not the system's. */
    static ReservedPort none(InetSocketAddress address) {
        return new ReservedPort(null);
    }

    static ReservedPort at(InetSocketAddress address) {
        SocketChannel socket = null;
        try {
            socket = SocketChannel.open();
            socket.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            socket.bind(address);
        } catch (IOException e) {
            close(socket);
        }
        return new ReservedPort(socket);
    }

    /** Lets the port be used again: without letting go of it first, where the system allows that (Linux does). */
    Listener used(Use use) throws IOException {
        try {
            return use.listen();
        } catch (IOException e) {
            close();
            return use.listen();
        } finally {
            close();
        }
    }

    void close() {
        close(socket);
    }

    private static void close(SocketChannel socket) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // closed all the same
            }
        }
    }
}
