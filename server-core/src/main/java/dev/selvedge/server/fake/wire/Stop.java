package dev.selvedge.server.fake.wire;

/**
 * An end at an exact octet.
 *
 * @param octets how many octets pass before it, at least 0
 * @param end how
 */
public record Stop(long octets, End end) { }
