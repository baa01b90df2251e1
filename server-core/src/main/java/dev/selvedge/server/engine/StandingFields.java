package dev.selvedge.server.engine;

import dev.selvedge.server.http1.ServerFields;
import dev.selvedge.server.transport.TimeSource;
import java.util.concurrent.TimeUnit;

/** Keeps the Server and Date fields of the current second for all threads of one server. */
final class StandingFields implements ServerFields.Source {

    private record Snapshot(ServerFields fields, long validUntilNanos) { }

    private final TimeSource time;
    private final String serverName;
    private volatile Snapshot snapshot;

    StandingFields(TimeSource time, String serverName) {
        this.time = time;
        this.serverName = serverName;
        this.snapshot = take(time.nanos());
    }

    @Override
    public ServerFields at(long now) {
        Snapshot current = snapshot;
        if (now >= current.validUntilNanos) {
            // Two threads may both make the new second's fields: they are equal, and either may stay.
            current = take(now);
            snapshot = current;
        }
        return current.fields;
    }

    private Snapshot take(long now) {
        long millis = time.epochMillis();
        long untilNextSecond = TimeUnit.MILLISECONDS.toNanos(1000 - Math.floorMod(millis, 1000L));
        return new Snapshot(new ServerFields(serverName, Math.floorDiv(millis, 1000L)), now + untilNextSecond);
    }
}
