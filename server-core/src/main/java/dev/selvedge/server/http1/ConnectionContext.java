package dev.selvedge.server.http1;

/**
 * What the connections of one event loop have in common.
 *
 * @param limits what a client may do
 * @param standing the fields that every response has
 * @param parsers those that no connection needs at the moment; used by the loop's thread only
 */
public record ConnectionContext(ConnectionLimits limits, ServerFields.Source standing, ParserPool parsers) { }
