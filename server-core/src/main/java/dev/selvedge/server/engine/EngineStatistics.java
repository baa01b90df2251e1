package dev.selvedge.server.engine;

/**
 * Figures of a running engine.
 *
 * @param loops how many event loops it has
 * @param openConnections connections that are open now
 * @param acceptedConnections connections since the start
 * @param requests requests since the start, the refused ones not counted
 * @param refusedRequests refused requests since the start
 */
public record EngineStatistics(int loops, int openConnections, long acceptedConnections, long requests,
        long refusedRequests) { }
