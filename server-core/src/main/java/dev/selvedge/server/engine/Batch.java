package dev.selvedge.server.engine;

import dev.selvedge.server.http1.Input;
import dev.selvedge.server.http1.Output;

/**
 * The connections that are ready together: first all of them are read from, then all are answered, then all are written
 * to.
 *
 * <p>A system call leaves little of the program in the processor's caches, so one connection after the other, each with
 * read, answer and write, is a cold start for all three every time. In step, the kernel's reading, the program and the
 * kernel's writing are each done several times in a row ({@code jmh/NOTES.md}).
 *
 * <pre>
 *   ready: {@link #addRead}            {@link #run}
 *      read ──┐
 *      read ──┼──► answer ─┐
 *      read ──┘    answer ─┼─► write
 *                  answer ─┘   write     or whatever else a connection needs; one that needs nothing to be written,
 *                              write     or a thread of its own, is done when it is answered
 * </pre>
 *
 * <p>Octets that were read lie behind each other in one array, and those to be written in another. Both are free again
 * when the batch has run. A batch is small, so that nobody waits long for the answers to others.
 */
final class Batch {

    /** How many connections go in step: more of them gain nothing that could be measured. */
    static final int CONNECTIONS_MAX = 32;

    /** With so much in one of the arrays the batch goes on, so each connection finds as much room as alone. */
    private static final int FULL_BYTES = 64 * 1024;

    private final HandOvers handOvers;

    /** What was read ahead is less than full and one read more; behind that is room to read on while answering. */
    private final byte[] input = new byte[FULL_BYTES + 2 * Wire.READ_MAX_BYTES];
    private final byte[] output = new byte[2 * FULL_BYTES];
    private final Connection[] read = new Connection[CONNECTIONS_MAX];
    private final Connection[] answered = new Connection[CONNECTIONS_MAX];
    private int inputUsed;
    private int outputUsed;
    private int readCount;
    private int answeredCount;
    private boolean answering;

    Batch(HandOvers handOvers) {
        this.handOvers = handOvers;
    }

    /** Reads once, into what is free of the input array. It is lent until the input is settled. */
    Wire.Result read(Wire wire, long now) {
        return wire.fill(input, inputUsed, now);
    }

    /** Lends what is free of the output array, until the output is settled or sealed. */
    void lendTo(Output out) {
        out.lend(output, outputUsed);
    }

    /** Reads once likewise, although no edge has told of anything; true if something came. */
    boolean probe(Wire wire, long now) {
        return wire.probeInput(input, inputUsed, now);
    }

    /**
     * Returns whether a connection that has something to write is to be {@linkplain #addAnswered added}, and comes back
     * for it. One with input left is not: that would have to be copied.
     */
    boolean takesAnswered(Input in) {
        return answering && in.isEmpty();
    }

    /** Takes up a connection that was read from, or that is ready otherwise. */
    void addRead(Connection connection, Input in) {
        read[readCount++] = connection;
        inputUsed = in.seal(input, inputUsed);
        if (readCount == CONNECTIONS_MAX || inputUsed >= FULL_BYTES) {
            run();
        }
    }

    /** Takes up a connection that has something to write. */
    void addAnswered(Connection connection, Output out) {
        answered[answeredCount++] = connection;
        outputUsed = out.seal(output, outputUsed);
        if (outputUsed >= FULL_BYTES) {
            write();
        }
    }

    /** Answers and writes, until all connections have had their turn, and starts the threads that some of them need. */
    void run() {
        for (int i = 0; i < readCount; i++) {
            Connection connection = read[i];
            read[i] = null;
            answering = true; // also after the answers so far were too many, and have been written
            connection.takeTurn();
        }
        readCount = 0;
        inputUsed = 0;
        write();
        handOvers.start();
    }

    private void write() {
        answering = false;
        for (int i = 0; i < answeredCount; i++) {
            Connection connection = answered[i];
            answered[i] = null;
            connection.write();
        }
        answeredCount = 0;
        outputUsed = 0;
    }
}
