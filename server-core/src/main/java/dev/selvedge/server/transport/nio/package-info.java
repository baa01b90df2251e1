/**
 * The portable transport, over {@code java.nio.channels}: it works wherever Java does.
 *
 * <p>A {@link java.nio.channels.Selector} is level-triggered: it reports a socket for as long as it is ready.
 * {@link dev.selvedge.server.transport.nio.EdgeTrigger} makes edges of that. Closed sockets keep their descriptor until
 * their selector selects again, which a loop does before it waits.
 */
package dev.selvedge.server.transport.nio;
