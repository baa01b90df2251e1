package dev.selvedge.server.transport.memory;

/** What may happen in a system although nobody has done anything wrong. */
public enum Mishap {
    /** A read gives fewer octets than it could, and the rest comes later. */
    SHORT_READ,
    /** A write takes fewer octets than it could. */
    SHORT_WRITE,
    /** A read or a write answers EAGAIN although it could do something. */
    NOT_NOW,
    /** An edge that still holds is told once more. */
    EDGE_REPEATED,
    /** A poll tells only a part of what is ready, and the rest next time. */
    EDGES_LATE,
    /** A poll ends before its time, as if by a signal. */
    POLL_INTERRUPTED,
    /** A poller waits in whole milliseconds, and never too short. */
    POLL_ROUNDED_UP,
    /** A connection can't be accepted now, for want of something. */
    ACCEPT_REFUSED,
    /** A connection can't be watched, for want of something. */
    WATCH_REFUSED,
    /** A file can't be sent, only read. */
    FILE_NOT_SENDABLE,
    /** A reset overtakes what was sent before it. */
    RESET_EATS_INPUT,
    /** A thread that waits goes on for no reason. */
    PARK_INTERRUPTED,
    /** Others may go on instead of a thread that is not waiting. */
    TURN_LOST,
    /** A thread is not chosen for a while although it could go on. */
    HELD_UP
}
