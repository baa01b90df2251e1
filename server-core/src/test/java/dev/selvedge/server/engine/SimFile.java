package dev.selvedge.server.engine;

import dev.selvedge.server.transport.FileSource;

/** An open file of the simulation. */
final class SimFile implements FileSource {

    private final SimFiles files;
    private final int seed;
    private final long size;
    private boolean closed;

    SimFile(SimFiles files, int seed, long size) {
        this.files = files;
        this.seed = seed;
        this.size = size;
    }

    /** Returns the content that belongs to a seed: whoever knows the seed knows every octet. */
    static byte[] content(int seed, int length) {
        byte[] octets = new byte[length];
        for (int i = 0; i < length; i++) {
            octets[i] = octet(seed, i);
        }
        return octets;
    }

    /** Returns one octet of a content: a letter, so that traces can be read; neighbours and seeds differ. */
    static byte octet(int seed, long at) {
        long mixed = (seed * 0x9E3779B97F4A7C15L + at) * 0xBF58476D1CE4E5B9L;
        return (byte) ('a' + (mixed >>> 40) % 26);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public int read(long position, byte[] dst, int from, int length) {
        files.world().require(!closed, "a closed file is read");
        int n = (int) Math.max(0, Math.min(length, size - position));
        for (int i = 0; i < n; i++) {
            dst[from + i] = octet(seed, position + i);
        }
        return n;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            files.closed();
        }
    }
}
