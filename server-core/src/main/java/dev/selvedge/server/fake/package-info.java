/**
 * A fake HTTP endpoint for tests: this library's own server, which answers what a test tells it to, records what it
 * receives, and goes wrong on demand.
 *
 * <p>What can go wrong is data: a {@link dev.selvedge.server.fake.Fault} of one exchange, a
 * {@link dev.selvedge.server.fake.ConnectionFault} of a whole connection, a
 * {@link dev.selvedge.server.fake.Malformed} response. All are values that can be combined, named and listed.
 */
package dev.selvedge.server.fake;
