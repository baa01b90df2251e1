package dev.selvedge.server;

/**
 * Figures of a server at one moment, for a status page or a metrics library. Taken without stopping anything, so they
 * may be apart by a request or two.
 *
 * @param loops how many event loops there are
 * @param openConnections connections that are open now
 * @param acceptedConnections connections since the start
 * @param requests requests since the start, without the refused ones
 * @param refusedRequests requests since the start that were refused because they broke a rule or a limit
 */
public record ServerStatistics(int loops, int openConnections, long acceptedConnections, long requests,
        long refusedRequests) { }
