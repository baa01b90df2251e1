package dev.selvedge.server.http1;

/**
 * The limits of one connection, in the units of the protocol code.
 *
 * @param head limits of request heads and trailers
 * @param headNanos how long a head may take from its first octet
 * @param idleNanos how long a connection may wait without a request
 * @param paceBytes how many octets a client has to send or take ...
 * @param paceNanos ... within this much time of waiting for it
 * @param maxChunkExtensionBytes extensions of one chunk
 * @param maxDrainBytes how much of a body that nobody read is read away to keep the connection
 * @param maxLingerBytes how much is read away, at most, behind the last response
 * @param lingerNanos for how long a connection is kept open then, at most
 */
public record ConnectionLimits(HeadLimits head, long headNanos, long idleNanos, long paceBytes, long paceNanos,
        int maxChunkExtensionBytes, long maxDrainBytes, long maxLingerBytes, long lingerNanos) { }
