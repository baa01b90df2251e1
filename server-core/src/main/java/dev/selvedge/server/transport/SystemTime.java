package dev.selvedge.server.transport;

/** The time of the machine. */
final class SystemTime implements TimeSource {

    static final SystemTime INSTANCE = new SystemTime();

    private final long origin = System.nanoTime();

    private SystemTime() { }

    @Override
    public long nanos() {
        return System.nanoTime() - origin;
    }

    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }
}
