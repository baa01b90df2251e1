package dev.selvedge.server.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import dev.selvedge.contract.HttpLog;
import dev.selvedge.server.http1.Answer;
import dev.selvedge.server.http1.ServerConnection;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** However a handler ends, exactly one owner goes on with the connection, and the place for its call is free again. */
class HandlerTurnTest {

    private final Shared shared = new EngineBench(10).shared;
    private final Connection connection = mock(Connection.class);
    private final ServerConnection http = mock(ServerConnection.class);
    private final Ownership ownership = new Ownership();
    private final HttpLog log = new HttpLog();

    @BeforeEach
    void handOver() {
        assertTrue(shared.beginBlockingCall());
        ownership.handOver();
    }

    @AfterEach
    void allPlacesAreFree() {
        EngineBench.allPlacesAreFree(shared);
        log.close();
        Thread.interrupted();
    }

    private HandlerTurn turn(Function<BodySource, Answer> handler) {
        return new HandlerTurn(connection, http, mock(Wire.class), ownership, shared, EngineBench.answering("fine"), 1000,
                handler);
    }

    private void run(Function<BodySource, Answer> handler) {
        turn(handler).run();
    }

    @Test
    void oneThatWasEndedDoesNotBegin() {
        HandlerTurn turn = turn(body -> {
            throw new AssertionError("it has begun");
        });

        turn.endUnstarted(new OutOfMemoryError("of a test"));
        turn.run();

        verify(http).abort();
        verify(connection, times(1)).giveBack();
        assertEquals(1, log.records().size());
    }

    @Test
    void oneThatHasBegunIsNotEnded() {
        HandlerTurn[] turn = new HandlerTurn[1];
        turn[0] = turn(body -> {
            turn[0].endUnstarted(new OutOfMemoryError("of a test"));
            verify(http, never()).abort();
            verify(connection, never()).giveBack();
            throw new OutOfMemoryError("of a test, too");
        });

        turn[0].run();

        verify(connection, times(1)).giveBack();
        assertEquals(1, log.records().size());
    }

    @Test
    void whatGetsOutOfTheHandlerEndsTheConnection() {
        run(body -> {
            throw new OutOfMemoryError("of a test");
        });

        verify(http).abort();
        verify(connection).giveBack();
        assertEquals(Ownership.NOT_MINE, ownership.takeAway(), "the loop keeps away from a thread that ends it");
        assertEquals(1, log.records().size());
    }

    @Test
    void whatGetsOutAfterTheConnectionWasTakenAwayDoesNotTouchIt() {
        run(body -> {
            assertEquals(0, ownership.takeAway());
            ownership.interruptFormerOwner();
            throw new OutOfMemoryError("of a test");
        });

        verify(http, never()).abort();
        verify(connection, never()).giveBack();
        assertTrue(Thread.interrupted());
    }

    @Test
    void oneThatWasKilledBeforeItBeganDoesNotBegin() {
        ownership.kill(shared.threads());

        run(body -> {
            throw new AssertionError("it has begun");
        });

        verify(connection).giveBack();
    }
}
