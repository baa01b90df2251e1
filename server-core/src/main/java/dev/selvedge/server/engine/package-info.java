/**
 * The engine: one event loop, written once over the transport SPI, that drives the protocol values of
 * {@code http1} and hands requests to an {@link dev.selvedge.server.engine.Application}.
 */
package dev.selvedge.server.engine;
