package dev.selvedge.epoll;

import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.Listener;
import dev.selvedge.server.transport.Poller;
import dev.selvedge.server.transport.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** One server's epoll transport: what its parts share is a pool of kernels. */
final class EpollTransport implements Transport {

    static final String NAME = "epoll";

    private final KernelPool kernels;
    private final FileOpener files;

    EpollTransport(KernelPool kernels) {
        this.kernels = kernels;
        this.files = new FileOpener(kernels, FileOpener.fileNameEncodingOfTheJvm());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Listener listen(InetSocketAddress address, int backlog, int maxUnsentBytes) throws IOException {
        return ListeningSocket.open(kernels, address, backlog, maxUnsentBytes);
    }

    @Override
    public Poller poller() throws IOException {
        return EpollPoller.open(kernels);
    }

    @Override
    public FileSource open(Path file) throws IOException {
        return files.open(file);
    }

    /** Nothing is left: the pool's memory goes with the last who refers to it. */
    @Override
    public void close() { }
}
