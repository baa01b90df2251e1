package dev.selvedge.server.engine;

import dev.selvedge.server.http1.ConnectionLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * How one server is set up.
 *
 * @param addresses where to listen, at least one
 * @param backlog how many connections may wait to be accepted
 * @param maxUnsentBytes how much the system may hold of what is written to one connection;
 *     {@link Integer#MAX_VALUE} leaves it to the system
 * @param loops how many event loops
 * @param limits limits of each connection
 * @param maxConnections how many connections at once; further ones wait in the backlog
 * @param maxBlockingCalls how many blocking calls at once; further ones are answered 503
 * @param handlerNanos how long a blocking call may take until its answer; then the client is told 503; 0 for no limit
 * @param serverName the value of the Server field, or empty for no such field
 * @param slowCallThreshold a call that stays on an event loop longer than this is reported
 */
public record EngineSettings(List<InetSocketAddress> addresses, int backlog, int maxUnsentBytes, int loops,
        ConnectionLimits limits, int maxConnections, int maxBlockingCalls, long handlerNanos, String serverName,
        Duration slowCallThreshold) { }
