package dev.selvedge.server.transport.nio;

import dev.selvedge.server.transport.Acceptance;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;

/** Accepts connections from a {@link ServerSocketChannel}. */
final class NioListener implements Listener {

    private final ServerSocketChannel server;
    private final InetSocketAddress address;
    private final int maxUnsentBytes;
    private final EdgeTrigger edges;

    /** Takes a server that is bound and non-blocking. */
    NioListener(ServerSocketChannel server, int maxUnsentBytes) throws IOException {
        this.server = server;
        this.address = (InetSocketAddress) server.getLocalAddress();
        this.maxUnsentBytes = maxUnsentBytes;
        this.edges = new EdgeTrigger(server, SelectionKey.OP_ACCEPT);
    }

    EdgeTrigger edges() {
        return edges;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Acceptance accept() {
        while (true) {
            SocketChannel socket;
            try {
                socket = server.accept(); // passes over aborted connections and interruptions itself
            } catch (ClosedChannelException e) {
                return new Acceptance.None(Errno.EBADF);
            } catch (IOException e) {
                return new Acceptance.None(descriptorsAreUsedUp() ? Errno.EMFILE : Errno.EIO);
            }
            if (socket == null) {
                edges.inputDrained();
                return Acceptance.EMPTY;
            }
            try {
                return new Acceptance.Connected(NioChannel.of(socket, maxUnsentBytes));
            } catch (IOException e) {
                closeQuietly(socket); // some systems refuse options on a connection that has ended already: next
            }
        }
    }

    @Override
    public void close() {
        edges.close();
        closeQuietly(server);
        if (edges.poller() != null) {
            edges.poller().releaseClosed(); // else the port stays taken until the next poll
        }
    }

    /**
     * Tells the want of descriptors from other failures without reading the message, which may be in any language: then
     * no other socket can be opened either.
     */
    private static boolean descriptorsAreUsedUp() {
        try {
            SocketChannel.open().close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void closeQuietly(java.nio.channels.Channel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // closed all the same
        }
    }
}
