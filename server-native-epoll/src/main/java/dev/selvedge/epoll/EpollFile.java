package dev.selvedge.epoll;

import dev.selvedge.epoll.kernel.Kernel;
import dev.selvedge.epoll.kernel.Statx;
import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.FileSource;
import dev.selvedge.server.transport.FileStatus;
import java.io.IOException;
import java.util.Objects;

/** A regular file behind a descriptor, which sendfile(2) can send. */
final class EpollFile implements FileSource {

    private final KernelPool kernels;
    private final Descriptor descriptor;
    private final Statx opened;
    private final String name;

    EpollFile(KernelPool kernels, int fd, Statx opened, String name) {
        this.kernels = kernels;
        this.descriptor = new Descriptor(fd);
        this.opened = opened;
        this.name = name;
    }

    @Override
    public long size() {
        return opened.size();
    }

    @Override
    public FileStatus status() {
        return new FileStatus(opened.size(), opened.lastModified(), opened.changed(), opened.inode());
    }

    /** As {@link dev.selvedge.server.transport.Channel#sendFile} says; {@code -EBADF} after closing. */
    long sendTo(Kernel kernel, int socketFd, long position, long count) {
        if (!descriptor.acquire()) {
            return -Errno.EBADF;
        }
        try {
            long n;
            do {
                n = kernel.sendfile(socketFd, descriptor.number(), position, count);
            } while (n == -Errno.EINTR);
            // Some file systems can't, nor some sandboxes: then the caller copies.
            return n == -Errno.ENOSYS ? -Errno.EINVAL : n;
        } finally {
            release(kernel);
        }
    }

    @Override
    public int read(long position, byte[] dst, int from, int length) throws IOException {
        Objects.checkFromIndexSize(from, length, dst.length);
        if (position < 0) {
            throw new IllegalArgumentException("position " + position);
        }
        Kernel kernel = kernels.take();
        if (!descriptor.acquire()) {
            kernels.give(kernel);
            throw new IOException(name + ": closed");
        }
        try {
            int n;
            do {
                n = kernel.pread(descriptor.number(), dst, from, length, position);
            } while (n == -Errno.EINTR);
            if (n < 0) {
                throw new IOException(name + ": " + Errno.describe(-n));
            }
            return n;
        } finally {
            release(kernel);
            kernels.give(kernel);
        }
    }

    private void release(Kernel kernel) {
        if (descriptor.release()) {
            kernel.close(descriptor.number());
        }
    }

    @Override
    public void close() {
        if (descriptor.retire()) {
            Kernel kernel = kernels.take();
            kernel.close(descriptor.number()); // it was only read: no answer means anything
            kernels.give(kernel);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
