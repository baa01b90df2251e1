package dev.selvedge.server;

/**
 * Figures of a server at one moment, for a status page or a metrics library. Taken without stopping anything, so they
 * may be apart by a request or two.
 *
 * @param loops how many event loops there are
 * @param openConnections connections that are open now
 * @param acceptedConnections connections since the start
 * @param requests requests since the start whose head was well-formed, whatever became of them
 * @param refusedRequests requests since the start that the server itself refused because they broke a rule or a limit,
 *     counted when their connection has ended; malformed heads are only here
 */
public record ServerStatistics(int loops, int openConnections, long acceptedConnections, long requests,
        long refusedRequests) { }
