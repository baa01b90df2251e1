/**
 * The byte-level door of the fake server: a transport over any other one that records what passes, and lets it go wrong
 * at exact octets.
 *
 * <p>It knows the transport's interfaces and itself, nothing above: its plans are in octets and nanoseconds.
 */
package dev.selvedge.server.fake.wire;
