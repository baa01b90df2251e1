package dev.selvedge.server.transport.nio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.selvedge.server.transport.Errno;
import dev.selvedge.server.transport.Readiness;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How reports become edges, and what it costs: a change of interest is a system call. */
class EdgeTriggerTest {

    private static final int READ = SelectionKey.OP_READ;
    private static final int WRITE = SelectionKey.OP_WRITE;

    private NioPoller poller;
    private Selector selector;
    private SocketChannel socket;
    private EdgeTrigger edges;
    private int told;

    @BeforeEach
    void register() throws IOException {
        poller = new NioPoller();
        selector = Selector.open();
        socket = SocketChannel.open();
        socket.configureBlocking(false);
        edges = new EdgeTrigger(socket, READ);
        assertEquals(0, edges.register(poller, selector, readiness -> told = readiness));
    }

    @AfterEach
    void close() throws IOException {
        socket.close();
        selector.close();
        poller.close();
    }

    @Test
    void anOwnerWhoReadsToTheEndChangesNoInterest() {
        for (int request = 0; request < 3; request++) {
            assertEquals(READ, interest());
            assertEquals(Readiness.READABLE, edges.report(READ));
            assertEquals(READ, interest());
            edges.inputDrained();
        }
    }

    @Test
    void inputThatStaysUnreadIsNotReportedFurther() {
        assertEquals(Readiness.READABLE, edges.report(READ));
        assertEquals(0, edges.report(READ));
        assertEquals(0, interest());

        edges.inputDrained();

        assertEquals(READ, interest());
        assertEquals(Readiness.READABLE, edges.report(READ));
    }

    @Test
    void roomIsReportedOnceToWhoWaitsForIt() {
        edges.outputFull();
        assertEquals(READ | WRITE, interest());
        assertFalse(edges.outputOpen());

        assertEquals(Readiness.READABLE | Readiness.WRITABLE, edges.report(READ | WRITE));

        assertEquals(READ, interest());
        assertTrue(edges.outputOpen());
        assertEquals(0, edges.report(WRITE));
    }

    @Test
    void edgesAreGatheredAndToldTogether() {
        assertTrue(edges.keep(Readiness.WRITABLE));
        assertFalse(edges.keep(Readiness.READABLE));

        assertTrue(edges.tell());

        assertEquals(Readiness.READABLE | Readiness.WRITABLE, told);
        assertTrue(edges.keep(Readiness.READABLE));
    }

    @Test
    void nobodyIsToldAfterClosing() {
        edges.keep(Readiness.READABLE);

        edges.close();

        assertFalse(edges.tell());
        assertEquals(0, told);
    }

    @Test
    void reportsAndAnswersAboutAClosedSocketDoNoHarm() throws IOException {
        edges.report(READ);
        socket.close();

        edges.report(READ);
        edges.inputDrained();
        edges.outputFull();

        assertFalse(selector.selectNow() > 0);
    }

    @Test
    void aClosedSelectorTakesNoSocket() throws IOException {
        selector.close();
        EdgeTrigger late = new EdgeTrigger(socket, READ);
        assertEquals(-Errno.EBADF, late.register(poller, selector, readiness -> told = readiness));
    }

    private int interest() {
        return socket.keyFor(selector).interestOps();
    }
}
