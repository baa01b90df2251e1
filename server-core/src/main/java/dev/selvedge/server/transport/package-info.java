/**
 * The transport SPI: what an operating system gives a server, and nothing of HTTP.
 *
 * <p>A {@link dev.selvedge.server.transport.TransportProvider} is found by {@link java.util.ServiceLoader}; it opens a
 * {@link dev.selvedge.server.transport.Transport}, which makes {@link dev.selvedge.server.transport.Listener}s and one
 * {@link dev.selvedge.server.transport.Poller} for each event loop. Bytes move through a
 * {@link dev.selvedge.server.transport.Channel}. Readiness is edge-triggered: it is told once and holds until an
 * operation answers {@link dev.selvedge.server.transport.Errno#EAGAIN}. Results that a program must expect are numbers,
 * {@code n} or {@code -errno} in the manner of the kernel, not exceptions.
 */
package dev.selvedge.server.transport;
