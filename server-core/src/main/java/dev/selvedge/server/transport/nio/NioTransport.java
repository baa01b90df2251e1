package dev.selvedge.server.transport.nio;

import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.UnsupportedAddressTypeException;
import java.nio.file.Path;

/** Makes listeners, pollers and files of {@code java.nio}; holds nothing itself. */
final class NioTransport implements Transport {

    @Override
    public String name() {
        return NioTransportProvider.NAME;
    }

    @Override
    public Listener listen(InetSocketAddress address, int backlog, int maxUnsentBytes) throws IOException {
        if (backlog < 1) {
            throw new IllegalArgumentException("backlog must be at least 1: " + backlog);
        }
        if (maxUnsentBytes < 1) {
            throw new IllegalArgumentException("maxUnsentBytes must be at least 1: " + maxUnsentBytes);
        }
        if (address.isUnresolved()) {
            throw new UnknownHostException("the host name is not known");
        }
        ServerSocketChannel server = ServerSocketChannel.open();
        try {
            server.configureBlocking(false);
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(address, backlog);
            return new NioListener(server, maxUnsentBytes);
        } catch (IOException e) {
            server.close();
            throw explained(e);
        } catch (UnsupportedAddressTypeException e) {
            server.close();
            throw (IOException) new BindException("this machine does not have this kind of address").initCause(e);
        }
    }

    @Override
    public Poller poller() throws IOException {
        return new NioPoller();
    }

    @Override
    public FileSource open(Path file) throws IOException {
        return NioFile.open(file);
    }

    @Override
    public void close() { }

    private static IOException explained(IOException cause) {
        String message = reason(cause);
        return cause instanceof BindException
            ? (IOException) new BindException(message).initCause(cause)
            : new IOException(message, cause);
    }

    /**
     * The system's words are all that tells these failures apart, and they may be in the user's own language: words
     * that are not known here are passed on, because they then say it to the right person.
     */
    private static String reason(IOException cause) {
        return switch (cause.getMessage()) {
            case "Address already in use" -> "the address is in use by another socket";
            case "Cannot assign requested address" -> "this machine does not have this address";
            case "Permission denied" -> "not allowed; a low port needs a privilege";
            case null -> cause.toString();
            case String systems -> systems;
        };
    }
}
